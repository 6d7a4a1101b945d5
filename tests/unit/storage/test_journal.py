"""Lines are only added, and come back in the order in which they were written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from engine.model.change import Change, JournalEntry
from engine.storage import departures, journal
from engine.storage.database import Database

AT = datetime(2026, 11, 22, 2, tzinfo=UTC)


def line(
    id: str, record: str = "r1", *, table: str = "orders", app: str = "a", version: int = 1, cause: str | None = None
) -> JournalEntry:
    changes = (Change("amount", None, "12.30"), Change("flags", [], ["late"]))
    who = ("person", "小林", "u1", "web", "127.0.0.1", "Firefox")
    return JournalEntry(id, app, table, record, "updated", None, version, changes, *who, cause, None, 0, 1, AT)


@pytest.fixture
def connection(database: Database):
    with database.write() as connection:
        yield connection


def test_a_line_comes_back_whole(connection: Connection) -> None:
    given = line("e1")
    journal.append(connection, given)
    assert journal.life_of(connection, "a", "orders", "r1") == [given]
    with pytest.raises(IntegrityError):
        journal.append(connection, given)


def test_a_life_is_told_in_the_order_of_its_ids_with_what_it_led_to(connection: Connection) -> None:
    lines = [
        line("e9"),
        line("e1", cause="e9"),
        line("e5", "s1", table="shipments", cause="e1"),
        line("e4", "r2"),
        line("e3", "r1", app="b"),
        line("e2", "r1"),
    ]
    for entry in lines:
        journal.append(connection, entry)
    assert [entry.id for entry in journal.life_of(connection, "a", "orders", "r1")] == ["e1", "e2", "e5", "e9"]


def test_what_came_after_a_version_a_line_and_before_one(connection: Connection) -> None:
    for version in range(1, 5):
        journal.append(connection, line(f"e{9 - version}", version=version))
    journal.append(connection, line("other", app="b"))
    assert [e.version for e in journal.since_version(connection, "a", "orders", "r1", 2)] == [3, 4]
    after = departures.position(connection, "a", "e7")
    assert [e.version for _, e in journal.numbered_after(connection, "a", after, 10)] == [3, 4]
    assert [e.version for _, e in journal.numbered_after(connection, "a", 0, 2)] == [1, 2]
    assert [e.version for e in journal.before(connection, "a", None, 2)] == [4, 3]
    assert [e.version for e in journal.before(connection, "a", "e6", 5)] == [2, 1]
    assert departures.position(connection, "a", "") == departures.position(connection, "a", "a") == 0
    assert departures.position(connection, "a", "e99") == 4, "a line that is not there stands where it would"


def test_a_life_is_found_by_indexes(connection: Connection) -> None:
    query = (
        "EXPLAIN QUERY PLAN SELECT * FROM journal WHERE app = 'a' AND \"table\" = 'b' AND record_id = 'c' OR cause IN "
        "(SELECT id FROM journal WHERE app = 'a' AND \"table\" = 'b' AND record_id = 'c')"
    )
    plan = " ".join(str(row[3]) for row in connection.exec_driver_sql(query))
    assert "SCAN" not in plan
