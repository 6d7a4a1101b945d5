"""Dates and times as people and programs write them. Day before month or month before day is never guessed: where the year
comes last, the field's `habit` says it, and without one even `25/12/2017` is refused, since the next line may be `1/2/2017`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from engine.kinds.values.text import problem, shown, typed
from engine.model.text import Text

FIRST_YEAR, LAST_YEAR = 1900, 2999
HOME = ZoneInfo("Asia/Shanghai")
DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
# The option of a kind that reads days.
HABIT: Mapping[str, Any] = {"habit": {"enum": [DAY_FIRST, MONTH_FIRST]}}
LONGEST = 80  # of what can be a day and a clock, blanks included: no pattern is tried on more
_DIGITS = "[0-9]{1,2}"
# The ways to write a day; what parts it (- / . 年月, or nothing) must be the same throughout.
_WAYS = ("-{}-{}", "/{}/{}", r"\.{}\.{}", r"\s*年\s*{}\s*月\s*{}\s*日?")
_PARTS = [way.format(f"(?P<m{n}>{_DIGITS})", f"(?P<d{n}>{_DIGITS})") for n, way in enumerate(_WAYS, 1)]
_DAY = f"(?P<y>[0-9]{{4}})(?:{'|'.join(_PARTS)}|(?P<m5>[0-9]{{2}})(?P<d5>[0-9]{{2}}))"
_LATE = f"(?P<b>{_DIGITS})(?P<part>[-/.])(?P<c>{_DIGITS})(?P=part)(?P<last>[0-9]{{4}})"
_EITHER = f"(?:{_DAY}|{_LATE})"
_HOUR = r"(?P<h>[0-9]{1,2})[:时点](?P<min>[0-9]{2})(?:[:分](?P<s>[0-9]{2})?(?:\.(?P<f>[0-9]{1,6}))?秒?)?"
_CLOCK = rf"(?:(?P<zh>上午|下午)\s*)?{_HOUR}(?:\s*(?P<en>[AaPp][Mm]))?"
_OFFSET = r"(?P<o>Z|z|[+-][0-9]{2}:?[0-9]{2})?"
# A spreadsheet writes a day with midnight behind it.
_DATE_PATTERN = re.compile(_EITHER + r"(?:[T\s]\s*0{1,2}:00(?::00(?:\.0{1,6})?)?)?")
_MOMENT_PATTERN = re.compile(_EITHER + r"(?:(?:[Tt]|\s+|(?<=日))" + _CLOCK + r"\s*" + _OFFSET + r")?")


class ClockKept:
    """What kinds have in common that read days and clocks. `zone`: where a day and a clock without an offset stand."""

    schema: Mapping[str, Any] = HABIT

    def __init__(self, zone: tzinfo = HOME) -> None:
        self.zone = zone

    def in_zone(self, zone: tzinfo) -> Any:
        """The same kind for an organisation in another zone."""
        return type(self)(zone)


def read_date(raw: Any, zone: tzinfo, habit: str | None = None) -> date | None:
    """`2026-01-02`, `2026/1/2`, `2026.1.2`, `2026年1月2日`, `20260102`, with a habit `2/1/2026`; a spreadsheet's midnight
    behind it is dropped; a moment gives its day in `zone`; None for empty."""
    if isinstance(raw, datetime):
        return (raw.astimezone(zone) if raw.tzinfo else raw).date()
    if isinstance(raw, date):
        return _in_years(raw)
    text = typed(raw, Text("日期", "a date"))
    if text is None:
        return None
    match = _DATE_PATTERN.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        raise problem(
            "not-a-date",
            "「{given}」不是日期；请写成 2026-01-02",
            "“{given}” is not a date; write 2026-01-02",
            given=shown(text),
        )
    return _day(match, habit)


def read_moment(raw: Any, zone: tzinfo, habit: str | None = None) -> datetime | None:
    """A date as above, perhaps with a clock (`14:05`, `14:05:09`, `2:05 PM`, `下午2:05`, `14时05分`) and an offset; without one
    it is meant in `zone`. Result in UTC; None for empty."""
    if isinstance(raw, datetime):
        return _utc(raw if raw.tzinfo else raw.replace(tzinfo=zone))
    if isinstance(raw, date):
        return _utc(datetime(raw.year, raw.month, raw.day, tzinfo=zone))
    text = typed(raw, Text("日期和时间", "a date and time"))
    if text is None:
        return None
    match = _MOMENT_PATTERN.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        raise problem(
            "not-a-time",
            "「{given}」不是日期和时间；请写成 2026-01-02 14:05",
            "“{given}” is not a date and time; write 2026-01-02 14:05",
            given=shown(text),
        )
    day = _day(match, habit)
    return _utc(datetime.combine(day, _clock(match), tzinfo=_zone(match.group("o"), zone)))


def written(moment: datetime) -> str:
    """RFC 3339 in UTC, microseconds only where there are some."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _day(match: re.Match[str], habit: str | None) -> date:
    if match["last"]:
        year, month, day = _by_habit(match, habit)
    else:
        year = match["y"]
        month = next(match[f"m{n}"] for n in range(1, 6) if match[f"m{n}"])
        day = next(match[f"d{n}"] for n in range(1, 6) if match[f"d{n}"])
    try:
        return _in_years(date(int(year), int(month), int(day)))
    except ValueError:
        raise problem("no-such-day", "没有 {given} 这一天", "There is no such day as {given}", given=match[0]) from None


def _by_habit(match: re.Match[str], habit: str | None) -> tuple[str, str, str]:
    """Year, month, day of a day whose year comes last."""
    first, second, year = match["b"], match["c"], match["last"]
    if habit is None:
        raise problem(
            "needs-habit",
            "「{given}」分不清日和月；请写成 2026-01-02，或者给字段写上 habit: day_first（日在前）或 month_first（月在前）",
            "“{given}” does not say which is the day; write 2026-01-02, or give the field `habit: day_first` or "
            "`habit: month_first`",
            given=shown(match[0]),
        )
    day, month = (first, second) if habit == DAY_FIRST else (second, first)
    if int(month) > 12:
        order = Text("日/月/年", "day/month/year") if habit == DAY_FIRST else Text("月/日/年", "month/day/year")
        raise problem(
            "no-such-day",
            "没有 {given} 这一天：这里按{order}来读",
            "There is no such day as {given}: this is read as {order}",
            given=match[0],
            order=order,
        )
    return year, month, day


def _in_years(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise problem(
            "year-out-of-range", "年份要在 {a} 到 {b} 之间", "The year must be between {a} and {b}", a=FIRST_YEAR, b=LAST_YEAR
        )
    return day


def _clock(match: re.Match[str]) -> time:
    if match["h"] is None:
        return time()
    hour = int(match["h"])
    half = {"上午": "AM", "下午": "PM", None: None}[match["zh"]] or (match["en"] or "").upper()
    try:
        if half:
            if not 1 <= hour <= 12 or (match["zh"] and match["en"]):
                raise ValueError
            hour = hour % 12 + (12 if half == "PM" else 0)
        return time(hour, int(match["min"]), int(match["s"] or 0), int((match["f"] or "0").ljust(6, "0")))
    except ValueError:
        raise problem("no-such-time", "没有 {given} 这个时间", "There is no such time as {given}", given=match[0]) from None


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    if offset is None:
        return zone
    if offset in {"Z", "z"}:
        return UTC
    try:
        parsed = datetime.strptime(offset.replace(":", ""), "%z").tzinfo
    except ValueError:
        parsed = None
    if parsed is None:
        raise problem("no-such-time", "没有 {given} 这个时区", "There is no such time zone as {given}", given=offset)
    return parsed


def _utc(moment: datetime) -> datetime:
    _in_years(moment.date())
    return moment.astimezone(UTC)
