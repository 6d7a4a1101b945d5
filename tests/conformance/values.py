"""The records that the conformance tests run on: one table with a field of every type, and generated values for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Column, ColumnElement, FromClause, MetaData, Table

from engine.language.sqltypes import Flags, sqltype
from engine.model.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    INTEGER,
    JSON,
    MONEY,
    TEXT,
    TIME,
    JsonText,
    Scope,
    TableTypes,
    Type,
    TypeKind,
)

FIELDS: dict[str, Type] = {
    "id": TEXT,
    "whole": INTEGER,
    "count": INTEGER,
    "price": MONEY,
    "paid": MONEY,
    "rate": Type(TypeKind.NUMBER, 4),
    "name": TEXT,
    "note": TEXT,
    "level": Type(TypeKind.TEXT, options=("low", "mid", "高")),
    "ok": BOOLEAN,
    "late": BOOLEAN,
    "day": DATE,
    "due": DATE,
    "at": DATETIME,
    "made_at": DATETIME,
    "clock": TIME,
    "span": DURATION,
    "one": Type(TypeKind.RECORD, table="things"),
    "other": Type(TypeKind.RECORD, table="things"),
    "marks": Type(TypeKind.LIST, element=TEXT),
    "more": Type(TypeKind.LIST, element=TEXT),
    "grades": Type(TypeKind.LIST, element=Type(TypeKind.TEXT, options=("low", "mid", "高"))),
    "doc": JSON,
}
THINGS = TableTypes("things", FIELDS, flags=frozenset({"odd", "even"}))
USER = {"name": TEXT, "roles": Type(TypeKind.LIST, element=TEXT), "limit": MONEY}
SCOPE = Scope({"things": THINGS}, "things", old=True, user=USER, extra={"elapsed": DURATION})

metadata = MetaData()
TABLE = Table("things", metadata, *(Column(name, sqltype(given)) for name, given in FIELDS.items()), Column("flags", Flags()))


class OneTable:
    """Sources of that table."""

    def table(self, name: str) -> FromClause:
        assert name == "things"
        return TABLE.alias()

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        raise AssertionError(field)


LETTERS = 'aAbB zZ%_éß李四浙江😀👨‍👩‍👧İ"\\'
WORDS = (
    "a",
    "A",
    "ab",
    "浙江",
    "Zhejiang",
    "ZJ",
    "广东",
    "low",
    "高",
    "😀",
    "%",
    "_",
    "a%",
    "李四",
    "ſ",
    "\U0010ffff",
    "\ud7ff",
)
texts = st.one_of(st.sampled_from(WORDS), st.text(LETTERS, min_size=1, max_size=6))


def _number(scale: int) -> st.SearchStrategy[Any]:
    most = 10**15 - 1
    edges = (0, 1, -1, 5, -5, 10, 15, 25, 100, -100, 150, 12345, most, -most, 10**14, 5 * 10**14)
    units = st.one_of(st.integers(-500, 500), st.sampled_from(edges), st.integers(-most, most))
    return units if scale == 0 else units.map(lambda each: Decimal(each).scaleb(-scale))


_DAYS = st.one_of(st.sampled_from([date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(2026, 11, 22)]), st.dates())
_ZONE_EDGES = (
    datetime(2026, 11, 22, 2, 30, tzinfo=UTC),
    datetime(2026, 11, 21, 2, 30, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC),
    datetime(1985, 7, 1, tzinfo=UTC),
    datetime(2070, 7, 1, tzinfo=UTC),
)
ENDS = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
_MOMENTS = st.one_of(
    st.sampled_from([*_ZONE_EDGES, *ENDS]),
    st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 24), timezones=st.just(UTC)),
    st.datetimes(datetime(3, 1, 1), datetime(9997, 12, 31), timezones=st.just(UTC)),
)
_SPANS = st.one_of(
    st.sampled_from([timedelta(), timedelta(hours=24), timedelta(microseconds=-1), timedelta(days=36_500_000)]),
    st.timedeltas(timedelta(days=-400), timedelta(days=400)),
)
_IDS = st.sampled_from(["r0", "r1", "r2", "x"])
_GRADES = st.sampled_from(["low", "mid", "高"])


def _sets(words: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.frozensets(words, min_size=1, max_size=4).map(lambda found: tuple(sorted(found)))


_VALUES: dict[TypeKind, st.SearchStrategy[Any]] = {
    TypeKind.TEXT: texts,
    TypeKind.BOOLEAN: st.booleans(),
    TypeKind.DATE: _DAYS,
    TypeKind.DATETIME: _MOMENTS,
    TypeKind.TIME: st.one_of(st.times(), st.sampled_from([time(0), time(14), time(23, 59, 59, 999_999)])),
    TypeKind.DURATION: _SPANS,
    TypeKind.RECORD: _IDS,
    TypeKind.LIST: _sets(texts),
    TypeKind.JSON: st.sampled_from([JsonText("{}"), JsonText('{"a":[1,null]}')]),
}


def value_of(given: Type) -> st.SearchStrategy[Any]:
    """A value for a field of this type, or None."""
    if given.options:
        full: st.SearchStrategy[Any] = st.sampled_from(given.options)
    elif given.element is not None and given.element.options:
        full = _sets(_GRADES)
    else:
        full = _number(given.scale) if given.kind is TypeKind.NUMBER else _VALUES[given.kind]
    return st.one_of(st.none(), full, full, full)


@st.composite
def record(draw: st.DrawFn, number: int) -> dict[str, Any]:
    made = {name: draw(value_of(given)) for name, given in FIELDS.items()}
    return {**made, "id": f"r{number}", "flags": draw(st.frozensets(st.sampled_from(["odd", "even"])))}


records = st.tuples(*(record(number) for number in range(3))).map(list)


def row(values_: dict[str, Any]) -> dict[str, Any]:
    """As storage would write it: blank text is empty."""
    return {name: None if value == "" else value for name, value in values_.items()}
