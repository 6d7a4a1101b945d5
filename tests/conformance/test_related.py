"""Generated Python = SQLite for what lies outside the record: paths, children, tables, find()."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete, insert, select

from engine.language import sql
from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.model.diagnostic import Span
from engine.model.tree import Aggregate, Expression, Find
from engine.model.types import Scope
from engine.storage.database import Database
from tests.conformance import related

ORDERS = related.SQL_TABLES["orders"]
# More of them before a release: CONFORMANCE_EXAMPLES=2000.
EXAMPLES = int(os.environ.get("CONFORMANCE_EXAMPLES", "60"))
RELAXED = settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
Data = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(f"sqlite:///{Path(tmp_path_factory.mktemp('related')) / 'two.db'}")
    related.metadata.create_all(made.engine)
    yield made
    made.close()


def read(text: str) -> Expression:
    return read_expression(text, related.SCOPE, span=Span("t", 1, 1), path="t")


def context(env: related.Memory, **bound: Any) -> sql.SqlContext:
    return sql.SqlContext(sources=related.Everything(), user={}, now=env.now, old=env.old, **bound)


def fill(connection: Any, data: Data) -> None:
    for name, table in related.SQL_TABLES.items():
        connection.execute(delete(table))
        connection.execute(insert(table), data[name])


def answers(data: Data, expression: Expression) -> tuple[related.Memory, dict[str, Any]]:
    env = related.Memory(tables=data, old=data["orders"][0])
    run = compile_python(expression)
    return env, {each["id"]: run(each, env) for each in data["orders"]}


@RELAXED
@given(text=related.conditions, data=related.data())
def test_conditions_agree(database: Database, text: str, data: Data) -> None:
    for asked in (read(text), read(f"not ({text})")):
        env, wanted = answers(data, asked)
        with database.write() as connection:
            fill(connection, data)
            where = sql.condition(asked, context(env), (ORDERS,))
            found = set(connection.execute(select(ORDERS.c.id).where(where)).scalars())
            assert found == {id for id, true in wanted.items() if true}, str(where)
            for each in data["orders"]:
                bound = sql.condition(asked, context(env, records=(each,)), (None,))
                assert bool(connection.execute(select(1).where(bound)).first()) == bool(wanted[each["id"]])


@RELAXED
@given(text=related.values, data=related.data())
def test_values_agree(database: Database, text: str, data: Data) -> None:
    asked = read(text)
    env, wanted = answers(data, asked)
    with database.write() as connection:
        fill(connection, data)
        column = sql.value(asked, context(env), (ORDERS,))
        found = dict(connection.execute(select(ORDERS.c.id, column)).all())
        assert found == wanted, str(column)
        for each in data["orders"]:
            bound = sql.value(asked, context(env, records=(each,)), (None,))
            assert connection.execute(select(bound)).scalar() == wanted[each["id"]]
            if isinstance(asked.node, Aggregate | Find):
                whole = sql.aggregate(asked.node, context(env, records=(each,)), (None,))
                assert connection.execute(select(whole)).scalar() == wanted[each["id"]]


def test_the_where_of_an_update(database: Database) -> None:
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
    with database.write() as connection:
        connection.execute(delete(table))
        connection.execute(insert(table), items)
        where = sql.condition(asked, context(env, records=(order,)), (None, table))
        assert connection.execute(select(table.c.id).where(where)).scalars().all() == ["i0"]
