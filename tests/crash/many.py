"""What each of several processes does that write to the same database at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.catalogue import load as load_catalogue
from engine.kinds.registry import Registry
from engine.model.change import Mode, Outcome, Write
from engine.model.problem import Problem
from engine.runtime.bulk import write_many
from engine.runtime.core import Core
from engine.storage.database import Database
from tests.world import SYSTEM

# Ten minutes before midnight in Shanghai.
LATE = datetime(2026, 11, 22, 15, 50, tzinfo=UTC)
# Past this amount the app refuses an order.
TOO_MUCH = "900.00"


class Clock:
    """A minute further each time it is told."""

    def __init__(self) -> None:
        self.now = LATE

    def __call__(self) -> datetime:
        return self.now


def open_core(url: str, clock: Callable[[], datetime]) -> Core:
    """The engine on a database that has its app already."""
    zone, registry = ZoneInfo("Asia/Shanghai"), Registry.load()
    return Core(Database(url), zone=zone, catalogue=load_catalogue(), registry=registry, clock=clock)


def numbers(core: Core, clock: Clock, number: int, count: int) -> Any:
    """Orders with a serial number each, some refused; from before midnight until after it."""
    made, minutes = 0, max(1, count // 20)
    for at in range(0, count, minutes):
        clock.now += timedelta(minutes=1)
        rows = range(at, min(count, at + minutes))
        writes = [_order(f"{number}-{n}", TOO_MUCH if n % 5 == 4 else "60.00") for n in rows]
        made += sum(isinstance(result, Outcome) for result in _written(core, number, writes))
    return made


def keys(core: Core, clock: Clock, number: int, count: int) -> Any:
    """The same keys as everybody."""
    found = _written(core, number, [_order(str(n)) for n in range(count)])
    return [result.code if isinstance(result, Problem) else "made" for result in found]


def upserts(core: Core, clock: Clock, number: int, count: int) -> Any:
    """The same keys as everybody, made or changed."""
    writes = [_order(str(n), f"{number + 60}.00") for n in range(count)]
    writes = [replace(write, match=("shop", "outer"), mode=Mode.UPSERT) for write in writes]
    said = {True: "made", False: "changed"}
    return [r.code if isinstance(r, Problem) else said[r.created] for r in _written(core, number, writes)]


def counted(core: Core, clock: Clock, number: int, count: int) -> Any:
    """One record's number, one more each time: read, and written back with the version that was read. How many tries."""
    done = tries = 0
    while done < count:
        tries += 1
        with core.reading("shop", SYSTEM) as work:
            log = work.connection.execute(work.program.tables["logs"].select()).mappings().one()
        try:
            core.write(Write("shop", "logs", log["id"], {"n": log["n"] + 1}, expected_version=log["version"]), SYSTEM)
            done += 1
        except Problem as problem:
            if problem.code != "conflict":
                raise
    return tries


def _written(core: Core, number: int, writes: list[Write]) -> list[Outcome | Problem]:
    """Even processes write in bulk, the others one by one."""
    return list(write_many(core, "shop", writes, SYSTEM, size=20)) if number % 2 == 0 else _each(core, writes)


def _order(outer: str, amount: str = "60.00") -> Write:
    return Write("shop", "orders", values={"shop": "a", "outer": outer, "amount": amount})


def _each(core: Core, writes: list[Write]) -> list[Outcome | Problem]:
    found: list[Outcome | Problem] = []
    for write in writes:
        try:
            found.append(core.write(write, SYSTEM))
        except Problem as problem:
            found.append(problem)
    return found


TASKS = {"numbers": numbers, "keys": keys, "upserts": upserts, "counted": counted}


def run(url: str, task: str, number: int, count: int) -> Any:
    """Do the task; what came of it."""
    clock = Clock()
    core = open_core(url, clock)
    try:
        return TASKS[task](core, clock, number, count)
    finally:
        core.database.close()
