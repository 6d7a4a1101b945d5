"""The forms as PostgreSQL writes them: NUMERIC for numbers (as people write them, so that an index on the column serves),
BIGINT microseconds for durations, timestamptz, date and time.

Nothing here depends on the session's time zone, on the database's locale or on its collation. It must not write a column more
often than needed: forms are nested. See forms.py for what each one means."""

from __future__ import annotations

from datetime import tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Numeric,
    String,
    Time,
    and_,
    case,
    cast,
    collate,
    extract,
    func,
    literal,
    literal_column,
    null,
    or_,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from engine.language.letters import CAPITAL_SIGMA, ICU_ROOT, SMALL_SIGMA
from engine.language.numbers import SCALE_OF_DIVISION
from engine.language.sql_words import bounded
from engine.language.sqltypes import EARLIEST, LATEST, MAX_UNITS
from engine.language.times import offsets
from engine.language.workhours import workhours_sql
from engine.model.calendar import Calendar

_BINDS_LIKE_TIMES = 8
_HOUR = 3_600_000_000
# Two fractions of 64-bit numbers that differ, differ before the thirtieth place, so rounding twice does no harm.
_EXACT_PLACES = 30
_LAST_DAY = 3_652_058  # days from 0001-01-01 to 9999-12-31

Column = ColumnElement[Any]


def scaled(number: Column, places: int) -> Column:
    """NUMERIC knows its places."""
    return number


def numeric(whole: Column) -> Column:
    """INTEGER and BIGINT would fail where they overflow."""
    return cast(whole, Numeric())


def arithmetic(left: Column, right: Column, sign: str, scale: int, lifts: tuple[int, int], checked: bool) -> Column:
    """NUMERIC never overflows, so each step that could pass 64 bits elsewhere is looked at."""
    if sign == "*":
        return fitting(_plain(left * right), scale) if checked else left * right
    one, two = (fitting(each, scale) if lift and checked else each for each, lift in zip((left, right), lifts, strict=True))
    found = one + two if sign == "+" else one - two
    return fitting(_plain(found), scale) if checked else found


def divide(left: Column, right: Column, left_scale: int, right_scale: int, checked: bool) -> Column:
    """round() goes half away from zero; the quotient has enough places before. `checked`: empty where the steps of a 64-bit
    division (twice the dividend and the divisor, in common units) would not fit."""
    quotient = func.round(func.round(left, _EXACT_PLACES) / func.nullif(right, 0), SCALE_OF_DIVISION)
    if not checked:
        return quotient
    shift = SCALE_OF_DIVISION + right_scale - left_scale
    above = func.abs(left) * _tens(left_scale + max(shift, 0))
    below = func.abs(right) * _tens(right_scale + max(-shift, 0))
    most = literal(Decimal(MAX_UNITS), Numeric())
    return case((and_(2 * above + below <= most, 2 * below <= most), quotient))


def fitting(number: Column, scale: int) -> Column:
    """Units past 64 bits are empty."""
    end = f"{Decimal(MAX_UNITS + 1).scaleb(-scale):f}"
    return bounded(number, f"-{end}", end)


def rounded(number: Column, scale: int, dropped: int) -> Column:
    """round() of a NUMERIC goes half away from zero."""
    return func.round(number, scale - dropped)


def total(number: Column, scale: int) -> Column:
    """The sum itself is exact."""
    return fitting(func.coalesce(func.sum(number), 0), scale)


def within(micros: Column, most: int) -> Column:
    """Durations stay BIGINT."""
    return cast(bounded(micros, f"-{most + 1}", f"{most + 1}"), BigInteger())


def span(number: Column, scale: int, unit: int, most: int) -> Column:
    """The number is as people write it, so its scale does not matter."""
    return within(_plain(number * literal(unit, BigInteger())), most)


def nothing(type: TypeEngine[Any]) -> Column:
    """A bare NULL would be taken for a text."""
    return cast(null(), type)


def same(left: Column, right: Column) -> Column:
    """IS NOT DISTINCT FROM is never served by an index; both halves of this are."""
    return or_(left == right, and_(left.is_(None), right.is_(None)))


def ordered(text: Column) -> Column:
    """By code point, whatever the database's collation."""
    return collate(text, "C")


def lower(text: Column) -> Column:
    """ICU's full mapping, Σ apart; afterwards the order is by code point again."""
    plain = func.replace(text, CAPITAL_SIGMA, SMALL_SIGMA)
    return collate(func.lower(collate(plain, ICU_ROOT)), "C")


def position(text: Column, part: Column) -> Column:
    """Counted in characters."""
    return func.strpos(text, part)


def members(words: Column) -> Column:
    """A list is kept as JSON, in a column of text."""
    return func.json_array_length(cast(type_coerce(words, String()), JSON()))


def suffix(text: Column, length: Column) -> Column:
    """All of a text that is shorter."""
    return func.right(text, length)


def microseconds(moment: Column) -> Column:
    """EXTRACT gives an exact NUMERIC."""
    return cast(extract("epoch", moment) * literal(1_000_000, Integer()), BigInteger())


def moment(micros: Column) -> Column:
    """In hours and a rest, since an interval times a number is computed in floating point: exact only for small numbers."""
    hours = func.make_interval(
        0, 0, 0, 0, cast(micros.op("/", precedence=_BINDS_LIKE_TIMES, return_type=BigInteger())(literal(_HOUR)), Integer())
    )
    rest = (micros % literal(_HOUR)) * literal_column("INTERVAL '1 microsecond'")
    found = literal_column("TIMESTAMPTZ '1970-01-01 00:00:00+00'").op("+")(hours).op("+")(rest)
    return case((micros.between(EARLIEST, LATEST), found))


def date_of(moment: Column, zone: tzinfo) -> Column:
    """The date there."""
    return cast(_local(moment, zone), Date())


def clock(moment: Column, zone: tzinfo) -> Column:
    """The time of day there."""
    return cast(_local(moment, zone), Time())


def _local(moment: Column, zone: tzinfo) -> Column:
    """Wall-clock time in a zone that is carried along as a list of offsets: the server's own list may be of another year."""
    spans = offsets(zone)
    seconds: Column = literal_column(str(spans[0][1]), Integer())
    if len(spans) > 1:
        ends = ",".join(f'"{until:%Y-%m-%d %H:%M:%S}+00"' for until, _ in spans[:-1])
        listed = ",".join(str(east) for _, east in spans)
        at = func.width_bucket(moment, literal_column(f"'{{{ends}}}'::timestamptz[]"), type_=Integer())
        seconds = literal_column(f"('{{{listed}}}'::integer[])", ARRAY(Integer()))[at + literal_column("1")]
    shifted = seconds.op("*", precedence=_BINDS_LIKE_TIMES)(literal_column("INTERVAL '1 second'"))
    there = func.timezone(literal_column("'UTC'"), moment).op("+")(shifted)
    return bounded(there, "TIMESTAMP '0001-12-31 23:59:59.999999 BC'", "TIMESTAMP '10000-01-01'")


def weekday(day: Column) -> Column:
    """ISO: Monday is 1."""
    return extract("isodow", day)


def add_days(day: Column, count: Column) -> Column:
    """Counted from the first day there is, so that nothing leaves the range of dates on the way."""
    first: Column = literal_column("DATE '0001-01-01'")
    after = day.op("-", return_type=Integer())(first) + count
    return case((after.between(0, _LAST_DAY), first.op("+")(cast(after, Integer()))))


def days_between(first: Column, second: Column) -> Column:
    """A difference of dates is an INTEGER."""
    return numeric(second.op("-", return_type=Integer())(first))


def workhours(first: Column, second: Column, zone: tzinfo, calendar: Calendar) -> Column:
    """The working hours from one moment to the other."""
    one, two = (_local(each, zone).op("-")(literal_column("TIMESTAMP '0001-01-01'")) for each in (first, second))
    micros = (microseconds(one), microseconds(two))
    return workhours_sql(micros, calendar, greatest="GREATEST", least="LEAST", result="DIV({0}, {1}) * 0.000001")


def _tens(places: int) -> Column:
    return literal(Decimal(10**places), Numeric())


def _plain(column: Column) -> Column:
    return type_coerce(column, BigInteger())
