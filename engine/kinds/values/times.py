"""Dates and times as people and programs write them. Day before month or month before day is never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from engine.kinds.values.text import problem, shown, typed, wrong_type
from engine.model.text import Text

FIRST_YEAR, LAST_YEAR = 1900, 2999
_DIGITS = "[0-9]{1,2}"
# The ways to write a day; what parts it (- / . 年月, or nothing) must be the same throughout.
_WAYS = ("-{}-{}", "/{}/{}", r"\.{}\.{}", "年{}月{}日?")
_PARTS = [way.format(f"(?P<m{n}>{_DIGITS})", f"(?P<d{n}>{_DIGITS})") for n, way in enumerate(_WAYS, 1)]
_DAY = f"(?P<y>[0-9]{{4}})(?:{'|'.join(_PARTS)}|(?P<m5>[0-9]{{2}})(?P<d5>[0-9]{{2}}))"
_CLOCK = r"(?P<h>[0-9]{1,2}):(?P<min>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.(?P<f>[0-9]{1,6}))?)?"
_OFFSET = r"(?P<o>Z|z|[+-][0-9]{2}:?[0-9]{2})?"
_DATE_PATTERN = re.compile(_DAY)
_MOMENT_PATTERN = re.compile(_DAY + r"(?:(?:[Tt]|\s+|(?<=日))" + _CLOCK + r"\s*" + _OFFSET + r")?")


def read_date(raw: Any, zone: tzinfo) -> date | None:
    """`2026-01-02`, `2026/1/2`, `2026.1.2`, `2026年1月2日`, `20260102`; a moment gives its day in `zone`; None for empty."""
    if isinstance(raw, datetime):
        return (raw.astimezone(zone) if raw.tzinfo else raw).date()
    if isinstance(raw, date):
        return _in_years(raw)
    text = _text(raw, Text("日期", "a date"))
    if text is None:
        return None
    match = _DATE_PATTERN.fullmatch(text)
    if match is None:
        raise problem(
            "not-a-date",
            "「{given}」不是日期；请写成 2026-01-02",
            "“{given}” is not a date; write 2026-01-02",
            given=shown(text),
        )
    return _day(match)


def read_moment(raw: Any, zone: tzinfo) -> datetime | None:
    """A date as above, perhaps with a clock (`14:05`, `14:05:09`) and an offset; without one it is meant in `zone`. Result
    in UTC; None for empty."""
    if isinstance(raw, datetime):
        return _utc(raw if raw.tzinfo else raw.replace(tzinfo=zone))
    if isinstance(raw, date):
        return _utc(datetime(raw.year, raw.month, raw.day, tzinfo=zone))
    text = _text(raw, Text("日期和时间", "a date and time"))
    if text is None:
        return None
    match = _MOMENT_PATTERN.fullmatch(text)
    if match is None:
        raise problem(
            "not-a-time",
            "「{given}」不是日期和时间；请写成 2026-01-02 14:05",
            "“{given}” is not a date and time; write 2026-01-02 14:05",
            given=shown(text),
        )
    day = _day(match)
    return _utc(datetime.combine(day, _clock(match), tzinfo=_zone(match.group("o"), zone)))


def written(moment: datetime) -> str:
    """RFC 3339 in UTC, microseconds only where there are some."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _text(raw: Any, wanted: Text) -> str | None:
    if raw is not None and not isinstance(raw, str):
        raise wrong_type(raw, wanted)
    return typed(raw)


def _day(match: re.Match[str]) -> date:
    month = next(match[f"m{n}"] for n in range(1, 6) if match[f"m{n}"])
    day = next(match[f"d{n}"] for n in range(1, 6) if match[f"d{n}"])
    try:
        return _in_years(date(int(match["y"]), int(month), int(day)))
    except ValueError:
        raise problem("no-such-day", "没有 {given} 这一天", "There is no such day as {given}", given=match[0]) from None


def _in_years(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise problem(
            "year-out-of-range", "年份要在 {a} 到 {b} 之间", "The year must be between {a} and {b}", a=FIRST_YEAR, b=LAST_YEAR
        )
    return day


def _clock(match: re.Match[str]) -> time:
    if match["h"] is None:
        return time()
    try:
        return time(int(match["h"]), int(match["min"]), int(match["s"] or 0), int((match["f"] or "0").ljust(6, "0")))
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
