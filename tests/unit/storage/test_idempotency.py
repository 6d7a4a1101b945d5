"""The keeper of answers: first answer wins, another request is refused, a day later the key is free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection

from engine.model.change import Outcome, Write
from engine.model.problem import Problem
from engine.storage import idempotency
from engine.storage.database import Database
from engine.storage.idempotency import Answer, Claim
from tests.databases import ON_BOTH, database_url

pytestmark = ON_BOTH

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WRITE = Write("order_tracking", "orders", values={"amount": Decimal("1.50")})
MARK = idempotency.fingerprint(WRITE)
CLAIM = Claim("u", "k", MARK, NOW)
OUTCOME = Outcome("r1", 3, created=True, entry="e1")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    database = Database(database_url(tmp_path))
    with database.write() as connection:
        idempotency.idempotency.create(connection)
        yield connection
    database.close()


def test_an_outcome_comes_back_as_it_was(connection: Connection) -> None:
    assert idempotency.lookup(connection, CLAIM) is None
    idempotency.store(connection, CLAIM, OUTCOME)
    assert idempotency.lookup(connection, CLAIM) == OUTCOME


def test_a_key_belongs_to_one_user(connection: Connection) -> None:
    idempotency.store(connection, CLAIM, OUTCOME)
    assert idempotency.lookup(connection, replace(CLAIM, scope="someone else")) is None


def test_another_request_under_the_key_is_refused(connection: Connection) -> None:
    idempotency.store(connection, CLAIM, OUTCOME)
    other = idempotency.fingerprint(replace(WRITE, values={"amount": Decimal("1.51")}))
    with pytest.raises(Problem) as caught:
        idempotency.lookup(connection, replace(CLAIM, fingerprint=other))
    assert (caught.value.status, caught.value.code) == (422, "idempotency_key_reused")
    with pytest.raises(Problem):
        idempotency.reserve(connection, replace(CLAIM, fingerprint=other))


def test_a_day_later_the_key_is_free(connection: Connection) -> None:
    idempotency.store(connection, CLAIM, OUTCOME)
    other = replace(CLAIM, fingerprint="other", now=NOW + timedelta(hours=24))
    assert idempotency.lookup(connection, other) is None
    idempotency.store(connection, other, OUTCOME)
    assert idempotency.lookup(connection, other) == OUTCOME


def test_the_first_answer_stays(connection: Connection) -> None:
    idempotency.store(connection, CLAIM, OUTCOME)
    assert idempotency.answered(connection, CLAIM) is None
    first = Answer(201, {"Location": "/x"}, '{"id":"r1"}')
    assert idempotency.finish(connection, CLAIM, first) == first
    assert idempotency.finish(connection, CLAIM, Answer(200, {}, "late")) == first
    assert idempotency.answered(connection, CLAIM) == first
    assert idempotency.lookup(connection, CLAIM) == OUTCOME


def test_a_reserved_bulk_has_no_answer_yet(connection: Connection) -> None:
    idempotency.reserve(connection, CLAIM)
    idempotency.reserve(connection, CLAIM)
    assert idempotency.answered(connection, CLAIM) is None
    assert idempotency.lookup(connection, CLAIM) is None


def test_the_fingerprint_tells_requests_apart() -> None:
    writes = [
        WRITE,
        replace(WRITE, id="r1"),
        replace(WRITE, table="customers"),
        replace(WRITE, transition="approve"),
        replace(WRITE, delete=True),
        replace(WRITE, expected_version=1),
        replace(WRITE, children={"items": [{"quantity": 1}]}),
    ]
    marks = {idempotency.fingerprint(write) for write in writes} | {idempotency.fingerprint(WRITE, bulk=True)}
    assert len(marks) == len(writes) + 1
    assert idempotency.fingerprint(replace(WRITE, idempotency_key="k")) == MARK
