"""The raw tables as the SQL back end sees them: without anybody's view."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.storage import records
from tests.databases import ON_BOTH
from tests.unit.access.depot import NOW, Depot, depot, filled, opened, somebody

pytestmark = ON_BOTH


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Depot]:
    database = filled(tmp_path)
    with database.write() as connection:
        yield opened(connection, depot("{}"), somebody())
    database.close()


def test_waiting_counts_from_the_entry_into_the_present_state(house: Depot) -> None:
    facts = house.facts
    times = {"open_at": NOW - timedelta(days=400, microseconds=7), "done_at": NOW + timedelta(seconds=3)}
    for id in ("o1", "o3"):
        records.change(facts.connection, facts.tables["orders"], id, times)
    raw = facts.raw()
    row = raw.table("orders")
    found = dict(tuple(r) for r in facts.connection.execute(select(row.c.id, raw.computed("orders", "waiting", row))))
    assert found["o1"] == timedelta(days=400, microseconds=7)
    assert found["o3"] == timedelta(seconds=-3), "a clock that was set back"
    assert found["o2"] is None


def test_each_use_of_a_table_is_an_alias_of_its_own(house: Depot) -> None:
    raw = house.facts.raw()
    one, other = raw.table("orders"), raw.table("orders")
    query = select(one.c.id, other.c.id).where(one.c.customer == other.c.customer, one.c.id != other.c.id)
    assert house.facts.connection.execute(query).all() == []


def test_everything_is_there_whoever_asks(house: Depot) -> None:
    row = house.facts.raw().table("orders")
    assert len(house.facts.connection.execute(select(row)).all()) == 5
