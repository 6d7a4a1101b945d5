"""A list of writes whose database goes away, or that meets another list half-way: all of a chunk or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text

from engine.model.change import Outcome, Write
from engine.model.problem import Problem
from engine.storage.ids import Ulids
from tests.databases import ON_BOTH
from tests.unit.runtime.filing import APP, KEEPER
from tests.world import SYSTEM, World, make_world

pytestmark = ON_BOTH


class Probe:
    """Does something once, when a step has been reached so often."""

    def __init__(self) -> None:
        self.steps = 0
        self.fatal: str | None = None

    def __call__(self, step: str) -> None:
        if step == self.fatal:
            self.steps += 1
            if self.steps == 1:
                end_all(self.world)

    world: World


def end_all(world: World) -> None:
    with world.runtime.database.engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )


@pytest.fixture
def probe() -> Probe:
    return Probe()


@pytest.fixture
def world(tmp_path: Path, probe: Probe) -> Iterator[World]:
    world = make_world(tmp_path, {"app.yaml": APP.encode()}, probe=probe, ids=Ulids())
    probe.world = world
    yield world
    world.runtime.database.close()


@pytest.mark.parametrize("step", ["decide", "save", "commit"])
def test_a_server_that_ends_the_connection_leaves_all_or_nothing_and_words(
    world: World, probe: Probe, on_both: str, step: str
) -> None:
    if on_both == "sqlite":
        return  # no server to lose
    probe.fatal = step
    writes = [Write(world.app, "orders", values={"no": f"{n}"}) for n in range(20)]
    results = list(world.runtime.write_many(world.app, writes, KEEPER))
    assert {(r.status, r.code) if isinstance(r, Problem) else r.id for r in results} == {(503, "database_unreachable")}
    assert world.all("orders") == []
    again = list(world.runtime.write_many(world.app, writes, KEEPER))
    assert all(isinstance(result, Outcome) for result in again)
    assert len(world.all("orders")) == 20
    with world.runtime.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM journal WHERE kind = 'created'")).scalar_one() == 20


def test_lists_that_meet_crosswise_are_both_done(world: World) -> None:
    ids = [world.create("orders", no=f"{n}").id for n in range(30)]
    start = Barrier(4)

    def change(n: int) -> list[object]:
        start.wait(10)
        order = ids if n % 2 else ids[::-1]
        writes = [Write(world.app, "orders", id, {"no": f"by {n}"}) for id in order]
        return list(world.runtime.write_many(world.app, writes, SYSTEM))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(change, range(4)))
    assert all(isinstance(result, Outcome) for results in found for result in results)
    assert len({record["no"] for record in world.all("orders")}) == 1
    assert {record["version"] for record in world.all("orders")} == {5}
