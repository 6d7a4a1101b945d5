"""Durations, moments and the organisation's zone, the same on every back end.

Between 1992 and 2060 the zone's own rules hold; before and after, the offset in force at that end, so that SQL can carry the
whole zone as a short list. What leaves the years 1–9999, or a duration past a hundred thousand years, is empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from engine.language.sqltypes import MICROSECOND

MOST_DURATION = timedelta(days=36_500_000)
FIRST = datetime(1992, 1, 1, tzinfo=UTC)
LAST = datetime(2060, 1, 1, tzinfo=UTC)
_PROBE = timedelta(days=7)


def offset(moment: datetime, zone: tzinfo) -> timedelta:
    """What is added to UTC in that zone at that moment."""
    held = min(max(moment, FIRST), LAST)
    return held.astimezone(zone).utcoffset() or timedelta()


def local(moment: datetime | None, zone: tzinfo | None) -> datetime | None:
    """Wall-clock time of a moment, without a zone."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    try:
        return utc.replace(tzinfo=None) + offset(utc, zone or UTC)
    except OverflowError:
        return None


@lru_cache(maxsize=64)
def offsets(zone: tzinfo) -> tuple[tuple[datetime, int], ...]:
    """The zone as (moment until which it holds, seconds east of UTC), in order; the last holds for ever."""
    spans: list[tuple[datetime, int]] = []
    at, current = FIRST, offset(FIRST, zone)
    while at < LAST:
        following = min(at + _PROBE, LAST)
        if offset(following, zone) != current:
            low, high = at, following
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                low, high = (middle, high) if offset(middle, zone) == current else (low, middle)
            spans.append((high, int(current.total_seconds())))
            current = offset(high, zone)
        at = following
    return (*spans, (datetime.max.replace(tzinfo=UTC), int(current.total_seconds())))


def span(amount: int | Decimal | None, unit: timedelta) -> timedelta | None:
    """`amount` units as a duration."""
    most = int(MOST_DURATION / unit)
    if amount is None or amount > most or amount < -most:
        return None
    return timedelta(microseconds=int(amount * (unit // MICROSECOND)))


def add_span(left: timedelta | None, right: timedelta | None, sign: int = 1) -> timedelta | None:
    """left ± right."""
    if left is None or right is None:
        return None
    total = left + sign * right
    return total if -MOST_DURATION <= total <= MOST_DURATION else None


def shift(moment: datetime | None, by: timedelta | None, sign: int = 1) -> datetime | None:
    """A moment moved by a duration, in UTC."""
    if moment is None or by is None:
        return None
    try:
        utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
        return utc + by if sign > 0 else utc - by
    except OverflowError:
        return None


def between(later: datetime | None, earlier: datetime | None) -> timedelta | None:
    """later - earlier, as time that passed."""
    return None if later is None or earlier is None else later.astimezone(UTC) - earlier.astimezone(UTC)


def add_days(day: date | None, count: int | None) -> date | None:
    """A date moved by whole days."""
    if day is None or count is None or abs(count) > MOST_DURATION.days:
        return None
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return None


def total(values: Iterable[timedelta | None]) -> timedelta | None:
    """The sum of the durations that are there."""
    micros = sum(value // MICROSECOND for value in values if value is not None)
    return timedelta(microseconds=micros) if abs(micros) <= MOST_DURATION // MICROSECOND else None


def epoch_microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND
