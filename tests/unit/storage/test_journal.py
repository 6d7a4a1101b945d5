"""Lines are only added, and come back in the order in which they were written."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from engine.model.change import Change, JournalEntry
from engine.storage import departures, journal, records
from engine.storage.database import Database
from tests.databases import ON_BOTH

pytestmark = ON_BOTH

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


def test_what_came_after_a_version_a_line_and_before_one(database: Database) -> None:
    for version in range(1, 5):
        with database.write() as connection:
            journal.append(connection, line(f"e{9 - version}", version=version))
    with database.write() as connection:
        journal.append(connection, line("other", app="b"))
    with database.read() as connection:
        _told_in_order(connection)


def _told_in_order(connection: Connection) -> None:
    assert [e.version for e in journal.since_version(connection, "a", "orders", "r1", 2)] == [3, 4]
    after = departures.position(connection, "a", "e7")
    assert [e.version for _, e in journal.numbered_after(connection, "a", after, 10)] == [3, 4]
    assert [e.version for _, e in journal.numbered_after(connection, "a", journal.BEGIN, 2)] == [1, 2]
    assert [e.version for e in journal.before(connection, "a", None, 2)] == [4, 3]
    assert [e.version for e in journal.before(connection, "a", "e6", 5)] == [2, 1]
    assert departures.position(connection, "a", "") == departures.position(connection, "a", "a") == journal.BEGIN
    last = departures.position(connection, "a", "e5")
    assert departures.position(connection, "a", "e99") == last, "a line that is not there stands where it would"


def test_no_line_is_passed_whose_transaction_ends_late(database: Database, on_both: str) -> None:
    """Two write at once; the one that began first, and drew the lower number, ends last."""
    if on_both == "sqlite":
        return  # one writer: lines are there in the order of their numbers

    def seen(since: str) -> list[str]:
        with database.read() as connection:
            place = departures.position(connection, "a", since)
            return [entry.id for _, entry in journal.numbered_after(connection, "a", place, 10)]

    with database.write() as connection:
        journal.append(connection, line("e0"))
    with database.write() as slow:
        journal.append(slow, line("slow"))
        with database.write() as fast:
            journal.append(fast, line("fast"))
        assert seen("e0") == [], "what stands behind an open transaction waits for it"
    assert seen("e0") == ["slow", "fast"]
    with database.write() as late, database.write() as early:
        early.exec_driver_sql("SELECT pg_current_xact_id()")
        journal.append(late, line("late"))
        journal.append(early, line("early"))
        late.commit()
        assert seen("fast") == []
    assert set(seen("fast")) == {"late", "early"}


def test_a_life_is_found_by_indexes(connection: Connection) -> None:
    query = journal.life("a", ["b"], "c").compile(connection, compile_kwargs={"literal_binds": True})
    # As many as make an index worth its while, of one app: by its order alone all of them would have to be looked at.
    records.add_many(
        connection, journal.journal, [journal.row_of(line(f"l{n}", f"r{n}", cause=f"l{n - 1}")) for n in range(2_000)]
    )
    connection.exec_driver_sql("ANALYZE")
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[connection.dialect.name]
    plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {query}"))
    assert {"journal__by_record", "journal__by_cause"} <= set(re.findall(r"journal__\w+", plan))
    assert not re.search(r"SCAN journal|Seq Scan", plan)
