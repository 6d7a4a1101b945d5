"""Hours of working time between two moments, the same in Python and in each database.

Working time is counted by the clock on the wall in the organisation's zone: from 0001-01-01 until each of the two moments, and
one taken from the other. In SQL that is whole weeks, the stretches of the week begun, and the stretches in which single
days differ. The result has six places, half away from zero, and is exact before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Numeric

from engine.language import times
from engine.language.sql_words import SqlWords
from engine.language.sqltypes import MICROSECOND, from_units
from engine.model.calendar import WEEK, Calendar

PLACES = 6
# Microseconds of an hour, by the units of the result.
_STEP = 3_600_000_000 // 10**PLACES
Column = ColumnElement[Any]


def workhours(calendar: Calendar, zone: tzinfo | None, first: datetime | None, second: datetime | None) -> Decimal | None:
    """From first to second, negative backwards; empty if either is."""
    here = [times.local(each, zone) for each in (first, second)]
    if here[0] is None or here[1] is None:
        return None
    begin, end = (calendar.worked((each - datetime.min) // MICROSECOND) for each in here if each is not None)
    passed = end - begin
    whole = (2 * abs(passed) + _STEP) // (2 * _STEP)
    found = from_units(-whole if passed < 0 else whole, PLACES)
    return found if isinstance(found, Decimal) else None


def workhours_sql(micros: tuple[Column, Column], calendar: Calendar, *, greatest: str, least: str, result: str) -> Column:
    """In SQL. `micros`: the two moments as microseconds of the wall clock since 0001-01-01, each written once. `greatest`,
    `least`: what the database calls them; `result`: how it divides `{0}` by `{1}` towards zero."""
    parts = [
        f"t.x / {WEEK} * {calendar.weekly}",
        _sum(f"{greatest}(0, {least}(t.x - t.x / {WEEK} * {WEEK} - {{begin}}, {{length}}))", calendar.week),
    ]
    if calendar.changes:
        parts.append(_sum(f"{{sign}} * {greatest}(0, {least}(t.x - {{begin}}, {{length}}))", calendar.changes))
    worked = f"(SELECT {' + '.join(parts)} FROM (SELECT {{at}} AS x) AS t)"  # noqa: S608 -- a calendar's numbers
    passed = f"{worked.format(at='{1}')} - {worked.format(at='{0}')}"
    divided = result.format(f"2 * d.x + CASE WHEN d.x < 0 THEN {-_STEP} ELSE {_STEP} END", 2 * _STEP)
    return SqlWords(f"(SELECT {divided} FROM (SELECT {passed} AS x) AS d)", micros, Numeric())  # noqa: S608


def _sum(clamped: str, stretches: Sequence[tuple[int, ...]]) -> str:
    """The sum of an expression over rows of constants."""
    rows = ", ".join(f"({', '.join(map(str, stretch))})" for stretch in stretches) or "(0, 0, 0)"
    each = clamped.format(begin="w.column1", length="w.column2", sign="w.column3")
    return f"(SELECT SUM({each}) FROM (VALUES {rows}) AS w)"  # noqa: S608
