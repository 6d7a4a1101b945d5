"""Eight processes write to one table at once: no number twice and none left out, no key twice, no change lost."""

from __future__ import annotations

import os
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from engine.model.change import Write
from tests.crash.many import run
from tests.databases import ON_BOTH
from tests.unit.runtime.shop import fixed
from tests.world import SYSTEM, World, make_world

pytestmark = ON_BOTH
PROCESSES = 8
# `make soak` asks for more.
COUNT = int(os.environ.get("MANY_PROCESSES_COUNT", "25"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path, fixed())


def at_once(world: World, task: str, count: int = COUNT) -> list[Any]:
    """What each of the processes says."""
    url = world.runtime.database.engine.url.render_as_string(hide_password=False)
    world.runtime.database.close()
    with get_context("fork").Pool(PROCESSES) as pool:
        return pool.starmap(run, [(url, task, number, count) for number in range(PROCESSES)], chunksize=1)


def test_serial_numbers_have_no_double_and_no_gap_on_either_side_of_midnight(world: World) -> None:
    made = at_once(world, "numbers")
    drawn = sorted(record["no"] for record in world.all("orders"))
    assert len(drawn) == sum(made) == PROCESSES * (COUNT - COUNT // 5)
    by_day = Counter(no.partition("-")[0] for no in drawn)
    assert sorted(by_day) == ["A261122", "A261123"]
    assert drawn == sorted(f"{day}-{n:03d}" for day, count in by_day.items() for n in range(1, count + 1))


def test_a_key_is_taken_once(world: World) -> None:
    said = Counter(word for words in at_once(world, "keys") for word in words)
    assert said == {"made": COUNT, "duplicate": (PROCESSES - 1) * COUNT}
    assert sorted(record["outer"] for record in world.all("orders")) == sorted(map(str, range(COUNT)))


def test_a_key_that_everybody_upserts_is_made_once_and_changed_by_the_others(world: World) -> None:
    said = Counter(word for words in at_once(world, "upserts") for word in words)
    assert said == {"made": COUNT, "changed": (PROCESSES - 1) * COUNT}
    assert sorted(record["outer"] for record in world.all("orders")) == sorted(map(str, range(COUNT)))


def test_no_change_of_one_record_is_lost(world: World) -> None:
    world.runtime.write(Write("shop", "logs", values={"about": "x", "n": 0}), SYSTEM)
    tries = at_once(world, "counted")
    (log,) = world.all("logs")
    assert (log["n"], log["version"]) == (PROCESSES * COUNT, PROCESSES * COUNT + 1)
    assert sum(tries) >= PROCESSES * COUNT
