"""What a search reaches beyond the record's own texts: linked records and the goods of its rows, as far as they are seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.model.change import Actor
from tests.databases import ON_BOTH
from tests.world import World, actor, make_world

pytestmark = ON_BOTH

CLERK, OTHER_STORE = actor("clerk", store="s1"), actor("clerk", store="s2", name="小吴")
PICKER, BUYER, PARTNER = actor("picker"), actor("buyer"), actor("partner")


@pytest.fixture(scope="module")
def world(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = make_world(tmp_path_factory.mktemp("search"))
    oil = world.create("products", sku="YOU-1", name="全合成机油", category="engine").id
    tyre = world.create("products", sku="TAI-1", name="轮胎", category="other").id
    customer = world.create("customers", name="周杰修理厂", phone="13800001234").id
    for remark, product in (("a", oil), ("b", tyre)):
        rows = {"items": [{"product": product, "quantity": 1, "price": "900"}]}
        owner = {"customer": customer} if remark == "a" else {}
        world.create("orders", channel="phone", store="s1", amount="900", remark=remark, children=rows, **owner)
    yield world
    world.runtime.database.close()


def found(world: World, who: Actor, search: str) -> list[str]:
    return sorted(record["values"]["remark"] for record in world.list("orders", who, search=search))


@pytest.mark.parametrize("search", ["机油", "you-1", "修理厂"])
def test_goods_and_the_customer_lead_to_the_order(world: World, search: str) -> None:
    assert found(world, CLERK, search) == ["a"]
    assert found(world, BUYER, search) == ["a"]


def test_the_board_finds_the_same(world: World) -> None:
    board = world.runtime.board("order_tracking", "desk", CLERK, "轮胎")
    assert [card["titles"].get("customer") for column in board["columns"] for card in column["cards"]] == [None]


def test_nobody_finds_by_what_they_do_not_see(world: World) -> None:
    assert found(world, OTHER_STORE, "机油") == []
    assert found(world, PICKER, "修理厂") == []
    assert found(world, PICKER, "机油") == ["a"]
    assert found(world, CLERK, "0001234") == []
    assert found(world, BUYER, "0001234") == ["a"]
    assert found(world, CLERK, "100%") == []
