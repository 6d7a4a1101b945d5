"""The feed of changes: what is in sight, in order, however much lies between."""

from __future__ import annotations

import pytest

from engine.model.problem import Problem
from engine.runtime import history
from tests.databases import ON_BOTH
from tests.world import World, actor

pytestmark = ON_BOTH

PICKER = actor("picker")


def test_many_lines_that_show_nothing_do_not_hold_the_feed_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_FEED", 3)
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
