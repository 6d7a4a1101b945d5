"""The worker brings SQLite's search indexes forward in steps, and each step leaves every answer as it was. (PostgreSQL's index
takes each row itself.)"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from engine.runtime.tend import tend
from engine.storage import search_index, search_sqlite
from tests.world import World, actor, make_world

BUYER = actor("buyer")


def customers(world: World, first: int, count: int) -> None:
    """Written past the doors, as a restore or a script would."""
    table = world.runtime.program(world.app).tables["customers"]
    known = {"version": 1, "created_at": world.clock.now, "updated_at": world.clock.now, "created_by": "x", "updated_by": "x"}
    rows = [{**known, "id": f"c{n:05d}", "name": f"客户{n:04d}号"} for n in range(first, first + count)]
    with world.runtime.database.write() as connection:
        connection.execute(insert(table), rows)


def folded(world: World) -> int:
    indexes = search_index.search_indexes
    with world.runtime.database.read() as connection:
        return int(connection.scalar(select(indexes.c.folded).where(indexes.c.table.endswith("__customers"))) or 0)


def found(world: World, text: str) -> list[str]:
    return [record["values"]["name"] for record in world.list("customers", BUYER, search=text)]


def test_new_rows_are_folded_once_there_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_sqlite, "_FEW", 10)
    world = make_world(tmp_path)
    customers(world, 0, 9)
    assert not tend(world.runtime.core)
    assert (folded(world), found(world, "客户0003号")) == (0, ["客户0003号"])
    customers(world, 9, 1)
    assert not tend(world.runtime.core)
    assert (folded(world), found(world, "客户0003号")) == (10, ["客户0003号"])
    world.change("customers", "c00003", name="改过名的")
    assert (found(world, "客户0003号"), found(world, "改过名")) == ([], ["改过名的"])


def test_it_takes_so_many_steps_and_says_that_more_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_sqlite, "_FEW", 10)
    monkeypatch.setattr(search_index, "STEP", 10)
    world = make_world(tmp_path)
    customers(world, 0, 35)
    assert tend(world.runtime.core, steps=2)
    assert folded(world) == 20
    assert found(world, "客户0034号") == ["客户0034号"]
    assert not tend(world.runtime.core)
    assert folded(world) == 30
