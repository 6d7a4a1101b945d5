"""Reference = generated Python = SQLite = PostgreSQL, on generated expressions and records. Several expressions go into one
statement, so that most of the time is spent on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, literal, select, union_all

from engine.language import reference, sql
from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.model.diagnostic import DefinitionError, Span
from engine.model.tree import Expression
from tests.conformance import samples
from tests.conformance.seeds import both_seeds, try_all
from tests.unit.language.env import FakeEnv

ZONES = st.sampled_from([ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")])
USER = {"name": "李四", "roles": ("a", "李四"), "limit": Decimal("12.50")}
EXTRA = {"elapsed": timedelta(hours=5)}
REFUSED = {"too-complex", "too-many-digits", "unknown-option"}
AT_ONCE = 8
Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def tables(engine: Engine) -> Iterator[Engine]:
    samples.metadata.create_all(engine)
    yield engine
    samples.metadata.drop_all(engine)


def env(zone: ZoneInfo, old: dict[str, Any] | None) -> FakeEnv:
    return FakeEnv(now=datetime(2026, 11, 22, 10, 30, tzinfo=zone), user=USER, extra=EXTRA, old=old)


def context(around: FakeEnv, **bound: Any) -> sql.SqlContext:
    return sql.SqlContext(
        sources=samples.OneTable(), user=around.user, now=around.now, extra=around.extra, old=around.old, **bound
    )


def read(text: str) -> Expression | None:
    """None: refused as too large."""
    try:
        return read_expression(text, samples.SCOPE, span=Span("t", 1, 1), path="t")
    except DefinitionError as error:
        if {each.code for each in error.diagnostics} <= REFUSED:
            return None
        raise


def read_all(texts: list[str]) -> list[Expression]:
    found = [each for text in texts if (each := read(text)) is not None]
    assume(found)
    return found


def fill(connection: Connection, records: Records) -> None:
    connection.execute(delete(samples.TABLE))
    connection.execute(insert(samples.TABLE), [samples.row(each) for each in records])


def true_for(connection: Connection, asked: list[Expression], around: FakeEnv, records: Records) -> set[tuple[int, str, str]]:
    """(expression, how it was asked, id) wherever the database says yes: of its rows, and of records that are given."""
    parts = []
    for number, each in enumerate(asked):
        where = sql.condition(each, context(around), (samples.TABLE,))
        parts.append(select(literal(number).label("n"), literal("row").label("how"), samples.TABLE.c.id).where(where))
        for record in records:
            where = sql.condition(each, context(around, records=(record,)), (None,))
            parts.append(select(literal(number), literal("given"), literal(record["id"])).where(where))
    return {tuple(row) for row in connection.execute(union_all(*parts))}  # type: ignore[misc]


@both_seeds
def test_conditions_agree(tables: Engine, seed_of: str) -> None:
    def check(texts: list[str], records: Records, zone: ZoneInfo) -> None:
        positive = read_all(texts)
        asked = [*positive, *(found for each in positive if (found := read(f"not ({each.text})")) is not None)]
        around = env(zone, records[0])
        wanted = set()
        for number, each in enumerate(asked):
            run = compile_python(each)
            for record in records:
                answer = reference.evaluate(each, record, around)
                assert (run(record, around) is True) == (answer is True), (each.text, record)
                if answer is True:
                    wanted |= {(number, "row", record["id"]), (number, "given", record["id"])}
        with tables.begin() as connection:
            fill(connection, records)
            found = true_for(connection, asked, around, records)
        assert {(asked[n].text, how, id) for n, how, id in found ^ wanted} == set()

    texts = st.lists(samples.condition(), min_size=1, max_size=AT_ONCE)
    try_all(check, seed_of, texts=texts, records=samples.records, zone=ZONES)


@both_seeds
def test_values_agree(tables: Engine, seed_of: str) -> None:
    def check(texts: list[str], records: Records, zone: ZoneInfo) -> None:
        asked = read_all(texts)
        around = env(zone, records[0])
        wanted: dict[str, list[Any]] = {each["id"]: [] for each in records}
        for each in asked:
            run = compile_python(each)
            for record in records:
                answer = reference.evaluate(each, record, around)
                found = run(record, around)
                assert (found, type(found)) == (answer, type(answer)), (each.text, record)
                wanted[record["id"]].append(answer)
        columns = [sql.value(each, context(around), (samples.TABLE,)).label(f"v{n}") for n, each in enumerate(asked)]
        with tables.begin() as connection:
            fill(connection, records)
            rows = {row.id: list(row)[1:] for row in connection.execute(select(samples.TABLE.c.id, *columns))}
        for id, answers in wanted.items():
            for each, answer, found in zip(asked, answers, rows[id], strict=True):
                assert (found, type(found)) == (answer, type(answer)), (each.text, id)

    texts = st.lists(samples.value(), min_size=1, max_size=AT_ONCE)
    try_all(check, seed_of, texts=texts, records=samples.records, zone=ZONES)
