"""A masked number is found by the whole of it only, and every such look-up is kept and counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from engine.model.change import Actor
from engine.model.problem import Problem
from engine.runtime.exact import PER_MINUTE
from engine.storage.journal import journal
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import COUNTER, KEEPER, SELLER, depot, order
from tests.world import World, actor

pytestmark = ON_BOTH

NUMBER = "13800001234"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = depot(tmp_path)
    order(world, store="s1", phone=NUMBER, note="a")
    order(world, store="s1", phone="13855551234", note="b")
    order(world, store="s2", phone=NUMBER, note="c")
    return world


def notes(world: World, who: Actor, **options: str) -> list[str | None]:
    return sorted(record["values"].get("note") or "" for record in world.list("orders", who, **options))


def looked_up(world: World) -> list[tuple[str, str, str]]:
    with world.runtime.database.read() as connection:
        rows = connection.execute(select(journal).where(journal.c.kind == "looked_up"))
        return [(row.table, row.actor_name, row.changes) for row in rows]


@pytest.mark.parametrize("where", [f"phone == '{NUMBER}'", f"'{NUMBER}' == phone", f"phone == '{NUMBER}' and note != 'z'"])
def test_the_full_number_finds_and_is_journalled_without_being_told(world: World, where: str) -> None:
    assert notes(world, SELLER, where=where) == ["a"], "in scope only"
    ((table, name, changes),) = looked_up(world)
    assert (table, name) == ("orders", "销售")
    assert "138****1234" in changes
    assert NUMBER not in changes


def test_search_finds_it_too(world: World) -> None:
    assert notes(world, SELLER, search=NUMBER) == ["a"]
    assert notes(world, SELLER, search=" 138-0000-1234 ") == ["a"], "as people write it"
    assert len(looked_up(world)) == 2


@pytest.mark.parametrize(
    "where",
    [
        "phone == '1380000123'",
        "phone == '138'",
        "phone == '%'",
        f"not phone != '{NUMBER}'",
        f"phone in ['{NUMBER}']",
        f"contains(phone, '{NUMBER[:8]}')",
        f"starts_with(phone, '{NUMBER[:5]}')",
        f"phone < '{NUMBER}' and phone > '13800001233'",
        f"not phone == '{NUMBER}' and note == 'nothing'",
        f"(phone if True else '') == '{NUMBER}'",
    ],
)
def test_nothing_else_finds(world: World, where: str) -> None:
    assert notes(world, SELLER, where=where) == []


@pytest.mark.parametrize("search", ["1380000123", "0001234", "138****1234", "%380000123_", "N0001 or 1"])
def test_part_of_it_or_its_mask_finds_nothing(world: World, search: str) -> None:
    assert notes(world, SELLER, search=search) == []


def test_a_mask_without_the_right_is_not_found_by_its_number(world: World) -> None:
    assert world.list("orders", COUNTER, where=f"phone == '{NUMBER}'") == []
    assert world.list("orders", COUNTER, search=NUMBER) == []
    assert looked_up(world) == []


def test_who_sees_the_number_looks_nothing_up(world: World) -> None:
    assert notes(world, KEEPER, search="0001234") == ["a", "c"]
    assert looked_up(world) == []


def test_words_that_can_be_no_number_are_no_look_up(world: World) -> None:
    assert notes(world, SELLER, search="一二三四五六七八九") == []
    assert notes(world, SELLER, search="Feuerwehr Altona") == []
    assert looked_up(world) == []


def test_too_many_a_minute_are_refused_and_a_minute_later_it_goes_on(world: World) -> None:
    for n in range(PER_MINUTE):
        world.list("orders", SELLER, search=f"1380001{n:04d}")
    with pytest.raises(Problem) as refused:
        world.list("orders", SELLER, search=NUMBER)
    assert (refused.value.status, refused.value.facts["retry_after"]) == (429, 60)
    with pytest.raises(Problem) as refused:
        world.runtime.board(world.app, "flow", SELLER, NUMBER)
    assert refused.value.status == 429
    assert notes(world, actor("seller", name="另一位", store="s1"), search=NUMBER) == ["a"], "each their own"
    assert len(world.list("orders", SELLER, search="a")) == 1, "other searches go on"
    world.clock.forward(seconds=61)
    assert notes(world, SELLER, search=NUMBER) == ["a"]


def test_many_numbers_in_one_filter_count_each(world: World) -> None:
    many = " or ".join(f"phone == '1380001{n:04d}'" for n in range(PER_MINUTE + 1))
    with pytest.raises(Problem) as refused:
        world.list("orders", SELLER, where=many)
    assert refused.value.status == 429


def test_a_board_s_search_is_a_look_up_too(world: World) -> None:
    board = world.runtime.board(world.app, "flow", SELLER, NUMBER)
    assert [card["values"]["phone"] for column in board["columns"] for card in column["cards"]] == ["138****1234"]
    assert len(looked_up(world)) == 1


def test_a_masked_sum_that_may_be_found_exactly(tmp_path: Path) -> None:
    world = depot(tmp_path, ("cost: masked", "cost: {show: masked, find: exact}"))
    order(world, store="s1", cost="12345.67")
    order(world, store="s1", cost="76543.21")
    assert [r["values"]["cost"] for r in world.list("orders", SELLER, search="12345.67")] == ["****"]
    assert len(world.list("orders", SELLER, where="cost == '12345.67'")) == 1
    assert world.list("orders", SELLER, where="cost == 'no such number'") == []
    assert world.list("orders", SELLER, search="no such number") == []
