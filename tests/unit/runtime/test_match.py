"""Rows that name a record by key: made, changed, left alone or refused, and never a word about what is out of sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.change import Actor, Mode, Outcome, Write
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.unit.runtime.shop import BOSS, CLERK, fixed
from tests.world import World, actor, make_world

pytestmark = ON_BOTH
KEY = ("shop", "outer")


@pytest.fixture
def shop(tmp_path: Path) -> World:
    return make_world(tmp_path, fixed())


def by_key(world: World, who: Actor, mode: Mode, match: tuple[str, ...] = KEY, /, **values: Any) -> Outcome:
    return world.runtime.write(Write("shop", "orders", values=values, match=match, mode=mode), who)


def refusal(world: World, who: Actor, mode: Mode, match: tuple[str, ...] = KEY, /, **values: Any) -> Any:
    with pytest.raises(Problem) as caught:
        by_key(world, who, mode, match, **values)
    problem = caught.value
    return problem.status, problem.code, problem.detail, problem.errors, problem.remedies, dict(problem.facts)


def test_an_upsert_makes_and_then_changes(shop: World) -> None:
    made = by_key(shop, BOSS, Mode.UPSERT, shop="a", outer=" X ", amount="60")
    assert made.created
    again = by_key(shop, BOSS, Mode.UPSERT, ("outer", "shop"), shop="a", outer="X", amount="61")
    assert (again.id, again.created, str(shop.raw("orders", made.id)["amount"])) == (made.id, False, "61.00")
    same = by_key(shop, BOSS, Mode.UPSERT, shop="a", outer="X", amount="61")
    assert (same.entry, same.version) == (None, again.version)


def test_what_is_skipped_stays_as_it_is(shop: World) -> None:
    id = by_key(shop, BOSS, Mode.SKIP, shop="a", outer="X", amount="60").id
    before = shop.raw("orders", id)
    skipped = by_key(shop, BOSS, Mode.SKIP, shop="a", outer="X", amount="61")
    assert (skipped.id, skipped.skipped, skipped.created) == (id, True, False)
    assert shop.raw("orders", id) == before


def test_only_an_update_makes_nothing(shop: World) -> None:
    assert refusal(shop, BOSS, Mode.UPDATE, shop="a", outer="X", amount="60")[:2] == (404, "not_found")
    assert shop.all("orders") == []


def test_a_key_must_be_one_and_be_there(shop: World) -> None:
    wrong = refusal(shop, BOSS, Mode.UPSERT, ("outer",), shop="a", outer="X")
    assert [(fault.path, fault.code) for fault in wrong[3]] == [("match", "no_such_key")]
    assert "shop,outer" in wrong[3][0].message.en
    empty = refusal(shop, BOSS, Mode.UPSERT, shop="a", amount="60")
    assert [(fault.path, fault.code) for fault in empty[3]] == [("outer", "no_match_value")]
    with_rows = Write("shop", "orders", values={"shop": "a", "outer": "X"}, children={"lines": [{"price": "1"}]}, match=KEY)
    shop.runtime.write(with_rows, BOSS)
    with pytest.raises(Problem) as caught:
        shop.runtime.write(
            Write("shop", "orders", None, with_rows.values, with_rows.children, match=KEY, mode=Mode.UPSERT), BOSS
        )
    assert [fault.code for fault in caught.value.errors] == ["children_of_match"]


@pytest.mark.parametrize("mode", [Mode.UPSERT, Mode.SKIP, Mode.CREATE])
def test_a_record_out_of_sight_is_met_as_by_a_new_record(shop: World, mode: Mode) -> None:
    shop.create("orders", BOSS, shop="a", outer="X", store="s2", amount="60")
    given = {"shop": "a", "outer": "X", "store": "s1", "amount": "70"}
    with pytest.raises(Problem) as caught:
        shop.create("orders", CLERK, **given)
    plain = caught.value
    told = refusal(shop, CLERK, mode, **given)
    assert told == (409, "duplicate", plain.detail, plain.errors, plain.remedies, {})


def test_an_update_by_key_tells_nothing_of_what_is_out_of_sight(shop: World) -> None:
    shop.create("orders", BOSS, shop="a", outer="X", store="s2", amount="60")
    there = refusal(shop, CLERK, Mode.UPDATE, shop="a", outer="X", amount="70")
    assert there == refusal(shop, CLERK, Mode.UPDATE, shop="a", outer="nobody's", amount="70")
    assert there[:2] == (404, "not_found")


def test_a_masked_key_finds_nothing(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.create("customers", name="王伟", phone="13800001234")
    clerk = actor("clerk", store="s1")
    told = []
    for phone in ("13800001234", "13800009999"):
        write = Write(world.app, "customers", values={"phone": phone, "name": "x"}, match=("phone",), mode=Mode.UPDATE)
        with pytest.raises(Problem) as caught:
            world.runtime.write(write, clerk)
        told.append((caught.value.status, caught.value.code, caught.value.detail, caught.value.errors))
    assert told[0] == told[1]


def test_rows_of_one_batch_meet_each_other(shop: World) -> None:
    rows = [{"shop": "a", "outer": outer, "amount": amount} for outer, amount in (("X", "60"), ("X", "61"), ("Y", "62"))]
    for mode, said in ((Mode.UPSERT, [True, False, True]), (Mode.SKIP, [False, False, False])):
        writes = [Write("shop", "orders", values=row, match=KEY, mode=mode) for row in rows]
        results = list(shop.runtime.write_many("shop", writes, BOSS))
        assert [getattr(result, "created", None) for result in results] == said
    assert sorted((record["outer"], str(record["amount"])) for record in shop.all("orders")) == [("X", "61.00"), ("Y", "62.00")]
