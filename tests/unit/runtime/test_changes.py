"""The feed of changes: what is in sight, in order, however much lies between."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from engine.model.change import Actor, Write
from engine.model.problem import Problem
from engine.runtime import feed
from engine.storage.journal import journal
from tests.databases import ON_BOTH
from tests.world import SYSTEM, World, actor, make_world

pytestmark = ON_BOTH

PICKER, BOTH = actor("picker"), actor("clerk", "finance", store="s1")


def test_many_lines_that_show_nothing_do_not_hold_the_feed_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LINES", 3)
    id = world.create("orders", channel="phone", remark="x").id
    start = world.runtime.changes(world.app, None, PICKER)["cursor"]
    for cost in range(10):
        world.change("orders", id, cost=str(cost))
    assert world.runtime.changes(world.app, start, PICKER) == {"changes": [], "cursor": start}

    world.change("orders", id, remark="y")
    found = world.runtime.changes(world.app, start, PICKER)
    assert [change["id"] for change in found["changes"]] == [id]
    assert world.runtime.changes(world.app, found["cursor"], PICKER)["changes"] == []


def test_an_app_without_anything_to_see_is_missing(world: World) -> None:
    for who in (actor(), actor("partner")):
        with pytest.raises(Problem) as missing:
            world.runtime.changes(world.app, None, who)
        assert missing.value.status == 404


CLERK = actor("clerk", store="s1")


def cursor(world: World, who: Actor) -> str:
    found: str = world.runtime.changes(world.app, None, who)["cursor"]
    return found


def news(world: World, since: str, who: Actor) -> list[tuple[str, str]]:
    return [(change["id"], change["kind"]) for change in world.runtime.changes(world.app, since, who)["changes"]]


def test_what_leaves_ones_sight_is_announced_once(world: World) -> None:
    mine, others = (world.create("orders", channel="phone", remark="x", store=store).id for store in ("s1", "s2"))
    start = cursor(world, CLERK)
    world.change("orders", mine, store="s2")
    world.change("orders", mine, remark="unseen")
    world.change("orders", others, store="s3")
    found = world.runtime.changes(world.app, start, CLERK)
    assert [(c["id"], c["kind"], "version" in c) for c in found["changes"]] == [(mine, "gone", False)]
    assert news(world, found["cursor"], CLERK) == []
    world.change("orders", mine, store="s1")
    assert set(news(world, found["cursor"], CLERK)) == {(mine, "updated")}


def test_what_was_deleted_is_announced_to_those_who_saw_it(world: World) -> None:
    mine, others = (world.create("orders", channel="phone", remark="x", store=store).id for store in ("s1", "s2"))
    both, clerk = cursor(world, BOTH), cursor(world, CLERK)
    for id in (mine, others):
        world.runtime.write(Write(world.app, "orders", id, delete=True), SYSTEM)
    assert news(world, clerk, CLERK) == [(mine, "deleted")]
    assert news(world, both, BOTH) == [(mine, "deleted"), (others, "deleted")]


def test_nothing_is_told_of_what_was_never_in_sight(world: World) -> None:
    start = cursor(world, CLERK)
    stranger = world.create("orders", channel="phone", remark="x", store="s2").id
    world.change("orders", stranger, store="s3")
    brief = world.create("orders", channel="phone", remark="x", store="s1").id
    world.change("orders", brief, store="s2")
    world.runtime.write(Write(world.app, "orders", stranger, delete=True), SYSTEM)
    assert news(world, start, CLERK) == [], "one that came and went between two questions was never seen either"


def test_a_line_that_follows_its_parent_leaves_with_it(world: World) -> None:
    """order_items are in sight by `order.store`: the link as it was then decides, not as it is now."""
    order = world.create("orders", channel="phone", remark="x", store="s1").id
    other = world.create("orders", channel="phone", remark="x", store="s2").id
    product = world.create("products", sku="A", name="a", category="oil").id
    item = world.create("order_items", order=order, product=product, quantity=1, price="1").id
    hidden = world.create("order_items", order=other, product=product, quantity=1, price="1").id
    start = cursor(world, CLERK)
    world.change("order_items", item, order=other)
    world.runtime.write(Write(world.app, "order_items", hidden, delete=True), SYSTEM)
    world.change("orders", other, store="s1")
    assert (item, "gone") not in news(world, start, CLERK), "it is in sight again"
    assert all(id != hidden for id, _ in news(world, start, CLERK))
    world.change("orders", other, store="s2")
    world.runtime.write(Write(world.app, "order_items", item, delete=True), SYSTEM)
    assert news(world, start, CLERK) == [(item, "gone")]


def test_a_cursor_cannot_ask_whether_a_line_is_there(world: World) -> None:
    start = cursor(world, CLERK)
    world.create("orders", channel="phone", remark="x", store="s2")
    with world.runtime.database.read() as connection:
        hidden = connection.scalar(select(journal.c.id).order_by(journal.c.seq.desc()).limit(1))
    unknown = hidden[:-1] + chr(ord(hidden[-1]) + 1)
    for line in (hidden, unknown):
        assert world.runtime.changes(world.app, line, CLERK) == {"changes": [], "cursor": line}
    mine = world.create("orders", channel="phone", remark="x", store="s1").id
    assert news(world, hidden, CLERK) == news(world, unknown, CLERK) == news(world, start, CLERK)
    assert (mine, "created") in news(world, start, CLERK)
    for line in ("nonsense", "0", "' OR 1=1 --", "x" * 27):
        with pytest.raises(Problem) as refused:
            world.runtime.changes(world.app, line, CLERK)
        assert refused.value.errors[0].code == "bad_cursor"


YARD = """
app: yard
title: Yard
version: 1.0.0
roles: {clerk: {title: Clerk}}
people: {store: {type: text}}
tables:
  towns: {title: Towns, fields: {name: {type: text}}}
  jobs:
    title: Jobs
    fields: {store: {type: text}, town: {type: link, to: towns}}
permissions:
  clerk:
    towns: {read: {all: true}}
    jobs: {records: "store == user.store and town.name == 'here'", read: {all: true}}
"""
RENAMED = (
    (
        "  towns: {title: Towns, fields: {name: {type: text}}}",
        "  places: {title: Places, was: towns, fields: {called: {type: text, was: name}}}",
    ),
    ("store: {type: text}, town: {type: link, to: towns}", "shop: {type: text, was: store}, town: {type: link, to: places}"),
    ("    towns: {read: {all: true}}", "    places: {read: {all: true}}"),
    ("store == user.store and town.name", "shop == user.store and town.called"),
)


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_left_is_announced_across_a_renaming(tmp_path: Path, when: str) -> None:
    """A deleted record is worked out from its lines, and so is the record that it pointed at, by the names of today."""
    world = make_world(tmp_path, {"app.yaml": YARD.encode()})
    here, there, fading = (world.create("towns", name=name).id for name in ("here", "there", "here"))
    made = (("s1", here), ("s1", here), ("s1", fading), ("s2", there))
    mine, moved, faded, others = (world.create("jobs", store=store, town=town).id for store, town in made)
    start = cursor(world, CLERK)

    def leave() -> None:
        world.runtime.write(Write(world.app, "jobs", mine, delete=True), SYSTEM)
        world.runtime.write(Write(world.app, "jobs", others, delete=True), SYSTEM)
        world.change("jobs", moved, town=there)
        world.change(*(("towns", fading), ("places", fading))[renamed], **{("name", "called")[renamed]: "away"})
        world.change("jobs", faded, **{("store", "shop")[renamed]: "s2"})

    renamed = False
    if when == "before":
        leave()
    text = YARD
    for old, new in RENAMED:
        assert old in text
        text = text.replace(old, new)
    world.runtime.publish({"app.yaml": text.encode()}, SYSTEM)
    renamed = True
    if when == "after":
        leave()
    assert news(world, start, CLERK) == [(mine, "deleted"), (moved, "gone"), (fading, "updated"), (faded, "gone")]
