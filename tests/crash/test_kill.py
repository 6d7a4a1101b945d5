"""kill -9 between any two steps of a write: afterwards everything of it is there, or nothing, and a repetition makes it once.

Each attempt is a process of its own (a fork, so that the app is compiled once) that kills itself at its k-th step. Clock and
ids are fixed, so a write that was done looks the same to the last byte whoever did it: the whole database must equal what it
was before, or what it is after."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from engine.model.change import Write
from tests.access.house import House, open_house
from tests.crash.forked import forked
from tests.crash.kept import Dump, Kept, keep
from tests.databases import ON_BOTH, database_url

pytestmark = ON_BOTH

APP = "order_tracking"
MOST_STEPS = 400

SMALL = {"channel": "pos", "external_no": "X1", "store": "s1", "amount": "200.00", "province": "浙江"}


@dataclass
class Killer:
    """Counts steps and kills its own process at the one it was told."""

    at: int | None = None
    steps: int = 0

    def __call__(self, step: str) -> None:
        self.steps += 1
        if self.steps == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Scene:
    """A house with people and records, and a copy of its database to go back to."""

    house: House
    killer: Killer
    kept: Kept
    ids: dict[str, str]


@pytest.fixture(scope="module")
def scene(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder, killer = tmp_path_factory.mktemp("crash"), Killer()
    with open_house(folder, probe=killer) as house:
        for name, role in (("ann", "clerk"), ("bob", "buyer"), ("pia", "picker")):
            house.user(name, role, **({"store": "s1"} if role == "clerk" else {}))
        house.fate.begin(1)
        product = house.runtime.write(Write(APP, "products", values={"sku": "p1"}), house.actor("bob")).id
        order = house.runtime.write(_order(product), house.actor("ann")).id
        # A child must not find this process's connections in its pool.
        house.runtime.database.close()
        yield Scene(house, killer, keep(database_url(folder)), {"product": product, "order": order})


def _order(product: str) -> Write:
    items = [{"product": product, "quantity": 2, "price": "100.00"}]
    return Write(APP, "orders", values=SMALL, children={"items": items})


def _create(scene: Scene) -> tuple[Write, str]:
    write = _order(scene.ids["product"])
    return Write(APP, "orders", values={**SMALL, "external_no": "X2"}, children=write.children, idempotency_key="k1"), "ann"


def _pick(scene: Scene) -> tuple[Write, str]:
    return Write(APP, "orders", scene.ids["order"], transition="pick", idempotency_key="k2"), "pia"


def _edit(scene: Scene) -> tuple[Write, str]:
    return Write(APP, "orders", scene.ids["order"], {"remark": "请轻放"}, idempotency_key="k3"), "ann"


@pytest.mark.parametrize("what", [_create, _pick, _edit])
def test_a_killed_write_is_done_or_not_and_once_when_repeated(scene: Scene, what: Callable[[Scene], tuple[Write, str]]) -> None:
    write, who = what(scene)
    scene.kept.restore()
    before = scene.kept.dump()
    assert _attempt(scene, write, who, kill_at=None) == 0
    after = scene.kept.dump()
    assert before != after
    seen = set()
    for k in itertools.count(1):
        assert k < MOST_STEPS
        scene.kept.restore()
        ended = _attempt(scene, write, who, kill_at=k)
        found = scene.kept.dump()
        assert found in (before, after), f"half a write after step {k}: {_difference(before, found)}"
        seen.add(found == after)
        assert _attempt(scene, write, who, kill_at=None) == 0
        assert scene.kept.dump() == after, f"not exactly once after step {k}"
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert k > 5, "the write path has told no steps"
    assert seen == {True, False}


def _attempt(scene: Scene, write: Write, who: str, *, kill_at: int | None) -> int:
    """Do the write in a child process; its exit code, negative for a signal."""

    def written() -> None:
        scene.killer.at, scene.killer.steps = kill_at, 0
        scene.house.fate.begin(100)
        scene.house.runtime.write(write, scene.house.actor(who))

    return forked(written)


def _difference(left: Dump, right: Dump) -> list[str]:
    return [name for name in right if left.get(name) != right[name]]
