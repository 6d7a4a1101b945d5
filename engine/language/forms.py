"""The forms that each database writes in its own way. One SQL expression serves both: a `Form` is turned into SQLite's or
PostgreSQL's words only when the statement is compiled for a connection, so nobody above has to know the database.

The words themselves stand in sqlite.py and postgres.py, which offer the same functions (`Forms`). Numbers are whole units
of 10^-scale on SQLite and plain NUMERIC on PostgreSQL: what is called `number` here is either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import BigInteger, Boolean, ColumnElement, FromClause, String
from sqlalchemy.exc import CompileError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import OperatorExpression
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

from engine.language import postgres, sqlite
from engine.language.sqltypes import Clock, Day, Instant, sqltype
from engine.model.calendar import Calendar
from engine.model.types import Type

Column = ColumnElement[Any]


class Forms(Protocol):
    """What a database's module offers. Every function gets columns first, then plain values, and writes each column as seldom
    as it can: nested forms multiply."""

    def scaled(self, number: Column, places: int, /) -> Column: ...
    def numeric(self, whole: Column, /) -> Column: ...
    def arithmetic(
        self, left: Column, right: Column, sign: str, scale: int, lifts: tuple[int, int], checked: bool, /
    ) -> Column: ...
    def divide(self, left: Column, right: Column, left_scale: int, right_scale: int, checked: bool, /) -> Column: ...
    def fitting(self, number: Column, scale: int, /) -> Column: ...
    def rounded(self, number: Column, scale: int, dropped: int, /) -> Column: ...
    def total(self, number: Column, scale: int, /) -> Column: ...
    def within(self, micros: Column, most: int, /) -> Column: ...
    def span(self, number: Column, scale: int, unit: int, most: int, /) -> Column: ...
    def nothing(self, type: TypeEngine[Any], /) -> Column: ...
    def same(self, left: Column, right: Column, /) -> Column: ...
    def ordered(self, text: Column, /) -> Column: ...
    def lower(self, text: Column, /) -> Column: ...
    def position(self, text: Column, part: Column, /) -> Column: ...
    def members(self, words: Column, /) -> Column: ...
    def suffix(self, text: Column, length: Column, /) -> Column: ...
    def microseconds(self, moment: Column, /) -> Column: ...
    def moment(self, micros: Column, /) -> Column: ...
    def date_of(self, moment: Column, zone: tzinfo, /) -> Column: ...
    def clock(self, moment: Column, zone: tzinfo, /) -> Column: ...
    def weekday(self, day: Column, /) -> Column: ...
    def add_days(self, day: Column, count: Column, /) -> Column: ...
    def days_between(self, first: Column, second: Column, /) -> Column: ...
    def workhours(self, first: Column, second: Column, zone: tzinfo, calendar: Calendar, /) -> Column: ...


_BY_DATABASE: Mapping[str, Forms] = MappingProxyType({"sqlite": sqlite, "postgresql": postgres})
_NO_OPERATORS = (operators.comma_op, operators._asbool)


class Form(ColumnElement[Any]):
    """One of `Forms`, with its columns and its plain values, not written yet."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 -- what makes two of them the same statement; SQLAlchemy reads it from the class
        ("name", InternalTraversal.dp_string),
        ("columns", InternalTraversal.dp_clauseelement_tuple),
        ("fixed", InternalTraversal.dp_plain_obj),
        ("type", InternalTraversal.dp_type),
        ("operand", InternalTraversal.dp_boolean),
    ]

    def __init__(
        self, name: str, columns: tuple[Column, ...], fixed: tuple[Any, ...], type: TypeEngine[Any], *, operand: bool = False
    ) -> None:
        self.name = name
        self.columns = columns
        self.fixed = fixed
        self.type = type
        self.operand = operand

    @property
    def _from_objects(self) -> list[FromClause]:
        return [each for column in self.columns for each in column._from_objects]

    def self_group(self, against: Any = None) -> Any:
        """Beside an operator it stands in brackets if it is written with one; alone it does not, since SQLite's parser counts
        them. It is never wrapped otherwise: SQLite would get `form = 1` for a condition, and no index would serve it."""
        if against is None or against in _NO_OPERATORS:
            return self
        return Form(self.name, self.columns, self.fixed, self.type, operand=True)


@compiles(Form)
def _write(form: Form, compiler: Any, **around: Any) -> str:
    forms = _BY_DATABASE.get(compiler.dialect.name)
    if forms is None:
        raise CompileError(f"no forms for {compiler.dialect.name}: compile with the database's own dialect")
    found = getattr(forms, form.name)(*form.columns, *form.fixed)
    bracketed = form.operand and isinstance(found, OperatorExpression)
    # Not compiler.process(): every step down costs a Python frame less, and expressions may be deep.
    text: str = found._compiler_dispatch(compiler, **around)
    return f"({text})" if bracketed else text


def scaled(number: Column, places: int) -> Column:
    """The same number where `places` more places are counted."""
    return Form("scaled", (number,), (places,), BigInteger()) if places > 0 else number


def numeric(whole: Column) -> Column:
    """A count or a length as a number to compute with."""
    return Form("numeric", (whole,), (), BigInteger())


def arithmetic(left: Column, right: Column, sign: str, *, scales: tuple[int, int], scale: int, checked: bool) -> Column:
    """left + - * right; `scales` are theirs, `scale` that of the result. `checked`: it may pass 64 bits; then `fitting` around
    the whole makes it empty."""
    lifts = (0, 0) if sign == "*" else (scale - scales[0], scale - scales[1])
    return Form("arithmetic", (left, right), (sign, scale, lifts, checked), BigInteger())


def divide(left: Column, right: Column, left_scale: int, right_scale: int, *, checked: bool) -> Column:
    """left / right to six places, half away from zero; empty for / 0."""
    return Form("divide", (left, right), (left_scale, right_scale, checked), BigInteger())


def fitting(number: Column, scale: int) -> Column:
    """Empty instead of a number whose units pass 64 bits."""
    return Form("fitting", (number,), (scale,), BigInteger())


def rounded(number: Column, scale: int, dropped: int) -> Column:
    """`dropped` places fewer than `scale`, half away from zero."""
    return Form("rounded", (number,), (scale, dropped), BigInteger())


def total(number: Column, scale: int) -> Column:
    """The sum of a group, 0 of nothing, empty past 64 bits."""
    return Form("total", (number,), (scale,), BigInteger())


def within(micros: Column, most: int) -> Column:
    """Empty instead of what is further from zero than `most`."""
    return Form("within", (micros,), (most,), BigInteger())


def span(number: Column, *, scale: int, unit: int, most: int) -> Column:
    """So many units of `unit` microseconds; empty past `most` microseconds."""
    return Form("span", (number,), (scale, unit, most), BigInteger())


def nothing(given: Type) -> Column:
    """Empty, of a type."""
    return Form("nothing", (), (sqltype(given),), sqltype(given))


def same(left: Column, right: Column) -> Column:
    """Equal, or both empty."""
    return Form("same", (left, right), (), Boolean())


def ordered(text: Column) -> Column:
    """A text whose order is that of its code points."""
    return Form("ordered", (text,), (), String())


def lower(text: Column) -> Column:
    """Small letters; see letters.py for what that means."""
    return Form("lower", (text,), (), String())


def position(text: Column, part: Column) -> Column:
    """Where a part begins in a text, from 1; 0 if nowhere."""
    return Form("position", (text, part), (), BigInteger())


def members(words: Column) -> Column:
    """How many words a list has."""
    return Form("members", (words,), (), BigInteger())


def suffix(text: Column, length: Column) -> Column:
    """The last characters of a text."""
    return Form("suffix", (text, length), (), String())


def microseconds(moment_: Column) -> Column:
    """Microseconds since 1970."""
    return Form("microseconds", (moment_,), (), BigInteger())


def moment(micros: Column) -> Column:
    """The other way; empty outside the years 1–9999."""
    return Form("moment", (micros,), (), Instant())


def date_of(moment_: Column, zone: tzinfo) -> Column:
    """The date of a moment in the zone; empty outside the years 1–9999."""
    return Form("date_of", (moment_,), (zone,), Day())


def clock(moment_: Column, zone: tzinfo) -> Column:
    """The time of day of a moment in the zone."""
    return Form("clock", (moment_,), (zone,), Clock())


def weekday(day: Column) -> Column:
    """1 for Monday."""
    return Form("weekday", (day,), (), BigInteger())


def add_days(day: Column, count: Column) -> Column:
    """A date moved by whole days; empty outside the years 1–9999."""
    return Form("add_days", (day, count), (), Day())


def days_between(first: Column, second: Column) -> Column:
    """Whole days from one date to the other."""
    return Form("days_between", (first, second), (), BigInteger())


def workhours(first: Column, second: Column, zone: tzinfo, calendar: Calendar) -> Column:
    """Hours of working time from one moment to the other, six places."""
    return Form("workhours", (first, second), (zone, calendar), BigInteger())
