"""A board counts, sums and shows what its viewer sees, and is not there for who may not read the state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.change import Actor
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import COUNTER, GUEST, KEEPER, SELLER, depot, order
from tests.world import World, actor

pytestmark = ON_BOTH


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = depot(tmp_path)
    known = world.create("customers", name="恒驰", phone="13700000001", level=3).id
    order(world, store="s1", amount="10.00", paid=True, customer=known, cost="1.00")
    order(world, store="s1", amount="20.00", paid=False, phone="13800001234")
    order(world, store="s2", amount="400.50", customer=known)
    world.move("orders", order(world, store="s2"), "finish")
    return world


def board(world: World, who: Actor, name: str = "flow") -> dict[str, Any]:
    return world.runtime.board(world.app, name, who)


def column(found: dict[str, Any], state: str) -> dict[str, Any]:
    return next(c for c in found["columns"] if c["state"] == state)


def test_counts_and_sums_are_of_what_the_viewer_sees(world: World) -> None:
    open_, done = (column(board(world, KEEPER), state) for state in ("open", "done"))
    assert (open_["count"], open_["sum"], open_["sum_field"]) == (3, "430.50", "amount")
    assert (done["count"], done["sum"]) == (1, "0.00")
    mine = column(board(world, SELLER), "open")
    assert (mine["count"], mine["sum"]) == (2, "10.00"), "the other amount shows only once paid"
    assert [card["values"]["amount"] for card in mine["cards"]] == ["10.00", None]
    assert column(board(world, SELLER), "done")["count"] == 0


def test_cards_are_sorted_masked_and_titled(world: World) -> None:
    cards = column(board(world, KEEPER), "open")["cards"]
    assert [card["values"]["amount"] for card in cards] == ["400.50", "20.00", "10.00"]
    assert cards[0]["titles"] == {"customer": "恒驰"}
    assert cards[0]["since"] == "2026-11-22T02:00:00Z"
    assert [move["name"] for move in cards[0]["moves"]] == ["finish"]
    assert {card["values"]["phone"] for card in column(board(world, SELLER), "open")["cards"]} == {None, "138****1234"}


@pytest.mark.parametrize("name", ["flow", "known", "nonsense"])
@pytest.mark.parametrize("who", [COUNTER, GUEST, actor()])
def test_without_the_state_there_is_no_board(world: World, name: str, who: Actor) -> None:
    with pytest.raises(Problem) as missing:
        board(world, who, name)
    assert (missing.value.status, missing.value.code) == (404, "not_found")


def test_a_board_s_own_filter_on_what_the_viewer_may_not_see_shows_nothing(world: World) -> None:
    assert column(board(world, KEEPER, "known"), "open")["count"] == 2
    found = board(world, SELLER, "known")
    assert [c["count"] for c in found["columns"]] == [0, 0], "the seller does not see levels of customers"


@pytest.mark.parametrize(
    "where", ["count(items, count > 0) > 0", "pieces > 0", "sum(items, count) > 0", "find(customers, level > 1) == customer"]
)
def test_any_filter_over_hidden_things_answers(tmp_path: Path, where: str) -> None:
    world = depot(tmp_path, ('where: "customer.level > 1"', f'where: "{where}"'))
    order(world, "x", store="s1")
    assert board(world, KEEPER, "known")["columns"]
    assert [c["count"] for c in board(world, SELLER, "known")["columns"]][1] == 0


def test_an_unchanged_board_has_the_same_etag_though_time_goes_on(world: World) -> None:
    first = board(world, SELLER)
    world.clock.forward(minutes=5)
    assert board(world, SELLER)["etag"] == first["etag"]
    order(world, store="s2")
    assert board(world, SELLER)["etag"] == first["etag"], "it is out of sight"
    order(world, store="s1")
    assert board(world, SELLER)["etag"] != first["etag"]


def test_more_cards_than_are_shown_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.runtime.board.CARDS", 2)
    open_ = column(board(world, KEEPER), "open")
    assert (len(open_["cards"]), open_["count"], open_["more"]) == (2, 3, 1)
