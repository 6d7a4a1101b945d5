"""A pull: page by page with its cursor, told when it failed, and never two at once over each other."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.model.connector import SourceError
from engine.model.problem import Problem
from engine.model.text import Text
from engine.runtime.pull import due
from engine.storage import pulls
from tests.databases import ON_BOTH
from tests.unit.runtime.source import Source, pull, row
from tests.world import World, make_world

pytestmark = ON_BOTH

DOWN = SourceError("unreachable", Text("连不上", "unreachable"))
BUSY = SourceError("throttled", Text("太快", "too fast"), retry_after=7)


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def world(tmp_path: Path, source: Source) -> World:
    return make_world(tmp_path, catalogue=source)


def numbers(world: World) -> list[str]:
    return [order["external_no"] for order in world.all("orders")]


def state(world: World) -> pulls.PullState:
    return world.runtime.pull_state(world.app, "shop", "orders")


def test_pages_in_order_with_their_cursor(world: World, source: Source) -> None:
    source.feed = [[row("1"), row("2")], [row("3")], []]
    assert (pull(world).received, numbers(world)) == (3, ["1", "2", "3"])
    kept = state(world)
    assert (kept.cursor, kept.received, kept.error_zh) == ({"page": 3}, 3, None)
    assert kept.last_ok_at == world.clock.now
    assert kept.next_at == world.clock.now + timedelta(minutes=15)
    assert pull(world).received == 0
    assert source.asked == [None, {"page": 3}]


@pytest.mark.parametrize(("error", "seconds"), [(DOWN, 900), (BUSY, 7)])
def test_a_source_that_fails_keeps_what_came_before_and_says_when_it_is_asked_again(
    world: World, source: Source, error: SourceError, seconds: int
) -> None:
    source.feed = [[row("1")], error, [row("2")]]
    with pytest.raises(SourceError):
        pull(world)
    kept = state(world)
    assert (numbers(world), kept.cursor, kept.error_zh) == (["1"], {"page": 1}, error.message.zh)
    assert kept.next_at == world.clock.now + timedelta(seconds=seconds)
    assert kept.last_ok_at is None
    source.feed[1] = [row("1b")]
    assert pull(world).written == 2
    assert (numbers(world), state(world).error_zh) == (["1", "1b", "2"], None)


@pytest.mark.parametrize("step", ["decide", "save", "journal", "rules", "commit"])
def test_a_crash_within_a_page_repeats_that_page_and_doubles_nothing(tmp_path: Path, source: Source, step: str) -> None:
    alive = {"left": 10**9}

    def probe(name: str) -> None:
        if name == step:
            alive["left"] -= 1
            if alive["left"] == 0:
                raise Killed

    world = make_world(tmp_path, catalogue=source, probe=probe)
    source.feed = [[row("1"), row("2")], [row("3"), row("4")]]
    alive["left"] = 2 if step == "commit" else 3 if step in ("decide", "save", "journal") else 6
    with pytest.raises(Killed):
        pull(world)
    assert numbers(world) in ([], ["1", "2"]), "a page is there whole or not at all"
    saved = state(world).cursor
    assert saved == ({"page": 1} if numbers(world) else None)
    pull(world)
    assert numbers(world) == ["1", "2", "3", "4"]
    assert source.asked[-1] == saved


def test_a_pull_that_was_overtaken_stops_and_writes_no_old_news(world: World, source: Source) -> None:
    """The leader sleeps past its lease between fetching a page and writing it; another has read on meanwhile."""

    class Slow(Source):
        def pages(self, name, stream, settings, cursor):
            for page in super().pages(name, stream, settings, cursor):
                if cursor is None and page.cursor == {"page": 1}:
                    world.runtime.core.catalogue = source
                    pull(world)
                yield page

    source.feed = [[row("1", total_price=Decimal("1.00"))], [row("1", total_price=Decimal("2.00"))]]
    world.runtime.core.catalogue = Slow(*source.feed)
    assert pull(world).received == 0
    (order,) = world.all("orders")
    assert order["amount"] == Decimal("2.00")
    assert state(world).cursor == {"page": 2}


def test_what_is_not_declared_is_missing(world: World) -> None:
    for connection, stream in (("nonsense", "orders"), ("shop", "nonsense")):
        with pytest.raises(Problem) as missing:
            world.runtime.pull(world.app, connection, stream, {})
        assert missing.value.status == 404


def test_what_is_due(world: World, source: Source) -> None:
    place = (world.app, "shop", "orders")
    assert due(world.runtime.core) == [place], "never pulled; connections not running yet are left out"
    pull(world)
    assert due(world.runtime.core) == []
    world.clock.forward(minutes=15)
    assert due(world.runtime.core) == [place]
