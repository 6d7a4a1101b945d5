"""Two processes write at the same moment: what either alone would be refused, both together are refused; nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.model.change import Outcome, Write
from engine.model.problem import Problem
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.storage.database import Database
from tests.databases import ON_BOTH, database_url
from tests.world import SYSTEM, Ids, World, make_world

pytestmark = ON_BOTH

APP = b"""
app: boxes
title: Boxes
version: 1.0.0
roles: {keeper: {title: Keeper}}
tables:
  boxes:
    title: Boxes
    fields: {name: {type: text}, note: {type: text}}
    checks:
      full: {must: "sum(items, weight) <= 10", otherwise: refuse, message: {zh: "too heavy", en: too heavy}}
      many: {must: "count(items) < 2", otherwise: flag, message: {zh: "many", en: many}}
  items:
    title: Items
    fields:
      box: {type: link, to: boxes, inverse: items, on_delete: refuse}
      weight: {type: integer}
permissions: {keeper: {boxes: {read: {all: true}}, items: {read: {all: true}}}}
"""


class Gate:
    """A process that stands still before a step until it is let go. `arrived`: it stands there."""

    def __init__(self, step: str) -> None:
        self._step = step
        self.arrived, self.open = threading.Event(), threading.Event()

    def __call__(self, step: str) -> None:
        if step == self._step:
            self.arrived.set()
            self.open.wait(20)


class Doing:
    """A write in a thread of its own; `answer` is what came of it."""

    def __init__(self, write: Callable[[], Outcome]) -> None:
        self.answer: Outcome | Problem | None = None
        self._thread = threading.Thread(target=self._run, args=(write,))
        self._thread.start()

    def _run(self, write: Callable[[], Outcome]) -> None:
        try:
            self.answer = write()
        except Problem as problem:
            self.answer = problem

    def waits(self) -> bool:
        self._thread.join(0.3)
        return self._thread.is_alive()

    def end(self) -> Outcome | Problem:
        self._thread.join(30)
        assert self.answer is not None
        return self.answer


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path, {"app.yaml": APP})


@pytest.fixture
def slow(world: World, tmp_path: Path) -> Iterator[tuple[Runtime, Gate]]:
    """Another process on the same database, which stands still before its commit."""
    gate, core = Gate("commit"), world.runtime.core
    ids = Ids()
    other = Database(database_url(tmp_path))
    mine = Core(
        other,
        zone=core.zone,
        catalogue=core.catalogue,
        registry=core.registry,
        clock=world.clock,
        probe=gate,
        ids=lambda: "other" + ids()[5:],
    )
    yield Runtime(mine), gate
    gate.open.set()
    other.close()


def item(box: str, weight: int) -> Write:
    return Write("boxes", "items", values={"box": box, "weight": weight})


def together(world: World, slow: tuple[Runtime, Gate], first: Write, second: Write) -> tuple[Any, Any]:
    """The first is done but for its commit when the second begins."""
    runtime, gate = slow
    one = Doing(lambda: runtime.write(first, SYSTEM))
    assert gate.arrived.wait(20)
    two = Doing(lambda: world.runtime.write(second, SYSTEM))
    assert two.waits()
    gate.open.set()
    return one.end(), two.end()


def test_what_is_too_much_together_is_refused(world: World, slow: tuple[Runtime, Gate]) -> None:
    box = world.create("boxes", name="a").id
    first, second = together(world, slow, item(box, 6), item(box, 6))
    assert isinstance(first, Outcome)
    assert isinstance(second, Problem)
    assert [fault.code for fault in second.errors] == ["full"]
    assert [row["weight"] for row in world.all("items")] == [6]


def test_a_flag_counts_both(world: World, slow: tuple[Runtime, Gate]) -> None:
    box = world.create("boxes", name="a").id
    together(world, slow, item(box, 1), item(box, 1))
    assert world.raw("boxes", box)["flags"] == {"many"}


def test_what_is_pointed_at_meanwhile_is_not_deleted(world: World, slow: tuple[Runtime, Gate]) -> None:
    box = world.create("boxes", name="a").id
    _, second = together(world, slow, item(box, 1), Write("boxes", "boxes", box, delete=True))
    assert isinstance(second, Problem)
    assert second.code == "still_linked"
    assert world.raw("boxes", box)["name"] == "a"


def test_what_is_deleted_meanwhile_is_not_pointed_at(world: World, slow: tuple[Runtime, Gate]) -> None:
    box = world.create("boxes", name="a").id
    _, second = together(world, slow, Write("boxes", "boxes", box, delete=True), item(box, 1))
    assert isinstance(second, Problem)
    assert [fault.code for fault in second.errors] == ["unknown_record"]
    assert world.all("items") == []


def test_who_looked_before_the_other_s_commit_is_told(world: World, slow: tuple[Runtime, Gate]) -> None:
    box = world.create("boxes", name="a").id
    edits = [Write("boxes", "boxes", box, {"name": name}, expected_version=1) for name in "xy"]
    _, second = together(world, slow, *edits)
    assert isinstance(second, Problem)
    assert second.status == 412
    assert world.raw("boxes", box)["name"] == "x"


def test_edits_of_different_fields_both_stay(world: World, slow: tuple[Runtime, Gate]) -> None:
    box = world.create("boxes", name="a").id
    edits = [Write("boxes", "boxes", box, {field: "z"}, expected_version=1) for field in ("name", "note")]
    together(world, slow, *edits)
    record = world.raw("boxes", box)
    assert (record["name"], record["note"], record["version"]) == ("z", "z", 3)


def test_one_key_is_done_once(world: World, slow: tuple[Runtime, Gate]) -> None:
    write = Write("boxes", "boxes", values={"name": "a"}, idempotency_key="k")
    first, second = together(world, slow, write, write)
    assert first.id == second.id
    assert len(world.all("boxes")) == 1


def test_two_that_wait_for_each_other_are_both_done(world: World, tmp_path: Path, on_both: str) -> None:
    """A deadlock ends: the server takes one of the two back, and it is begun again."""
    if on_both == "sqlite":
        return  # one writer has nobody to wait for
    ids = [world.create("boxes", name=name, note="0").id for name in "ab"]
    core, meeting = world.runtime.core, threading.Barrier(2)
    add = text("UPDATE boxes__boxes SET note = CAST(CAST(note AS integer) + 1 AS text) WHERE id = :id")

    def crosswise(order: list[str]) -> None:
        times = iter((True, False, False, False))

        def write() -> None:
            with core.database.write() as connection:
                connection.execute(add, {"id": order[0]})
                if next(times):
                    meeting.wait(10)
                connection.execute(add, {"id": order[1]})

        core.anew(write)

    threads = [threading.Thread(target=crosswise, args=(order,)) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [world.raw("boxes", id)["note"] for id in ids] == ["2", "2"]
