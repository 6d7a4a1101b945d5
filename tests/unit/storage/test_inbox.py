"""Lines for people and incidents for those who look after an app: newest first, one's own only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from engine.storage import inbox, incidents
from engine.storage.database import Database
from engine.storage.inbox import InboxLine
from engine.storage.incidents import Incident
from engine.storage.unit import Unit
from tests.databases import ON_BOTH

pytestmark = ON_BOTH

AT = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture
def connection(database: Database):
    with database.write() as connection:
        yield connection


def put(connection: Connection, lines: list[InboxLine]) -> None:
    unit = Unit(connection, lambda: None)
    inbox.put(unit, lines)
    unit.flush()


def line(id: str, user: str = "u1") -> InboxLine:
    return InboxLine(id, user, "a", "orders", "r1", "e1", "rules.x.then[0]", "{no} 好", "{no} ok", AT, None)


def test_a_person_s_lines_newest_first(connection: Connection) -> None:
    put(connection, [])
    put(connection, [line("1"), line("2"), line("3", "u2"), line("4")])
    assert [found.id for found in inbox.of_user(connection, "u1", 2)] == ["4", "2"]
    assert inbox.of_user(connection, "u2", 9) == [line("3", "u2")]


def test_read_is_read_once_and_by_its_owner(connection: Connection) -> None:
    put(connection, [line("1"), line("2")])
    assert not inbox.mark_read(connection, "u2", "1", AT)
    assert inbox.unread(connection, "u1") == 2
    assert inbox.mark_read(connection, "u1", "1", AT)
    assert inbox.mark_read(connection, "u1", "1", AT.replace(hour=9))
    assert inbox.unread(connection, "u1") == 1
    assert inbox.of_user(connection, "u1", 9)[1].read_at == AT


def test_incidents_of_an_app_newest_first(connection: Connection) -> None:
    unit = Unit(connection, lambda: None)
    for id, app in (("1", "a"), ("2", "a"), ("3", "b")):
        incidents.add(unit, Incident(id, app, "rules.x", "orders", "r1", None, "code", "中", "en", AT))
    unit.flush()
    assert [incident.id for incident in incidents.of_app(connection, "a", 9)] == ["2", "1"]
    assert [incident.id for incident in incidents.of_app(connection, "a", 1)] == ["2"]
