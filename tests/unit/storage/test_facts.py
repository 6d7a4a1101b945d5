"""What expressions ask while a request runs: own writes at once, nothing sure after a rollback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.storage import records
from engine.storage.facts import Facts
from tests.databases import ON_BOTH
from tests.unit.access.depot import NOW, Depot, depot, filled, opened, order, somebody

pytestmark = ON_BOTH


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Depot]:
    database = filled(tmp_path)
    with database.write() as connection:
        yield opened(connection, depot("{}"), somebody("one"))
    database.close()


def whole(facts: Facts, table: str, **values: Any) -> dict[str, Any]:
    system = {"version": 1, "created_at": NOW, "created_by": "x", "updated_at": NOW, "updated_by": "x", "flags": frozenset()}
    return {**{column.name: None for column in facts.tables[table].columns}, **system, **values}


def ids(found: Any) -> list[str]:
    return [record["id"] for record in found]


def test_a_record_is_fetched_once_and_then_known(house: Depot) -> None:
    facts = house.facts
    assert facts.link("orders", None) is None
    assert facts.link("orders", "nothing") is None
    first = facts.link("orders", "o1")
    records.change(facts.connection, facts.tables["orders"], "o1", {"no": "changed behind its back"})
    assert facts.link("orders", "o1") is first
    facts.forget()
    assert facts.link("orders", "o1")["no"] == "changed behind its back"


def test_own_writes_are_seen_without_asking(house: Depot) -> None:
    facts = house.facts
    assert ids(facts.children("orders", "customer", "c1")) == ["o1"]
    new = whole(facts, "orders", id="o9", customer="c1", amount=Decimal("1.00"))
    records.add(facts.connection, facts.tables["orders"], new)
    facts.added("orders", new)
    assert facts.link("orders", "o9") is new
    assert ids(facts.children("orders", "customer", "c1")) == ["o1", "o9"]
    facts.changed("orders", {**new, "customer": "c2"})
    records.change(facts.connection, facts.tables["orders"], "o9", {"customer": "c2"})
    assert ids(facts.children("orders", "customer", "c1")) == ["o1"]
    assert ids(facts.children("orders", "customer", "c2")) == ["o2", "o9"]
    records.remove(facts.connection, facts.tables["orders"], "o9")
    facts.removed("orders", "o9")
    assert facts.link("orders", "o9") is None
    assert ids(facts.children("orders", "customer", "c2")) == ["o2"]


def test_a_new_record_has_no_children_and_that_is_known(house: Depot) -> None:
    facts = house.facts
    new = whole(facts, "customers", id="c9", name="新")
    facts.added("customers", new)
    assert facts.children("orders", "customer", "c9") == []


def test_after_a_rollback_nothing_is_sure(house: Depot) -> None:
    facts = house.facts
    savepoint = facts.connection.begin_nested()
    new = whole(facts, "orders", id="o9", customer="c1")
    records.add(facts.connection, facts.tables["orders"], new)
    facts.added("orders", new)
    facts.children("orders", "customer", "c1")
    savepoint.rollback()
    facts.forget()
    assert facts.link("orders", "o9") is None
    assert ids(facts.children("orders", "customer", "c1")) == ["o1"]


def test_computed_fields_agree_with_sql(house: Depot) -> None:
    facts = house.facts
    for id in ("o1", "o2", "o3", "o4"):
        records.change(facts.connection, facts.tables["orders"], id, {"open_at": NOW - timedelta(minutes=5, microseconds=1)})
    raw = facts.raw()
    row = raw.table("orders")
    for field in ("waiting", "level"):
        found = dict(tuple(r) for r in facts.connection.execute(select(row.c.id, raw.computed("orders", field, row))))
        assert len(found) == 5
        for id, value in found.items():
            assert facts.computed("orders", field, facts.link("orders", id)) == value, (field, id)
    assert facts.computed("orders", "waiting", facts.link("orders", "o1")) == timedelta(minutes=5, microseconds=1)
    assert facts.computed("orders", "waiting", facts.link("orders", "o3")) is None, "the time of entry is not known"
    assert facts.computed("orders", "level", facts.link("orders", "o4")) is None, "its customer is gone"


def test_a_record_without_columns_it_never_had_is_a_fault_of_the_test(house: Depot) -> None:
    """The depot's raw records for decisions and the rows of the table agree."""
    assert set(order("x")) - {"level"} <= set(house.facts.link("orders", "o1"))
