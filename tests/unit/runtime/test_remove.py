"""Deleting: what points at a record goes with it, lets go of it, or holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.change import Actor, Outcome, Write
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import CLEANER, COUNTER, KEEPER, SELLER, depot, order
from tests.world import SYSTEM, World

pytestmark = ON_BOTH


@pytest.fixture
def world(tmp_path: Path) -> World:
    return depot(tmp_path)


def delete(world: World, table: str, id: str, who: Actor = KEEPER, version: int | None = None) -> Outcome:
    return world.runtime.write(Write(world.app, table, id, delete=True, expected_version=version), who)


def refusal(world: World, table: str, id: str, who: Actor = KEEPER, version: int | None = None) -> Problem:
    with pytest.raises(Problem) as problem:
        delete(world, table, id, who, version)
    return problem.value


def test_its_items_go_with_it_and_each_leaves_a_line(world: World) -> None:
    id, other = order(world, "a", "b"), order(world, "c")
    assert delete(world, "orders", id).deleted
    assert [item["order"] for item in world.all("items")] == [other]
    with world.runtime.database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT \"table\", actor_name, cause FROM journal WHERE kind = 'deleted' ORDER BY id"
        )
        lines = [tuple(row) for row in found]
    assert [(table, name) for table, name, _ in lines] == [("orders", "库管"), ("items", "库管"), ("items", "库管")]
    assert lines[0][2] is None
    assert lines[1][2] == lines[2][2] is not None


def test_what_holds_something_deep_down_holds_all_of_it(world: World) -> None:
    id = order(world, "a", "b")
    world.create("labels", item=world.all("items")[1]["id"])
    problem = refusal(world, "orders", id)
    assert (problem.status, problem.code) == (409, "still_linked")
    assert len(world.all("items")) == 2, "nothing half done"
    assert world.get("orders", id, KEEPER)


def test_a_link_that_is_cleared(world: World) -> None:
    customer = world.create("customers", name="x").id
    id = order(world, customer=customer)
    delete(world, "customers", customer)
    record = world.raw("orders", id)
    assert (record["customer"], record["version"]) == (None, 2)
    line = world.runtime.history(world.app, "orders", id, KEEPER)[-1]
    assert [change["field"] for change in line["changes"]] == ["customer"]


def test_records_that_point_in_a_circle_all_go(world: World) -> None:
    first = order(world)
    second = order(world, parent=first)
    world.change("orders", first, parent=second)
    alone = order(world)
    world.change("orders", alone, parent=alone)
    delete(world, "orders", first)
    delete(world, "orders", alone)
    assert world.all("orders") == []


def test_an_item_taken_away_is_judged_by_its_order(world: World) -> None:
    id = order(world, "a", amount="5000.00")
    assert world.raw("orders", id)["flags"] == frozenset()
    delete(world, "items", world.all("items")[0]["id"])
    assert world.raw("orders", id)["flags"] == {"has_items"}


def test_who_may(world: World) -> None:
    id = order(world, store="s1")
    assert refusal(world, "orders", id, SELLER).status == 403
    assert refusal(world, "orders", order(world, store="s2"), SELLER).status == 404
    assert refusal(world, "orders", "nothing").status == 404
    assert refusal(world, "items", "nothing", COUNTER).status == 404
    world.move("orders", id, "finish")
    problem = refusal(world, "orders", id)
    assert problem.status == 403
    assert "开" in problem.detail.zh, "it says when it would be possible"
    assert problem.errors[0].span is not None
    assert delete(world, "orders", id, SYSTEM).deleted


def test_a_version_that_is_no_longer_the_last_is_not_deleted(world: World) -> None:
    id = order(world)
    world.change("orders", id, COUNTER, pieces=3)
    problem = refusal(world, "orders", id, version=1)
    assert (problem.status, problem.code) == (412, "conflict")
    assert delete(world, "orders", id, version=2).deleted


def test_what_is_out_of_sight_is_not_counted_out(world: World) -> None:
    """How many labels there are is nobody's business who sees no labels."""
    order(world, "a", store="s1")
    (item,) = world.all("items")
    for text in ("x", "y", "z"):
        world.create("labels", item=item["id"], text=text)
    seen = refusal(world, "items", item["id"])
    assert "3 条「标签」" in seen.detail.zh
    unseen = refusal(world, "items", item["id"], CLEANER)
    assert unseen.code == seen.code
    assert "3" not in unseen.detail.zh
    assert "标签" not in unseen.detail.zh
