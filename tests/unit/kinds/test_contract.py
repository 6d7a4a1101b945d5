"""What every kind of field keeps to, whichever there are: a new one is held to it by being in the folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert, select, update

from engine.kinds.protocols import ValueProblem
from engine.language.sqltypes import sqltype
from engine.model.types import JsonText, TypeKind
from tests.unit.kinds.making import REGISTRY, field

KINDS = sorted(REGISTRY.fields)
KEPT = [name for name in KINDS if field(name).type.kind is not TypeKind.EMPTY]
# What Python holds for each type; a bool is no number and a moment no day.
PYTHON: dict[TypeKind, tuple[type, ...]] = {
    TypeKind.TEXT: (str,),
    TypeKind.RECORD: (str,),
    TypeKind.NUMBER: (int, Decimal),
    TypeKind.BOOLEAN: (bool,),
    TypeKind.DATE: (date,),
    TypeKind.DATETIME: (datetime,),
    TypeKind.DURATION: (timedelta,),
    TypeKind.LIST: (tuple,),
    TypeKind.JSON: (JsonText,),
}


def nested(depth: int, kind: type) -> Any:
    made: Any = kind()
    for _ in range(depth):
        made = [made] if kind is list else {"a": made}
    return made


HOSTILE: dict[str, Any] = {
    "digits": "9" * 5_000,
    "a number of digits": int("9" * 4_000),
    "not a number": float("nan"),
    "a silent nan": Decimal("sNaN"),
    "endless": float("inf"),
    "huge exponent": Decimal("1E+400000"),
    "tiny exponent": Decimal("1E-400000"),
    "nul": "a\0b",
    "lone surrogate": "\ud800",
    "surrogate in a list": ["\udfff"],
    "nul in a list": ["a\0"],
    "megabytes": "9" * 5_000_000,
    "megabytes of blanks": " " * 5_000_000,
    "brackets": "[" * 50_000,
    "braces": '{"a":' * 50_000,
    "deep list": nested(50_000, list),
    "deep object": nested(50_000, dict),
    "long list": ["a"] * 1_000_000,
    "mixed list": ["a", 1, None, {}],
    "keys that are no text": {1: 2},
    "bytes": b"abc",
    "object": object(),
    "function": print,
    "commas": "," * 200_000,
    "units": "1d" * 50_000,
    "words": "a " * 100_000,
    "brackets in an address": "http://" + "[" * 5_000,
    "at signs": "@" * 50_000,
    "blanks within": "1" + " " * 9_000 + "1",
    "blanks within a day": "2026年1月2" + " " * 9_000 + "x",
    "blanks within a moment": "2026-01-02" + " " * 9_000 + "下午" + " " * 900 + "x",
    "blanks before an extension": "02161234567" + " " * 9_000 + "y",
    "blanks within a duration": "1d" + " " * 4_500 + "2h" + " " * 4_500 + "x",
    "blanks within an address": "a@" + " " * 9_000 + "b.com",
    "dots": "a." * 5_000 + "com",
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_values_are_refused_in_words(name: str, what: str) -> None:
    """That it is quick shows by the suite's own time: any of these, taken wrongly, takes minutes or all memory."""
    made, kind = field(name), REGISTRY.fields[name]
    try:
        value = kind.parse(HOSTILE[what], made)
    except ValueProblem as problem:
        for text in (problem.message.zh, problem.message.en):
            assert 0 < len(text) < 400
            assert "\0" not in text
            text.encode("utf-8")
    else:
        assert value is None or kind.parse(kind.to_json(value, made), made) == value


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=40)
@given(seed=st.integers())
def test_a_sample_is_a_value_of_its_type(name: str, seed: int) -> None:
    made, kind = field(name), REGISTRY.fields[name]
    value = kind.sample(made, Random(seed))
    if value is None:
        assert name == "formula"
        return
    assert type(value) in PYTHON[made.type.kind]
    assert kind.parse(value, made) == value
    hash(value)


@pytest.mark.parametrize("name", KEPT)
def test_a_column_is_read_as_its_type_is(name: str) -> None:
    """Expressions bind and read by the type, records by the kind: both must do the same."""
    made = field(name)
    column = REGISTRY.fields[name].column(made)
    assert type(column) is type(sqltype(made.type))


@pytest.fixture(scope="module")
def table(engine: Engine) -> Iterator[Table]:
    columns = (Column(name, REGISTRY.fields[name].column(field(name))) for name in KEPT)
    made = Table("kinds_of_fields", MetaData(), Column("at", Integer, primary_key=True), *columns)
    made.create(engine)
    yield made
    made.drop(engine)


def samples(name: str, count: int = 40) -> list[Any]:
    made, random = field(name), Random(name)
    found = [REGISTRY.fields[name].sample(made, random) for _ in range(count)]
    return [None, *found, None]


@pytest.mark.parametrize("name", KEPT)
def test_a_value_is_the_same_after_the_database(name: str, engine: Engine, table: Table) -> None:
    wanted = samples(name)
    column = table.c[name]
    with engine.begin() as connection:
        connection.execute(table.delete())
        connection.execute(insert(table), [{"at": at, name: value} for at, value in enumerate(wanted)])
        found = list(connection.scalars(select(column).order_by(table.c.at)))
        assert found == wanted
        assert [type(each) for each in found] == [type(each) for each in wanted]
        value = wanted[1]
        known = list(connection.scalars(select(table.c.at).where(column == value).order_by(table.c.at)))
        assert known == [at for at, each in enumerate(wanted) if each == value and each is not None]
        empty = list(connection.scalars(select(table.c.at).where(column.is_(None)).order_by(table.c.at)))
        assert empty == [at for at, each in enumerate(wanted) if each is None]
        connection.execute(update(table).values({name: None}))
        assert set(connection.scalars(select(column))) == {None}


@pytest.mark.parametrize("name", KEPT)
def test_order_in_the_database_is_the_order_of_the_values(name: str, engine: Engine, table: Table) -> None:
    """Texts by code point, numbers by size, times by the clock; lists and data by the text that they are kept as, which is an
    order like any other, but the same on every database."""
    wanted = [value for value in samples(name) if value is not None]
    column = table.c[name]
    with engine.begin() as connection:
        connection.execute(table.delete())
        connection.execute(insert(table), [{"at": at, name: value} for at, value in enumerate(wanted)])
        found = list(connection.scalars(select(column).order_by(column)))
    if field(name).type.kind is TypeKind.LIST:
        sort_column = sqltype(field(name).type)
        assert isinstance(found[0], tuple)
        texts = [sort_column.process_bind_param(each, engine.dialect) for each in found]  # type: ignore[attr-defined]
        assert texts == sorted(texts)
    else:
        assert all(not (second < first) for first, second in pairwise(found))
