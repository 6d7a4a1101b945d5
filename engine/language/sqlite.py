"""The forms as SQLite writes them: 64-bit integers for numbers (units of their scale) and durations, moments as text, the zone
as a list of offsets. See forms.py for what each one means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, String, and_, case, cast, func, literal, null, type_coerce
from sqlalchemy.types import TypeEngine

from engine.language.numbers import SCALE_OF_DIVISION
from engine.language.sqltypes import EARLIEST, LATEST, instant_text
from engine.language.times import MOST_DURATION, offsets
from engine.language.workhours import workhours_sql
from engine.model.calendar import Calendar

SECOND = 1_000_000
_SECONDS_LENGTH = 19
_BINDS_LIKE_TIMES = 8
_HALF = 2**32

Column = ColumnElement[Any]


def scaled(number: Column, places: int) -> Column:
    """Units of more places."""
    return number * power(places)


def numeric(whole: Column) -> Column:
    """Whole numbers are what they are."""
    return whole


def arithmetic(left: Column, right: Column, sign: str, scale: int, lifts: tuple[int, int], checked: bool) -> Column:
    """Past 64 bits SQLite goes on in floating point, and stays there: it is enough to look at the outermost result."""
    if sign == "*":
        return left * right
    one, two = (each * power(lift) if lift else each for each, lift in zip((left, right), lifts, strict=True))
    return one + two if sign == "+" else one - two


def fitting(number: Column, scale: int) -> Column:
    """typeof() tells what passed 64 bits."""
    return type_coerce(case((func.typeof(number) == literal("integer"), number)), BigInteger())


def divide(left: Column, right: Column, left_scale: int, right_scale: int, checked: bool) -> Column:
    """In millionths. Integer division truncates, so half of the divisor, with the dividend's direction, is added first:
    (2n ± d) / 2d."""
    shift = SCALE_OF_DIVISION + right_scale - left_scale
    above = left * power(shift) if shift > 0 else left
    below = right * power(-shift) if shift < 0 else right
    half = case(((above < 0) == (below < 0), below), else_=-below)
    two = literal(2, BigInteger())
    return quotient(two * above + half, two * below)


def quotient(left: Column, right: Column) -> Column:
    """Whole division, towards zero. It binds like `*`; SQLAlchemy cannot know that of an operator it does not render itself."""
    return left.op("/", precedence=_BINDS_LIKE_TIMES, return_type=BigInteger())(right)


def rounded(number: Column, scale: int, dropped: int) -> Column:
    """The remainder decides; adding half a step first could pass 64 bits."""
    half = 10**dropped // 2
    rest = number % power(dropped)
    return quotient(number, power(dropped)) + case((rest >= half, 1), (rest <= -half, -1), else_=0)


def total(number: Column, scale: int) -> Column:
    """sum() would fail past 64 bits, so halves are added apart."""
    half = literal(_HALF, BigInteger())
    high, low = (func.coalesce(func.sum(each), 0) for each in (quotient(number, half), number % half))
    return fitting(high * half + low, scale)


def within(micros: Column, most: int) -> Column:
    """Microseconds from -most to most."""
    return type_coerce(case((micros.between(-most, most), micros)), BigInteger())


def span(number: Column, scale: int, unit: int, most: int) -> Column:
    """`unit` is a whole number of the smallest steps of a number."""
    end = most // unit * 10**scale
    return case((number.between(-end, end), number * literal(unit // 10**scale)))


def nothing(type: TypeEngine[Any]) -> Column:
    """NULL has no type here."""
    return null()


def same(left: Column, right: Column) -> Column:
    """IS, which an index serves."""
    return left.is_not_distinct_from(right)


def ordered(text: Column) -> Column:
    """The bytes of UTF-8 stand in the order of the code points."""
    return text


def lower(text: Column) -> Column:
    """SQLite's own knows ASCII only; the connection overrides it."""
    return func.lower(text)


def position(text: Column, part: Column) -> Column:
    """Counted in characters."""
    return func.instr(text, part)


def members(words: Column) -> Column:
    """A list is kept as JSON."""
    return func.json_array_length(words)


def suffix(text: Column, length: Column) -> Column:
    """All of a text that is shorter."""
    return func.substr(text, -length)


def power(places: int) -> Column:
    """10^places."""
    return literal(10**places, BigInteger())


def microseconds(moment: Column) -> Column:
    """Of a moment kept as text."""
    seconds = cast(func.strftime("%s", func.substr(moment, 1, _SECONDS_LENGTH)), BigInteger)
    return seconds * literal(SECOND, BigInteger()) + cast(func.substr(moment, 21), BigInteger)


def moment(micros: Column) -> Column:
    """The remainder is made non-negative, so that 1969 comes out right."""
    second = literal(SECOND, BigInteger())
    rest = (micros % second + second) % second
    seconds = quotient(micros - rest, second)
    text = func.strftime("%Y-%m-%d %H:%M:%S", seconds, literal("unixepoch")).concat(func.printf(".%06d", rest))
    return case((micros.between(EARLIEST, LATEST), text))


def date_of(moment: Column, zone: tzinfo) -> Column:
    """The date there."""
    return _local(moment, zone, "%Y-%m-%d")


def clock(moment: Column, zone: tzinfo) -> Column:
    """The time of day there, with its microseconds (offsets are whole seconds)."""
    return _local(moment, zone, "%H:%M:%S").concat(func.substr(moment, 20))


def _local(moment: Column, zone: tzinfo, form: str) -> Column:
    """strftime() knows no year past 9999, but a year 0."""
    spans = offsets(zone)
    listed: list[tuple[Column, Column]] = []
    if spans[0][1] < 0:
        first = datetime(1, 1, 1, tzinfo=UTC) - timedelta(seconds=spans[0][1])
        listed.append((moment < literal(instant_text(first)), null()))
    listed += [(moment < literal(instant_text(until)), literal(f"{east:+d} seconds")) for until, east in spans[:-1]]
    last: Column = literal(f"{spans[-1][1]:+d} seconds")
    return func.strftime(form, func.substr(moment, 1, _SECONDS_LENGTH), case(*listed, else_=last) if listed else last)


def weekday(day: Column) -> Column:
    """strftime() counts from Sunday, 0."""
    return (cast(func.strftime("%w", day), Integer) + 6) % literal(7) + 1


def add_days(day: Column, count: Column) -> Column:
    """date() fails quietly past 9999; how far it may go is bounded before, because it would wrap round."""
    most = MOST_DURATION.days
    moved = func.date(day, cast(count, String()).concat(literal(" days")))
    return case((and_(count.between(-most, most), moved >= literal("0001-01-01")), moved))


def days_between(first: Column, second: Column) -> Column:
    """Days of the Julian calendar end at noon; the halves fall out of the difference."""
    days = [func.julianday(each) for each in (second, first)]
    return cast(days[0] - days[1], BigInteger())


def workhours(first: Column, second: Column, zone: tzinfo, calendar: Calendar) -> Column:
    """The working hours from one moment to the other, in units of six places."""
    micros = (_wall(first, zone), _wall(second, zone))
    return type_coerce(workhours_sql(micros, calendar, greatest="MAX", least="MIN", result="({0}) / {1}"), BigInteger())


def _wall(moment: Column, zone: tzinfo) -> Column:
    """Microseconds of the clock there since 0001-01-01."""
    seconds = cast(_local(moment, zone, "%s"), BigInteger) * literal(SECOND, BigInteger())
    return seconds + cast(func.substr(moment, 21), BigInteger) - literal(EARLIEST, BigInteger())
