"""The organisation's working hours from a YAML file (DAJIAN_CALENDAR). Every mistake is told with its place and what to write.

week:
  monday: 09:00-12:00, 13:00-18:00
  tuesday: 09:00-18:00        # days left out are free
holidays: [2026-10-01..2026-10-07, 2027-01-01]
workdays: {2026-10-10: 09:00-18:00}        # a weekend worked to make up for a holiday
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from engine.definition.nodes import ListNode, MapNode, Node, Scalar
from engine.definition.read import read_text
from engine.model.calendar import DAY, SECOND, STANDARD, Calendar, Stretch
from engine.model.diagnostic import DefinitionError, Span
from engine.model.text import Text

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_DAYS = 2_000
MOST_STRETCHES = 24  # of one day: each of them is a row of the SQL that counts
_KEYS = ("week", "holidays", "workdays")
_HOURS = re.compile(r"\s*(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\s*")


class CalendarError(Exception):
    """A file that is no calendar; `text` says where and why."""

    def __init__(self, span: Span, zh: str, en: str) -> None:
        place = f"{span.file}:{span.line}:{span.column}"
        self.text = Text(f"{place} {zh}", f"{place} {en}")
        super().__init__(self.text.en)


def load_calendar(path: Path | None) -> Calendar:
    """The calendar of a file; Monday to Friday, 09:00 to 18:00, without one. Raises CalendarError."""
    if path is None:
        return STANDARD
    try:
        tree = read_text(path.name, path.read_bytes())
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CalendarError(Span(path.name), f"读不了这个文件：{why}", f"cannot be read: {why}") from error
    except DefinitionError as error:
        found = error.diagnostics[0]
        raise CalendarError(found.span, found.message.zh, found.message.en) from error
    return _calendar(tree)


def _calendar(tree: MapNode) -> Calendar:
    for key in tree.items:
        if key not in _KEYS:
            raise CalendarError(tree.keys[key], f"没有 {key}；有 {', '.join(_KEYS)}", f"no {key} here, only {', '.join(_KEYS)}")
    if "week" not in tree.items:
        raise CalendarError(tree.span, "缺 week", "week is missing")
    week = _map(tree.items["week"], "week")
    for key in week.items:
        if key not in WEEK:
            raise CalendarError(week.keys[key], f"没有 {key}；有 {', '.join(WEEK)}", f"no {key} here, only {', '.join(WEEK)}")
    days: dict[date, list[Stretch]] = {}
    if "holidays" in tree.items:
        _holidays(tree.items["holidays"], days)
    if "workdays" in tree.items:
        _workdays(_map(tree.items["workdays"], "workdays"), days)
    return Calendar.of([_stretches(week.items[name]) if name in week.items else [] for name in WEEK], days)


def _map(node: Node, name: str) -> MapNode:
    if not isinstance(node, MapNode):
        raise CalendarError(node.span, f"{name} 要写成 名字: 时间", f"{name} must be written as name: hours")
    return node


def _holidays(node: Node, days: dict[date, list[Stretch]]) -> None:
    if not isinstance(node, ListNode):
        raise CalendarError(node.span, "holidays 要写成列表", "holidays must be a list")
    for item in node.items:
        if not isinstance(item, Scalar):
            raise CalendarError(item.span, "这里要写日期", "a date is needed here")
        first, _, last = item.text.partition("..")
        begin, end = _date(first, item.span), _date(last or first, item.span)
        if not 0 <= (end - begin).days < MOST_DAYS:
            raise CalendarError(item.span, "日期要从早到晚", "the dates must go from the earlier to the later")
        for number in range((end - begin).days + 1):
            _take(days, begin + timedelta(days=number), [], item.span)


def _workdays(node: MapNode, days: dict[date, list[Stretch]]) -> None:
    for key, value in node.items.items():
        _take(days, _date(key, node.keys[key]), _stretches(value), node.keys[key])


def _take(days: dict[date, list[Stretch]], day: date, stretches: list[Stretch], span: Span) -> None:
    if day in days:
        raise CalendarError(span, f"{day} 写了两次", f"{day} stands there twice")
    if len(days) == MOST_DAYS:
        raise CalendarError(span, f"最多 {MOST_DAYS} 天", f"at most {MOST_DAYS} days")
    days[day] = stretches


def _date(written: str, span: Span) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise CalendarError(
            span, f"{written} 不是日期，写成 2026-10-01", f"{written} is no date; write it like 2026-10-01"
        ) from None


def _stretches(node: Node) -> list[Stretch]:
    written = node.text if isinstance(node, Scalar) else ""
    if written.count(",") >= MOST_STRETCHES:
        raise CalendarError(node.span, f"一天最多 {MOST_STRETCHES} 段", f"at most {MOST_STRETCHES} stretches in a day")
    found = [_stretch(part, node.span) for part in written.split(",")]
    found.sort()
    if any(one[1] > two[0] for one, two in pairwise(found)):
        raise CalendarError(node.span, "时间段重叠了", "the hours overlap")
    return found


def _stretch(written: str, span: Span) -> Stretch:
    match = _HOURS.fullmatch(written)
    hours = [int(part) for part in match.groups()] if match else [0, 60, 0, 60]
    begin, until = (hours[0] * 60 + hours[1]) * 60 * SECOND, (hours[2] * 60 + hours[3]) * 60 * SECOND
    if not match or max(hours[1], hours[3]) > 59 or not begin < until <= DAY:
        shown = written.strip()
        raise CalendarError(
            span, f"读不懂时间 {shown}，写成 09:00-18:00", f"cannot read the hours {shown}; write them like 09:00-18:00"
        )
    return begin, until
