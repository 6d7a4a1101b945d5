"""What the conformance tests run on: generated expressions, as text so that the parser is in the test too, over the records of
values.py."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from engine.model.types import TypeKind
from tests.conformance.values import ENDS, FIELDS, SCOPE, TABLE, OneTable, metadata, record, records, row, texts

__all__ = [
    "ENDS",
    "FIELDS",
    "SCOPE",
    "TABLE",
    "OneTable",
    "condition",
    "metadata",
    "record",
    "records",
    "row",
    "texts",
    "value",
]

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
    TypeKind.LIST: st.sampled_from(["marks", "marks", "more", "grades", "user.roles", "old.marks"]),
    TypeKind.JSON: st.sampled_from(["doc", "old.doc"]),
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
        _call("len", smaller[TypeKind.LIST]),
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
    unordered = (TypeKind.BOOLEAN, TypeKind.RECORD, TypeKind.LIST, TypeKind.JSON)
    ordered = [each for each in _atoms if each not in unordered]
    words = smaller[TypeKind.LIST]
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
        _join("({0} {1} {2})", words, equal, words),
        _join("({0} in {1})", text, words),
        _join("({0} not in {1})", text, words),
        st.just("('mid' in grades)"),
        _join("(len({0}) > 1)", words),
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
