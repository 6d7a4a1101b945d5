"""Where a pull stands and what it brought: saved together, found again, never twice under one key."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from engine.storage import pulls
from engine.storage.database import Database
from engine.storage.pulls import PullState, SourceRow
from tests.databases import ON_BOTH

pytestmark = ON_BOTH

AT = datetime(2026, 11, 22, 2, tzinfo=UTC)
PLACE = ("a", "shop", "orders")
ROW = SourceRow('["1"]', "orders", "r1", {"amount": "1.00"}, '{"id": "1"}', None, AT)


@pytest.fixture
def connection(database: Database):
    with database.write() as connection:
        yield connection


def test_a_pull_that_never_ran(connection: Connection) -> None:
    assert pulls.state(connection, PLACE) == PullState(None, None, None, None, None, None, 0)


def test_saving_changes_only_what_is_named(connection: Connection) -> None:
    pulls.save(connection, PLACE, error_zh="不通", error_en="down", next_at=AT)
    pulls.save(connection, PLACE, cursor={"after": "王", "n": 3}, received=7)
    state = pulls.state(connection, PLACE)
    assert (state.cursor, state.received, state.error_zh, state.next_at) == ({"after": "王", "n": 3}, 7, "不通", AT)
    pulls.save(connection, PLACE, error_zh=None, error_en=None)
    assert pulls.state(connection, PLACE).error_zh is None
    assert pulls.state(connection, PLACE).cursor == {"after": "王", "n": 3}
    assert pulls.state(connection, ("a", "shop", "refunds")).received == 0


def test_a_row_is_kept_once_under_its_key(connection: Connection) -> None:
    pulls.keep(connection, PLACE, ROW)
    pulls.keep(connection, PLACE, replace(ROW, mapped={"amount": "2.00"}))
    found = pulls.row(connection, PLACE, ROW.key)
    assert found == replace(ROW, mapped={"amount": "2.00"})
    assert pulls.row(connection, ("b", "shop", "orders"), ROW.key) is None
    pulls.drop(connection, PLACE, ROW.key)
    assert pulls.row(connection, PLACE, ROW.key) is None


def test_waiting_rows_oldest_first(connection: Connection) -> None:
    for n in (3, 1, 2):
        pulls.keep(connection, PLACE, replace(ROW, key=str(n), waiting="why", at=AT + timedelta(seconds=n)))
    pulls.keep(connection, PLACE, ROW)
    assert [row.key for row in pulls.waiting(connection, PLACE, 2)] == ["1", "2"]


def test_who_keeps_a_record(connection: Connection) -> None:
    pulls.keep(connection, PLACE, ROW)
    assert pulls.owner(connection, "a", "orders", "r1", ("shop", "other")) == "shop"
    assert pulls.owner(connection, "a", "orders", "r1", ("other",)) is None
    assert pulls.owner(connection, "a", "orders", "r2", ("shop",)) is None
    assert pulls.owner(connection, "b", "orders", "r1", ("shop",)) is None
