"""Generated Python = SQLite = PostgreSQL for what lies outside the record: paths, children, tables, find(), old, regions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, Connection, Engine, Select, delete, insert, literal, select, union_all

from engine.language import sql
from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.model.diagnostic import Span
from engine.model.tree import Aggregate, Expression, Find
from engine.model.types import Scope
from tests.conformance import related
from tests.conformance.seeds import both_seeds, try_all

ORDERS = related.SQL_TABLES["orders"]
AT_ONCE = 5
Data = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def tables(engine: Engine) -> Iterator[Engine]:
    related.metadata.create_all(engine)
    yield engine
    related.metadata.drop_all(engine)


def read(text: str) -> Expression:
    return read_expression(text, related.SCOPE, span=Span("t", 1, 1), path="t")


def context(env: related.Memory, **bound: Any) -> sql.SqlContext:
    return sql.SqlContext(sources=related.Everything(), user=env.user, source=env.source, now=env.now, old=env.old, **bound)


def fill(connection: Connection, data: Data) -> None:
    for name, table in related.SQL_TABLES.items():
        connection.execute(delete(table))
        connection.execute(insert(table), data[name])


def memory(data: Data) -> related.Memory:
    return related.Memory(tables=data, old=data["orders"][0], user=related.USER_FACTS, source=related.SOURCE_ROW)


def true_for(connection: Connection, asked: list[Expression], env: related.Memory, data: Data) -> set[tuple[int, str, str]]:
    """(expression, how it was asked, id) wherever the database says yes: of its rows, and of records that are given."""
    parts: list[Select[Any]] = []
    for number, each in enumerate(asked):
        where = sql.condition(each, context(env), (ORDERS,))
        parts.append(select(literal(number).label("n"), literal("row").label("how"), ORDERS.c.id).where(where))
        for record in data["orders"]:
            where = sql.condition(each, context(env, records=(record,)), (None,))
            parts.append(select(literal(number), literal("given"), literal(record["id"])).where(where))
    return {tuple(row) for row in connection.execute(union_all(*parts))}  # type: ignore[misc]


@both_seeds
def test_conditions_agree(tables: Engine, seed_of: str) -> None:
    def check(texts: list[str], data: Data) -> None:
        asked = [read(form.format(text)) for text in texts for form in ("{}", "not ({})")]
        env = memory(data)
        wanted = set()
        for number, each in enumerate(asked):
            run = compile_python(each)
            for record in data["orders"]:
                if run(record, env):
                    wanted |= {(number, "row", record["id"]), (number, "given", record["id"])}
        with tables.begin() as connection:
            fill(connection, data)
            found = true_for(connection, asked, env, data)
        assert {(asked[n].text, how, id) for n, how, id in found ^ wanted} == set()

    try_all(check, seed_of, texts=st.lists(related.conditions, min_size=1, max_size=AT_ONCE), data=related.data())


def columns_of(each: Expression, env: related.Memory, data: Data) -> list[tuple[str, ColumnElement[Any]]]:
    """(id, value) for every order that is given; an aggregate also the way an Env asks it."""
    found = []
    for record in data["orders"]:
        given = context(env, records=(record,))
        found.append((record["id"], sql.value(each, given, (None,))))
        if isinstance(each.node, Aggregate | Find):
            found.append((record["id"], sql.aggregate(each.node, given, (None,))))
    return found


@both_seeds
def test_values_agree(tables: Engine, seed_of: str) -> None:
    def check(texts: list[str], data: Data) -> None:
        asked = [read(text) for text in texts]
        env = memory(data)
        wanted = [{record["id"]: compile_python(each)(record, env) for record in data["orders"]} for each in asked]
        with tables.begin() as connection:
            fill(connection, data)
            rows = [sql.value(each, context(env), (ORDERS,)).label(f"v{n}") for n, each in enumerate(asked)]
            for id, *values in connection.execute(select(ORDERS.c.id, *rows)):
                for each, value, answers in zip(asked, values, wanted, strict=True):
                    assert value == answers[id], (each.text, id)
            for each, answers in zip(asked, wanted, strict=True):
                given = columns_of(each, env, data)
                row = connection.execute(select(*(column.label(f"g{n}") for n, (_, column) in enumerate(given)))).one()
                for (id, _), value in zip(given, row, strict=True):
                    assert value == answers[id], (each.text, id, "given")

    try_all(check, seed_of, texts=st.lists(related.values, min_size=1, max_size=AT_ONCE), data=related.data())


def test_the_where_of_an_update(tables: Engine) -> None:
    """`this` is the triggering record, bare names the target's."""
    scope = Scope(related.TABLES, "orders", inner="items")
    asked = read_expression("order == this and price > this.fee", scope, span=Span(), path="t")
    order: dict[str, Any] = {"id": "o1", "fee": Decimal("1.00")}
    items: list[dict[str, Any]] = [
        {"id": "i0", "order": "o1", "price": Decimal("2.00"), "product": None, "quantity": 1, "flags": frozenset()},
        {"id": "i1", "order": "o1", "price": Decimal("0.50"), "product": None, "quantity": 1, "flags": frozenset()},
        {"id": "i2", "order": None, "price": Decimal("2.00"), "product": None, "quantity": 1, "flags": frozenset()},
    ]
    env = related.Memory()
    assert [each["id"] for each in items if compile_python(asked)(order, env, each)] == ["i0"]
    table = related.SQL_TABLES["items"]
    with tables.begin() as connection:
        connection.execute(delete(table))
        connection.execute(insert(table), items)
        where = sql.condition(asked, context(env, records=(order,)), (None, table))
        assert connection.execute(select(table.c.id).where(where)).scalars().all() == ["i0"]
