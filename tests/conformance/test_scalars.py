"""Reference = generated Python = SQLite, on generated expressions and records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from sqlalchemy import delete, insert, select

from engine.language import reference, sql
from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.model.diagnostic import DefinitionError, Span
from engine.model.tree import Expression
from engine.storage.database import Database
from tests.conformance import samples
from tests.unit.language.env import FakeEnv

ZONES = [ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")]
USER = {"name": "李四", "roles": ("a", "李四"), "limit": Decimal("12.50")}
EXTRA = {"elapsed": timedelta(hours=5)}
REFUSED = {"too-complex", "too-many-digits"}
RELAXED = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(f"sqlite:///{Path(tmp_path_factory.mktemp('conformance')) / 'one.db'}")
    samples.metadata.create_all(made.engine)
    yield made
    made.close()


def env(zone: ZoneInfo, old: dict[str, Any] | None) -> FakeEnv:
    return FakeEnv(now=datetime(2026, 11, 22, 10, 30, tzinfo=zone), user=USER, extra=EXTRA, old=old)


def context(around: FakeEnv, **bound: Any) -> sql.SqlContext:
    return sql.SqlContext(
        sources=samples.OneTable(), user=around.user, now=around.now, extra=around.extra, old=around.old, **bound
    )


def read(text: str) -> Expression:
    try:
        return read_expression(text, samples.SCOPE, span=Span("t", 1, 1), path="t")
    except DefinitionError as error:
        assume(not {each.code for each in error.diagnostics} & REFUSED)
        raise


@RELAXED
@given(text=samples.conditions, records=samples.records)
def test_conditions_agree(database: Database, text: str, records: list[dict[str, Any]]) -> None:
    expression = read(text)
    negation = read(f"not ({text})")
    run, run_negation = compile_python(expression), compile_python(negation)
    for zone in ZONES:
        around = env(zone, records[0])
        wanted = {each["id"]: reference.evaluate(expression, each, around) for each in records}
        true = {id for id, found in wanted.items() if found is True}
        assert {each["id"] for each in records if run(each, around)} == true
        assert {each["id"] for each in records if run_negation(each, around)} == set(wanted) - true
        with database.write() as connection:
            connection.execute(delete(samples.TABLE))
            connection.execute(insert(samples.TABLE), [samples.row(each) for each in records])
            for asked, answer in ((expression, true), (negation, set(wanted) - true)):
                where = sql.condition(asked, context(around), (samples.TABLE,))
                found = set(connection.execute(select(samples.TABLE.c.id).where(where)).scalars())
                assert found == answer, str(where.compile(connection.engine, compile_kwargs={"literal_binds": False}))
            for each in records:
                bound = sql.condition(expression, context(around, records=(each,)), (None,))
                assert bool(connection.execute(select(samples.TABLE.c.id).where(bound)).first()) == (each["id"] in true)


@RELAXED
@given(text=samples.values, records=samples.records)
def test_values_agree(database: Database, text: str, records: list[dict[str, Any]]) -> None:
    expression = read(text)
    run = compile_python(expression)
    for zone in ZONES:
        around = env(zone, records[0])
        wanted = {each["id"]: reference.evaluate(expression, each, around) for each in records}
        assert {each["id"]: run(each, around) for each in records} == wanted
        with database.write() as connection:
            connection.execute(delete(samples.TABLE))
            connection.execute(insert(samples.TABLE), [samples.row(each) for each in records])
            column = sql.value(expression, context(around), (samples.TABLE,))
            found = dict(connection.execute(select(samples.TABLE.c.id, column)).all())
            assert found == wanted, str(column.compile(connection.engine))
            assert {type(each) for each in found.values()} == {type(run(each, around)) for each in records}
