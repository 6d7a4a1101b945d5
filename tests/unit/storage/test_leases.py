"""One holds a lease until it lapses."""

from __future__ import annotations

import time

from engine.storage import leases
from engine.storage.database import Database
from tests.databases import ON_BOTH

pytestmark = ON_BOTH


def take(database: Database, holder: str, seconds: float = 30.0, name: str = "worker") -> bool:
    with database.write() as connection:
        return leases.take(connection, name, holder, seconds)


def test_one_holds_it_and_may_renew(database: Database) -> None:
    assert take(database, "a")
    assert not take(database, "b")
    assert take(database, "a")
    assert take(database, "b", name="another")


def test_a_lease_lapses(database: Database) -> None:
    assert take(database, "a", 0.05)
    assert not take(database, "b", 0.05)
    time.sleep(0.08)
    assert take(database, "b")
    assert not take(database, "a")
