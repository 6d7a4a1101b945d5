"""Two people, one record: refused only where both wrote, with who, and the value only for who may read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.change import Actor, Write
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import KEEPER, SELLER, depot, order
from tests.unit.runtime.shop import BOSS, files
from tests.world import World, actor, make_world

pytestmark = ON_BOTH


@pytest.fixture
def world(tmp_path: Path) -> World:
    return depot(tmp_path)


def write(world: World, id: str, who: Actor, version: int, transition: str | None = None, **values: object) -> int:
    request = Write(world.app, "orders", id, values, transition=transition, expected_version=version)
    return world.runtime.write(request, who).version


def conflict(world: World, id: str, who: Actor, version: int, transition: str | None = None, **values: object) -> Problem:
    with pytest.raises(Problem) as problem:
        write(world, id, who, version, transition, **values)
    assert problem.value.status == 412
    return problem.value


def test_other_fields_are_no_conflict_the_same_one_is(world: World) -> None:
    id = order(world, store="s1")
    assert write(world, id, KEEPER, 1, pieces=3) == 2
    assert write(world, id, SELLER, 1, note="mine") == 3
    problem = conflict(world, id, KEEPER, 2, note="no, mine")
    assert [fault.path for fault in problem.errors] == ["note"]
    assert problem.facts["version"] == 3
    (fact,) = problem.facts["changes"]
    assert (fact["field"], fact["who"], fact["value"]) == ("note", "销售", "mine")
    assert world.raw("orders", id)["note"] == "mine"
    assert write(world, id, KEEPER, 3, note="now") == 4


def test_a_masked_value_is_not_told(tmp_path: Path) -> None:
    world = depot(tmp_path, ("      edit: {note: true}", "      edit: {note: true, phone: true}"))
    id = order(world, store="s1", phone="13800001234")
    write(world, id, KEEPER, 1, phone="13855556666")
    problem = conflict(world, id, SELLER, 1, phone="13811112222")
    assert "5556666" not in repr(problem.facts) + repr(problem.errors) + problem.detail.zh
    assert problem.facts["changes"][0]["field"] == "phone"


def test_a_state_that_moved_meanwhile(world: World) -> None:
    id = order(world, store="s1")
    write(world, id, KEEPER, 1, pieces=1)
    write(world, id, KEEPER, 1, "finish")
    assert [fault.path for fault in conflict(world, id, KEEPER, 2, "finish").errors] == ["status"]


def test_what_a_rule_changed_is_said_to_be_a_rule(tmp_path: Path) -> None:
    rule = "rules:\n  noted:\n    when: {created: orders}\n    then: [{set: {note: \"'by rule'\"}}]\n"
    world = depot(tmp_path, zz=rule)
    id = order(world, store="s1")
    assert "规则" in conflict(world, id, SELLER, 1, note="x").detail.zh


def test_a_version_that_is_not_there_yet(world: World) -> None:
    id = order(world, store="s1")
    assert conflict(world, id, KEEPER, 7, note="x").code == "unknown_version"


def test_who_may_not_write_the_field_is_told_that_and_not_that_it_changed(world: World) -> None:
    id = order(world, store="s1", amount="1.00")
    write(world, id, KEEPER, 1, amount="2.00")
    with pytest.raises(Problem) as refused:
        write(world, id, actor("seller", store="s1"), 1, amount="3.00")
    assert refused.value.status == 403


@pytest.fixture
def shop(tmp_path: Path) -> World:
    return make_world(tmp_path, files(0))


def shop_write(world: World, who: Actor, id: str, version: int, /, **parts: Any) -> None:
    world.runtime.write(Write("shop", "orders", id, parts.pop("values", {}), expected_version=version, **parts), who)


def shop_conflict(world: World, who: Actor, id: str, version: int, /, **parts: Any) -> list[str]:
    with pytest.raises(Problem) as problem:
        shop_write(world, who, id, version, **parts)
    assert (problem.value.status, problem.value.code) == (412, "conflict")
    return sorted(fault.path for fault in problem.value.errors)


def test_a_move_rests_on_what_its_guard_and_needs_read(shop: World) -> None:
    id = shop.create("orders", BOSS, outer="1", amount="60.00", cost="1.00").id
    seen = shop.raw("orders", id)["version"]
    shop.change("orders", id, BOSS, outer="2")
    shop.change("orders", id, BOSS, amount="70.00")
    assert shop_conflict(shop, BOSS, id, seen, transition="finish") == ["amount"]
    shop.change("orders", id, BOSS, cost="2.00")
    assert shop_conflict(shop, BOSS, id, seen, transition="finish") == ["amount", "cost"]
    shop_write(shop, BOSS, id, seen + 3, transition="finish")


def test_a_move_does_not_mind_fields_it_does_not_read(shop: World) -> None:
    id = shop.create("orders", BOSS, outer="1", amount="60.00", cost="1.00").id
    seen = shop.raw("orders", id)["version"]
    shop.change("orders", id, BOSS, outer="2")
    shop_write(shop, BOSS, id, seen, transition="finish")
    assert shop.raw("orders", id)["status"] == "done"


def test_a_removal_rests_on_every_field_that_its_author_sees(shop: World) -> None:
    id = shop.create("orders", BOSS, outer="1", amount="60.00").id
    seen = shop.raw("orders", id)["version"]
    shop.change("orders", id, BOSS, outer="2")
    assert shop_conflict(shop, BOSS, id, seen, delete=True) == ["outer"]
    shop_write(shop, BOSS, id, seen + 1, delete=True)


def test_rows_of_a_bulk_edit_conflict_each_for_itself(shop: World) -> None:
    ids = [shop.create("orders", BOSS, outer=str(n), amount="60.00").id for n in range(3)]
    seen = shop.raw("orders", ids[0])["version"]
    shop.change("orders", ids[1], BOSS, amount="61.00")
    shop.change("orders", ids[2], BOSS, outer="9")
    edits = [Write("shop", "orders", id, {"amount": "70.00"}, expected_version=seen) for id in (*ids, ids[0])]
    results = list(shop.runtime.write_many("shop", edits, BOSS))
    assert [getattr(result, "code", "done") for result in results] == ["done", "conflict", "done", "conflict"]
    assert [str(shop.raw("orders", id)["amount"]) for id in ids] == ["70.00", "61.00", "70.00"]
