"""Published definitions byte for byte; one of each app runs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import NoResultFound

from engine.storage import revisions
from engine.storage.database import Database
from tests.databases import ON_BOTH
from tests.unit.storage.failing import taken_back

pytestmark = ON_BOTH

AT = datetime(2026, 11, 22, 2, tzinfo=UTC)


def test_the_newest_runs_and_the_older_stay(database: Database) -> None:
    first, second = {"app.yaml": b"\xff\x00 one"}, {"app.yaml": "二".encode(), "b/c.yaml": b""}
    with database.write() as connection:
        assert revisions.active_revision(connection, "a") is None
        assert revisions.activate(connection, "a", first, now=AT, by="王") == 1
        assert revisions.activate(connection, "a", second, now=AT, by="李") == 2
        assert revisions.activate(connection, "b", first, now=AT, by="王") == 1
    with database.read() as connection:
        assert revisions.active_apps(connection) == {"a": 2, "b": 1}
        assert revisions.active_revision(connection, "a") == 2
        assert revisions.load_revision(connection, "a", 1).files == first
        found = revisions.load_revision(connection, "a", 2)
        assert (dict(found.files), found.published_by, found.published_at) == (second, "李", AT)
        with pytest.raises(NoResultFound):
            revisions.load_revision(connection, "a", 3)


def test_a_publish_that_fails_leaves_the_old_one_running(database: Database) -> None:
    with database.write() as connection:
        revisions.activate(connection, "a", {}, now=AT, by="王")
    taken_back(database, lambda connection: revisions.activate(connection, "a", {}, now=AT, by="王"))
    with database.read() as connection:
        assert revisions.active_revision(connection, "a") == 1
