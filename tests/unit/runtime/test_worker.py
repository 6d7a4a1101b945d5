"""The worker runs what is due; of several one leads; one connection's trouble is not another's."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.model.connector import SourceError
from engine.model.problem import missing
from engine.model.text import Text
from engine.runtime import worker
from engine.runtime.worker import Worker
from tests.databases import ON_BOTH
from tests.unit.runtime.source import Source, row
from tests.world import World, make_world, template_files

pytestmark = ON_BOTH

SECOND = b"""
connections:
  another:
    use: shopify
    settings: {shop: "secret:shop_domain", token: "secret:shop_token"}
    pull:
      orders:
        every: 15m
        into: customers
        match: [phone]
        map: {phone: source.phone, name: source.id}
"""


def settings(app: str, connection: str) -> Mapping[str, str]:
    return {"shop": "x", "token": "y"}


def no_secret(app: str, connection: str) -> Mapping[str, str]:
    raise missing()


@pytest.fixture
def source() -> Source:
    return Source([row("1")])


@pytest.fixture
def world(tmp_path: Path, source: Source) -> World:
    return make_world(tmp_path, catalogue=source)


def test_a_tick_pulls_what_is_due_and_only_then(world: World, source: Source) -> None:
    leader = Worker(world.runtime.core, settings)
    leader.tick()
    leader.tick()
    assert [order["external_no"] for order in world.all("orders")] == ["1"]
    assert source.asked == [None]
    world.clock.forward(minutes=15)
    leader.tick()
    assert source.asked == [None, {"page": 1}]


def test_a_secret_that_is_missing_is_said_and_not_asked_for_every_second(world: World, source: Source) -> None:
    asked: list[str] = []

    def counting(app: str, connection: str) -> Mapping[str, str]:
        asked.append(connection)
        return no_secret(app, connection)

    leader = Worker(world.runtime.core, counting)
    leader.tick()
    leader.tick()
    assert asked == ["shop"]
    state = world.runtime.pull_state(world.app, "shop", "orders")
    assert state.error_zh
    assert state.next_at is not None
    assert source.asked == []


@pytest.mark.parametrize("trouble", [RuntimeError("a fault of ours"), SourceError("down", Text("断", "down"))])
def test_one_connection_s_trouble_does_not_stop_the_others(tmp_path: Path, trouble: Exception) -> None:
    source = Source(trouble)
    world = make_world(tmp_path, {**template_files(), "another.yaml": SECOND}, catalogue=source)
    leader = Worker(world.runtime.core, settings)
    leader.tick()
    assert len(source.asked) == 2, "both were asked"
    assert world.runtime.pull_state(world.app, "another", "orders").error_zh
    leader.tick()
    assert len(source.asked) == 2, "and neither is asked again at once"


def test_of_two_workers_one_leads_and_the_other_takes_over(
    world: World, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "TICK_SECONDS", 0.02)
    monkeypatch.setattr(worker, "LEASE_SECONDS", 0.3)
    ticks: list[int] = []
    second_ran = threading.Event()
    workers = [Worker(world.runtime.core, settings) for _ in range(2)]

    def counted(number: int) -> None:
        ticks.append(number)
        if 0 in ticks and number == 1:
            second_ran.set()

    for number, each in enumerate(workers):
        monkeypatch.setattr(each, "tick", lambda n=number: counted(n))
    workers[0].start()
    while not ticks:
        second_ran.wait(0.01)
    workers[1].start()
    assert not second_ran.wait(0.4)
    workers[0].stop()
    assert second_ran.wait(5)
    workers[1].stop()


def test_a_tick_that_fails_does_not_end_the_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "TICK_SECONDS", 0.01)
    calls, again = [], threading.Event()

    def tick() -> None:
        calls.append(1)
        if len(calls) > 1:
            again.set()
        raise RuntimeError

    leader = Worker(world.runtime.core, settings)
    monkeypatch.setattr(leader, "tick", tick)
    leader.start()
    assert again.wait(5)
    leader.stop()
    count = len(calls)
    assert not threading.Event().wait(0.05)
    assert len(calls) == count


def test_a_worker_that_never_began_can_be_stopped(world: World) -> None:
    Worker(world.runtime.core, settings).stop()
