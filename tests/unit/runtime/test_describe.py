"""What an actor is told of an app is what that actor can see and do in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.databases import ON_BOTH
from tests.unit.runtime.depot import COUNTER, GUEST, KEEPER, SELLER, depot
from tests.world import World, actor

pytestmark = ON_BOTH


@pytest.fixture(scope="module")
def world(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder: Path = tmp_path_factory.mktemp("describe")
    return depot(folder)


def tables(world: World, who: Any) -> dict[str, Any]:
    return {table["name"]: table for table in world.runtime.describe(world.app, who)["tables"]}


def fields(table: dict[str, Any], what: str) -> set[str]:
    return {field["name"] for field in table["fields"] if field["can"][what]}


def test_only_what_shows_is_named(world: World) -> None:
    assert set(tables(world, KEEPER)) == {"customers", "orders", "items", "labels"}
    assert set(tables(world, GUEST)) == {"customers"}
    assert fields(tables(world, GUEST)["customers"], "read") == {"name"}
    text = repr(world.runtime.describe(world.app, SELLER))
    assert "pieces" not in text
    assert "labels" not in text
    assert world.runtime.describe(world.app, actor())["tables"] == []


def test_what_may_be_done(world: World) -> None:
    orders = tables(world, KEEPER)["orders"]
    assert fields(orders, "create") == {"store", "phone", "amount", "note", "customer", "parent"}
    assert not fields(orders, "edit") & {"no", "twice", "status"}
    assert [child["name"] for child in orders["children"]] == ["items"]
    assert orders["create"]
    mine = tables(world, SELLER)["orders"]
    assert (fields(mine, "edit"), mine["create"], mine["prefill"]) == ({"note"}, False, {})


def test_boards_and_states_show_to_who_reads_the_state(world: World) -> None:
    for who, boards in ((KEEPER, ["flow", "known"]), (SELLER, ["flow", "known"]), (COUNTER, []), (GUEST, [])):
        assert [board["name"] for board in world.runtime.describe(world.app, who)["boards"]] == boards
    assert tables(world, COUNTER)["orders"]["flow"] is None
    assert [state["name"] for state in tables(world, SELLER)["orders"]["flow"]["states"]] == ["open", "done"]


def test_titles_are_in_the_actor_s_language_and_the_display_is_one_that_shows(world: World) -> None:
    assert tables(world, replace(KEEPER, locale="en"))["orders"]["title"] == "Orders"
    assert tables(world, KEEPER)["customers"]["display"] == "name"
    assert tables(world, SELLER)["customers"]["display"] == "phone"
