"""What is worked out once serves nobody and no moment but those for which it is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.model.change import Actor
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import COUNTER, KEEPER, SELLER, depot, files, order
from tests.world import OWNER, World, actor

pytestmark = ON_BOTH


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = depot(tmp_path)
    yield world
    world.runtime.database.close()


def ids(world: World, who: Actor, **options: Any) -> list[str]:
    return [record["id"] for record in world.list("orders", who, **options)]


def twice(world: World, who: Actor, **options: Any) -> list[str]:
    """The second answer comes from what was kept of the first."""
    first = ids(world, who, **options)
    assert ids(world, who, **options) == first
    return first


@pytest.mark.parametrize("options", [{}, {"where": "note == 'a'"}, {"search": "a"}, {"sort": ("-no",), "limit": 1}])
def test_the_same_question_shows_each_his_own(world: World, options: dict[str, Any]) -> None:
    mine, theirs = order(world, store="s1", note="a"), order(world, store="s2", note="a")
    assert twice(world, SELLER, **options) == [mine]
    assert twice(world, actor("seller", name="销售", store="s2"), **options) == [theirs]
    assert twice(world, actor("seller", name="销售", store=None), **options) == []
    assert twice(world, SELLER, **options) == [mine]


def test_who_holds_another_role_now_is_shown_that_roles_values(world: World) -> None:
    order(world, store="s1", cost="7.00", phone="13800001234", pieces=3)
    seen = [
        world.list("orders", replace(SELLER, roles=frozenset({role})))[0]["values"] for role in ("seller", "counter", "keeper")
    ]
    assert [values.get("cost") for values in seen] == ["****", None, "7.00"]
    assert [values.get("pieces") for values in seen] == [None, 3, 3]
    both = replace(SELLER, roles=frozenset({"seller", "keeper"}), seen_as="counter")
    assert "cost" not in world.list("orders", both)[0]["values"]


def test_a_new_revision_shows_what_it_says(world: World) -> None:
    order(world, store="s1", note="n")
    assert "note" in world.list("orders", SELLER)[0]["values"]
    world.runtime.publish(files(("        note: true\n        status: true\n", "        status: true\n")), OWNER)
    assert "note" not in world.list("orders", SELLER)[0]["values"]


@pytest.mark.parametrize("options", [{}, {"where": "store == 's1'"}, {"search": "a"}, {"sort": ("waiting",)}])
def test_waiting_goes_on_with_the_clock(world: World, options: dict[str, Any]) -> None:
    order(world, store="s1", note="a")
    for seconds in (0.0, 90.0, 180.0):
        assert [record["values"]["waiting"] for record in world.list("orders", SELLER, **options)] == [seconds]
        world.clock.forward(seconds=90)


@pytest.mark.parametrize("where", ["waiting > minutes(1)", "created_at < now() - minutes(1)", "date_of(created_at) < today()"])
def test_a_condition_on_the_clock_is_asked_at_its_moment(world: World, where: str) -> None:
    id = order(world, store="s1")
    assert twice(world, KEEPER, where=where) == []
    world.clock.forward(days=2)
    assert twice(world, KEEPER, where=where) == [id]


def test_a_scope_on_the_clock_is_asked_at_its_moment(tmp_path: Path) -> None:
    world = depot(
        tmp_path, ('records: "store == user.store"', 'records: "store == user.store and created_at > now() - days(1)"')
    )
    id = order(world, store="s1", note="a")
    for options in ({}, {"search": "a"}):
        assert twice(world, SELLER, **options) == [id]
    world.clock.forward(days=2)
    for options in ({}, {"search": "a"}):
        assert twice(world, SELLER, **options) == []
    world.runtime.database.close()


def test_titles_are_those_that_this_person_may_read(world: World) -> None:
    customer = world.create("customers", name="王伟", phone="13800001234").id
    order(world, store="s1", customer=customer)
    shown = [world.list("orders", who)[0]["titles"].get("customer") for who in (KEEPER, SELLER, COUNTER, KEEPER)]
    assert shown == ["王伟", "138****1234", None, "王伟"]


def test_what_may_be_done_follows_the_record(tmp_path: Path) -> None:
    edit = "      edit: {note: true}\n"
    when = '      edit: {note: "status == \'open\' and amount < 100", phone: "customer.level > 1"}\n'
    world = depot(tmp_path, (edit, when))
    customer = world.create("customers", name="王伟", level=1).id
    id = order(world, store="s1", amount="5.00", customer=customer)
    other = order(world, store="s1", amount="500.00")

    def editable() -> dict[str, list[str]]:
        return {record["id"]: record["can"]["edit"] for record in world.list("orders", SELLER)}

    assert editable() == {id: ["note"], other: []}
    world.change("customers", customer, level=2)
    assert editable() == {id: ["phone", "note"], other: []}
    world.move("orders", id, "finish")
    assert editable() == {id: ["phone"], other: []}
    assert world.get("orders", id, SELLER)["can"]["edit"] == ["phone"]
    world.runtime.database.close()


def test_why_not_is_told_in_the_language_of_who_asks(world: World) -> None:
    order(world, store="s1")
    moves = [world.list("orders", replace(SELLER, locale=locale))[0]["moves"][0] for locale in ("zh", "en", "zh")]
    assert [move["title"] for move in moves] == ["完成", "Finish", "完成"]
    assert moves[0]["reason"] == moves[2]["reason"] != moves[1]["reason"]


def test_an_answer_that_somebody_changes_is_not_the_next_one(world: World) -> None:
    order(world, store="s1")
    first = world.list("orders", KEEPER)[0]
    first["can"]["edit"].clear()
    first["moves"][0]["title"] = ""
    first["held"]["x"] = ""
    second = world.list("orders", KEEPER)[0]
    assert second["can"]["edit"]
    assert second["moves"][0]["title"] == "完成"
    assert "x" not in second["held"]


def test_each_look_up_of_a_full_number_counts(world: World) -> None:
    order(world, store="s1", phone="13800001234")
    for _ in range(30):
        assert len(ids(world, SELLER, where="phone == '13800001234'")) == 1
    with pytest.raises(Problem) as told:
        ids(world, SELLER, where="phone == '13800001234'")
    assert told.value.status == 429
    world.clock.now += timedelta(minutes=2)
    assert len(ids(world, SELLER, where="phone == '13800001234'")) == 1


def test_many_people_take_no_more_room_than_there_is(world: World) -> None:
    order(world, store="s1")
    for n in range(70):
        assert len(ids(world, actor("seller", name="销售", store=f"s{n}"))) == (n == 1)
    assert len(world.runtime.program(world.app).sheets) == 64
