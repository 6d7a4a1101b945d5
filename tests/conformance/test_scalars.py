"""Reference = generated Python = SQLite = PostgreSQL, on generated expressions and records. Several expressions go into one
statement, so that most of the time is spent on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
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
from engine.model.calendar import SECOND, STANDARD, Calendar
from engine.model.diagnostic import DefinitionError, Span
from engine.model.tree import Expression
from tests.conformance import samples
from tests.conformance.seeds import both_seeds, try_all
from tests.unit.language.env import FakeEnv

ZONES = st.sampled_from([ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")])
_HOUR = 3600 * SECOND
_DAYS = [[(9 * _HOUR, 12 * _HOUR), (13 * _HOUR, 18 * _HOUR + 1)]] * 5
CALENDARS = {
    "Asia/Shanghai": Calendar.of(
        [*_DAYS, [], []], {date(2026, 11, 22): [(0, 24 * _HOUR)], date(2026, 11, 23): [], date(2026, 10, 1): []}
    ),
    "Europe/Berlin": STANDARD,
    "America/New_York": Calendar.of([[]] * 7),
}
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
    calendar = CALENDARS[zone.key]
    return FakeEnv(now=datetime(2026, 11, 22, 10, 30, tzinfo=zone), calendar=calendar, user=USER, extra=EXTRA, old=old)


def context(around: FakeEnv, **bound: Any) -> sql.SqlContext:
    return sql.SqlContext(
        sources=samples.OneTable(),
        user=around.user,
        now=around.now,
        calendar=around.calendar,
        extra=around.extra,
        old=around.old,
        **bound,
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


def values_agree(engine: Engine, asked: list[Expression], records: Records, zone: ZoneInfo) -> None:
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
    with engine.begin() as connection:
        fill(connection, records)
        rows = {row.id: list(row)[1:] for row in connection.execute(select(samples.TABLE.c.id, *columns))}
    for id, answers in wanted.items():
        for each, answer, found in zip(asked, answers, rows[id], strict=True):
            assert (found, type(found)) == (answer, type(answer)), (each.text, id)


@both_seeds
def test_values_agree(tables: Engine, seed_of: str) -> None:
    def check(texts: list[str], records: Records, zone: ZoneInfo) -> None:
        values_agree(tables, read_all(texts), records, zone)

    texts = st.lists(samples.value(), min_size=1, max_size=AT_ONCE)
    try_all(check, seed_of, texts=texts, records=samples.records, zone=ZONES)


# Each was answered differently once.
FOUND = [
    "first_of(rate, 999999999999999)",
    "(rate if ok else 999999999999999)",
    "weekday((old.at + elapsed))",
    "(whole * count) - (whole * count)",
    "(whole - 0.000001) - whole",
    "date_of(at)",
    "time_of(at)",
    "weekday(at)",
    "((None if ok else None) + 1)",
    "add_days(day, 36500000)",
    "add_days(day, -36500000)",
    "add_days(day, count)",
    "(at + days(36500000))",
    "(at - days(36500000))",
    "lower('ΑΣ')",
    "lower(concat(name, 'Σ'))",
    "days_between(at, date('9999-12-31'))",
    "workhours_between(at, now())",
    "workhours_between(now(), at) + 1",
    "workhours_between(at, made_at)",
]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_what_was_found_once(tables: Engine, zone: str) -> None:
    most = 10**15 - 1
    nothing: dict[str, Any] = {**dict.fromkeys(samples.FIELDS), "flags": frozenset()}
    records = [
        {**nothing, "id": "r0"},
        {**nothing, "id": "r1", "whole": most, "count": most, "day": date.max, "at": samples.ENDS[1], "name": "İΣ"},
        {**nothing, "id": "r2", "whole": -most, "count": 7, "day": date.min, "at": samples.ENDS[0], "rate": Decimal("0.5000")},
    ]
    values_agree(tables, read_all(FOUND), records, ZoneInfo(zone))
