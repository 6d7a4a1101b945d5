"""The forms that SQLite alone writes this way: 64-bit integer arithmetic, moments as text, the zone as a list of offsets.

The one place where the dialect shows: on PostgreSQL these few become NUMERIC and timestamptz forms, the rest is shared."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, String, case, cast, func, literal, type_coerce

from engine.language.numbers import SCALE_OF_DIVISION
from engine.language.sqltypes import instant_text
from engine.language.times import offsets

SECOND = 1_000_000
_EARLIEST = -62_135_596_800 * SECOND  # 0001-01-01
_LATEST = 253_402_300_800 * SECOND - 1  # the last microsecond of 9999
_SECONDS_LENGTH = 19
_BINDS_LIKE_TIMES = 8
_HALF = 2**32

Column = ColumnElement[Any]


def fitting(expression: Column) -> Column:
    """Empty instead of a result that passed 64 bits: SQLite goes on in floating point then, and typeof() tells."""
    return type_coerce(case((func.typeof(expression) == literal("integer"), expression)), BigInteger())


def divide(left: Column, right: Column, left_scale: int, right_scale: int) -> Column:
    """left / right in millionths, half away from zero, NULL for / 0. Integer division truncates, so half of the divisor,
    with the dividend's direction, is added first: (2n ± d) / 2d."""
    shift = SCALE_OF_DIVISION + right_scale - left_scale
    above = left * power(shift) if shift > 0 else left
    below = right * power(-shift) if shift < 0 else right
    half = case(((above < 0) == (below < 0), below), else_=-below)
    two = literal(2, BigInteger())
    return quotient(two * above + half, two * below)


def quotient(left: Column, right: Column) -> Column:
    """Whole division, towards zero. It binds like `*`; SQLAlchemy cannot know that of an operator it does not render itself."""
    return left.op("/", precedence=_BINDS_LIKE_TIMES, return_type=BigInteger())(right)


def total(units: Column) -> Column:
    """The sum of values that may be large: sum() would fail past 64 bits, so halves are added apart; 0 of nothing."""
    half = literal(_HALF, BigInteger())
    high, low = (func.coalesce(func.sum(each), 0) for each in (quotient(units, half), units % half))
    return fitting(high * half + low)


def within(units: Column, most: int) -> Column:
    """Empty instead of what is further from zero than `most`."""
    return type_coerce(case((units.between(-most, most), units)), BigInteger())


def rounded(units: Column, places: int) -> Column:
    """Units of fewer places, half away from zero. The remainder decides; adding half a step first could pass 64 bits."""
    half = 10**places // 2
    rest = units % power(places)
    return quotient(units, power(places)) + case((rest >= half, 1), (rest <= -half, -1), else_=0)


def position(text: Column, part: Column) -> Column:
    """Where a part begins in a text, from 1; 0 if nowhere."""
    return func.instr(text, part)


def power(places: int) -> Column:
    """10^places."""
    return literal(10**places, BigInteger())


def microseconds(moment: Column) -> Column:
    """Microseconds since 1970 of a moment kept as text."""
    seconds = cast(func.strftime("%s", func.substr(moment, 1, _SECONDS_LENGTH)), BigInteger)
    return seconds * literal(SECOND, BigInteger()) + cast(func.substr(moment, 21), BigInteger)


def moment(micros: Column) -> Column:
    """The other way; empty outside the years 1–9999. The remainder is made non-negative, so that 1969 comes out right."""
    second = literal(SECOND, BigInteger())
    rest = (micros % second + second) % second
    seconds = quotient(micros - rest, second)
    text = func.strftime("%Y-%m-%d %H:%M:%S", seconds, literal("unixepoch")).concat(func.printf(".%06d", rest))
    return case((micros.between(_EARLIEST, _LATEST), text))


def local(moment_text: Column, zone: tzinfo, form: str) -> Column:
    """Parts of a moment in the organisation's zone, by a strftime format."""
    spans = offsets(zone)
    last: Column = literal(f"{spans[-1][1]:+d} seconds")
    if len(spans) > 1:
        listed = [
            (moment_text < literal(instant_text(until)), literal(f"{seconds:+d} seconds")) for until, seconds in spans[:-1]
        ]
        last = case(*listed, else_=last)
    return func.strftime(form, func.substr(moment_text, 1, _SECONDS_LENGTH), last)


def clock(moment_text: Column, zone: tzinfo) -> Column:
    """The time of day in the zone, with its microseconds (offsets are whole seconds)."""
    return local(moment_text, zone, "%H:%M:%S").concat(func.substr(moment_text, 20))


def weekday(day: Column, zone: tzinfo | None) -> Column:
    """1 for Monday; `zone` for a moment, None for a date."""
    number = local(day, zone, "%w") if zone else func.strftime("%w", day)
    return (cast(number, Integer) + 6) % literal(7) + 1


def add_days(day: Column, count: Column) -> Column:
    """A date moved by whole days; empty outside the years 1–9999."""
    moved = func.date(day, cast(count, String()).concat(literal(" days")))
    return case((moved >= literal("0001-01-01"), moved))


def days_between(first: Column, second: Column) -> Column:
    """Whole days from one date to the other."""
    days = [func.julianday(each) for each in (second, first)]
    return cast(days[0] - days[1], BigInteger())


def epoch_microseconds(value: datetime) -> int:
    """A Python moment as microseconds since 1970, exactly."""
    passed = value.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (passed.days * 86_400 + passed.seconds) * SECOND + passed.microseconds
