"""What the conformance tests run on: one table with a field of every type, generated records and generated expressions.

Expressions are generated as text, so that the parser is in the test too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Column, ColumnElement, FromClause, MetaData, Table

from engine.language.sqltypes import Flags, sqltype
from engine.model.types import BOOLEAN, DATE, DATETIME, DURATION, INTEGER, MONEY, TEXT, TIME, Scope, TableTypes, Type, TypeKind

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
_VALUES: dict[TypeKind, st.SearchStrategy[Any]] = {
    TypeKind.TEXT: texts,
    TypeKind.BOOLEAN: st.booleans(),
    TypeKind.DATE: _DAYS,
    TypeKind.DATETIME: _MOMENTS,
    TypeKind.TIME: st.one_of(st.times(), st.sampled_from([time(0), time(14), time(23, 59, 59, 999_999)])),
    TypeKind.DURATION: _SPANS,
    TypeKind.RECORD: _IDS,
}


def value_of(given: Type) -> st.SearchStrategy[Any]:
    """A value for a field of this type, or None."""
    if given.options:
        full: st.SearchStrategy[Any] = st.sampled_from(given.options)
    else:
        full = _number(given.scale) if given.kind is TypeKind.NUMBER else _VALUES[given.kind]
    return st.one_of(st.none(), full, full, full)


@st.composite
def record(draw: st.DrawFn, number: int) -> dict[str, Any]:
    made = {name: draw(value_of(given)) for name, given in FIELDS.items()}
    return {**made, "id": f"r{number}", "flags": draw(st.frozensets(st.sampled_from(["odd", "even"])))}


records = st.tuples(*(record(number) for number in range(3))).map(list)

# --- expressions -------------------------------------------------------------------------------------------------------------

_Text = st.SearchStrategy[str]


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _of(kind: TypeKind) -> list[str]:
    return [name for name, given in FIELDS.items() if given.kind is kind]


_FIELD = {kind: _of(kind) for kind in TypeKind}
_atoms: dict[TypeKind, _Text] = {
    TypeKind.NUMBER: st.one_of(
        st.sampled_from([*_FIELD[TypeKind.NUMBER], "old.price", "user.limit"]),
        st.sampled_from(
            ["0", "1", "-1", "2", "3", "0.5", "7", "100", "0.000001", "999999999999999", "-2.5", "1000000", "500.00"]
        ),
    ),
    TypeKind.TEXT: st.one_of(st.sampled_from(["name", "note", "name", "user.name", "old.name"]), texts.map(_quoted)),
    TypeKind.BOOLEAN: st.sampled_from(["ok", "late", "True", "False", "old.ok", "flagged('odd')", "empty(level)"]),
    TypeKind.DATE: st.sampled_from(["day", "due", "today()", "date('2026-11-22')", "date('0001-01-01')", "old.day"]),
    TypeKind.DATETIME: st.sampled_from(["at", "made_at", "now()", "old.at"]),
    TypeKind.TIME: st.sampled_from(["clock", "time('14:00')", "time('00:00:00')"]),
    TypeKind.DURATION: st.sampled_from(["span", "elapsed", "hours(24)", "days(3)", "minutes(0.5)", "days(36500000)"]),
    TypeKind.RECORD: st.sampled_from(["one", "other", "this", "old.one"]),
}


def _call(name: str, *arguments: _Text) -> _Text:
    return st.tuples(*arguments).map(lambda parts: f"{name}({', '.join(parts)})")


def _join(template: str, *arguments: _Text) -> _Text:
    return st.tuples(*arguments).map(lambda parts: template.format(*parts))


def _grow(kind: TypeKind, depth: int) -> _Text:
    if depth == 0:
        return _atoms[kind]
    smaller = {each: _grow_cached(each, depth - 1) for each in _atoms}
    same = smaller[kind]
    choices: list[_Text] = [
        _atoms[kind],
        _join("({0} if {1} else {2})", same, smaller[TypeKind.BOOLEAN], same),
        _call("first_of", same, same),
        _call("first_of", same, st.just("None"), same),
    ]
    choices += _SHAPES.get(kind, lambda _: [])(smaller)
    return st.one_of(choices)


def _numbers(smaller: dict[TypeKind, _Text]) -> list[_Text]:
    number, day, moment = smaller[TypeKind.NUMBER], smaller[TypeKind.DATE], smaller[TypeKind.DATETIME]
    signs = st.sampled_from(["+", "-", "*", "/", "/"])
    return [
        _join("({0} {1} {2})", number, signs, number),
        _join("({0} {1} {2})", number, signs, number),
        _join("-({0})", number),
        _call("len", smaller[TypeKind.TEXT]),
        _call("round", number, st.sampled_from(["0", "1", "2"])),
        _call("weekday", st.one_of(day, moment)),
        _call("days_between", st.one_of(day, moment), st.one_of(day, moment)),
        _call("workhours_between", moment, moment),
    ]


def _texts(smaller: dict[TypeKind, _Text]) -> list[_Text]:
    text = smaller[TypeKind.TEXT]
    return [_call("lower", text), _call("concat", text, text), _call("concat", text, text, text)]


def _conditions(smaller: dict[TypeKind, _Text]) -> list[_Text]:
    condition, text = smaller[TypeKind.BOOLEAN], smaller[TypeKind.TEXT]
    equal = st.sampled_from(["==", "!="])
    order = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    ordered = [each for each in _atoms if each not in (TypeKind.BOOLEAN, TypeKind.RECORD)]
    listed = st.lists(texts.map(_quoted), min_size=1, max_size=3).map(", ".join)
    numbers = st.lists(st.sampled_from(["1", "2.5", "100", "-5"]), min_size=1, max_size=3).map(", ".join)
    return [
        _join("(not {0})", condition),
        _join("({0} and {1})", condition, condition),
        _join("({0} or {1} or {2})", condition, condition, condition),
        *(_join("({0} {1} {2})", smaller[each], order, smaller[each]) for each in ordered),
        *(_join("({0} {1} None)", smaller[each], equal) for each in _atoms),
        *(_call("empty", smaller[each]) for each in _atoms),
        _join("({0} < {1} <= {2})", *([smaller[TypeKind.NUMBER]] * 3)),
        _join("({0} {1} {2})", condition, equal, condition),
        _join("({0} {1} {2})", smaller[TypeKind.RECORD], equal, smaller[TypeKind.RECORD]),
        _join("(level {0} 'mid')", equal),
        st.just("(level in ['low', '高'])"),
        st.just("(level not in ['low', '高'])"),
        _join("({0} in [{1}])", text, listed),
        _join("({0} not in [{1}])", smaller[TypeKind.NUMBER], numbers),
        _join("({0} in user.roles)", text),
        _join("({0} in {1})", text, text),
        _join("({0} not in {1})", text, text),
        *(_call(each, text, text) for each in ("contains", "starts_with", "ends_with")),
        *(_join(each + "({0}, {1})", text, texts.map(_quoted)) for each in ("starts_with", "ends_with")),
        _join("in_region({0}, {1})", text, st.sampled_from(["'华东'", "'华南'", "'ZJ'"])),
        _join("(day >= {0})", _call("add_days", smaller[TypeKind.DATE], st.sampled_from(["1", "whole", "-40", "0"]))),
    ]


def _durations(smaller: dict[TypeKind, _Text]) -> list[_Text]:
    moment, span, number = (
        smaller[TypeKind.DATETIME],
        smaller[TypeKind.DURATION],
        st.sampled_from(["whole", "price", "2", "1.5"]),
    )
    return [
        _join("({0} - {1})", moment, moment),
        _join("({0} {1} {2})", span, st.sampled_from("+-"), span),
        *(_call(unit, number) for unit in ("minutes", "hours", "days")),
    ]


def _moments(smaller: dict[TypeKind, _Text]) -> list[_Text]:
    return [_join("({0} {1} {2})", smaller[TypeKind.DATETIME], st.sampled_from("+-"), smaller[TypeKind.DURATION])]


_SHAPES: dict[TypeKind, Any] = {
    TypeKind.NUMBER: _numbers,
    TypeKind.TEXT: _texts,
    TypeKind.BOOLEAN: _conditions,
    TypeKind.DATE: lambda smaller: [
        _call("add_days", smaller[TypeKind.DATE], st.sampled_from(["1", "-30", "whole"])),
        _call("date_of", smaller[TypeKind.DATETIME]),
    ],
    TypeKind.DATETIME: _moments,
    TypeKind.TIME: lambda smaller: [_call("time_of", smaller[TypeKind.DATETIME])],
    TypeKind.DURATION: _durations,
}
_made: dict[tuple[TypeKind, int], _Text] = {}


def _grow_cached(kind: TypeKind, depth: int) -> _Text:
    key = (kind, depth)
    if key not in _made:
        _made[key] = _grow(kind, depth)
    return _made[key]


_conditions_whole = _grow_cached(TypeKind.BOOLEAN, 3)
_values_whole = st.one_of(*(_grow_cached(kind, 2) for kind in _atoms))


@st.composite
def condition(draw: st.DrawFn) -> str:
    """A condition. (Composite, since hypothesis would write the whole strategy out otherwise.)"""
    return draw(_conditions_whole)


@st.composite
def value(draw: st.DrawFn) -> str:
    """A value of any type."""
    return draw(_values_whole)


def row(values_: dict[str, Any]) -> dict[str, Any]:
    """As storage would write it: blank text is empty."""
    return {name: None if value == "" else value for name, value in values_.items()}
