"""Publishing over a large table while people work: how long a writer and a reader wait at most.

python -m tests.bench.publish [--records 1000000] [--on sqlite postgresql] [--only "new index"]

A writer and a reader, each a process of its own, go on without a pause while a third process publishes: a renaming, another
type, another stored formula, a new index and a new key. Beside the longest waits stand those of the same two before anything is
published, since a busy machine makes everybody wait. Of each wait over `--slow` milliseconds it is said what it was: the
process's own work, being ready to run with no processor free (Linux tells), or waiting for a lock or the disk; and what the
publish committed meanwhile."""

from __future__ import annotations

import argparse
import multiprocessing as mp
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path
from queue import Empty
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from connectors.catalogue import load as load_catalogue
from engine.kinds.registry import Registry
from engine.model.change import Read, Write
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.storage.database import Database
from tests.postgres import cluster
from tests.world import SYSTEM, actor

APP = "stock"
# The first of each process open connections and compile the definition.
COLD = 20
PEOPLE = actor("clerk")
DEFINITION = """
app: stock
roles: {clerk: {title: Clerk}}
tables:
  orders:
    display: no
    fields:
      no: {type: text, unique: true}
      store: {type: text}
      phone: {type: phone}
      amount: {type: money}
      pieces: {type: integer}
      due: {type: date}
      remark: {type: long_text}
      code: {type: text}
      kind: {type: choice, choices: {big: Big, small: Small}}
      twice: {type: formula, value: "amount * 2"}
      status: {type: state}
    flow:
      field: status
      states: {open: {initial: true}, done: {final: true}}
      transitions: {finish: {from: open, to: done, by: [clerk]}}
permissions:
  clerk: {orders: {read: {all: true}, edit: {all: true}, create: [no, store, amount]}}
"""
CHANGES = {
    "a renaming": ("      remark: {type: long_text}", "      words: {type: long_text, was: remark}"),
    "another type (integer to money)": ("pieces: {type: integer}", "pieces: {type: money}"),
    "another stored formula": ('"amount * 2"', '"amount * 3"'),
    "a new index": ("permissions:\n", "boards:\n  all: {of: orders, kind: grid, columns: [no], sort: [store]}\npermissions:\n"),
    "a new key": ("code: {type: text}", "code: {type: text, unique: true}"),
}


@dataclass(frozen=True, slots=True)
class Wait:
    """One request, in seconds: when it `began` (since 1970), how long it `took`, and of this what it worked itself (`own`) and
    was ready to run while no processor was free (`queued`)."""

    began: float
    took: float
    own: float
    queued: float


Waits = dict[str, list[Wait]]
Steps = list[tuple[float, str]]


def timed(request: Callable[[], object]) -> Wait:
    """Do it and look at the clocks."""
    began, start, own, queued = time.time(), time.perf_counter(), time.thread_time(), _queued()
    request()
    return Wait(began, time.perf_counter() - start, time.thread_time() - own, _queued() - queued)


def _queued() -> float:
    """Source: Documentation/scheduler/sched-stats.rst of Linux; elsewhere nothing is known of it."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def _no_probe(step: str) -> None:
    """Nobody listens."""


def runtime(url: str, probe: Callable[[str], None] = _no_probe) -> Runtime:
    """As every process of the house opens it."""
    core = Core(
        Database(url),
        zone=ZoneInfo("Asia/Shanghai"),
        catalogue=load_catalogue(),
        registry=Registry.load(),
        clock=lambda: datetime.now(UTC),
        probe=probe,
    )
    return Runtime(core)


def fill(url: str, records: int) -> None:
    """Records as the write path would have left them, without its journal."""
    house = runtime(url)
    house.core.prepare()
    house.publish({"app.yaml": DEFINITION.encode()}, SYSTEM)
    table = house.program(APP).tables["orders"]
    now, chance = datetime.now(UTC), random.Random(1)
    for start in range(0, records, 20_000):
        rows = [_row(n, now, chance) for n in range(start, min(start + 20_000, records))]
        with house.database.write() as connection:
            connection.execute(insert(table), rows)
    with house.database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    house.database.close()


def _row(n: int, now: datetime, chance: random.Random) -> dict[str, Any]:
    who = {"version": 1, "created_at": now, "created_by": "a", "updated_at": now, "updated_by": "a", "flags": frozenset()}
    amount = chance.randrange(1_000_000)
    return who | {
        "id": f"01{n:024d}",
        "no": f"N{n:08d}",
        "store": f"s{chance.randrange(100_000)}",
        "phone": f"138{chance.randrange(10**8):08d}",
        "amount": amount,
        "pieces": chance.randrange(1_000),
        "remark": "请轻放",
        "code": f"c{n}",
        "kind": "big",
        "twice": amount * 2,
        "status": "open",
        "open_at": now,
    }


def write_on(url: str, records: int, warm: Semaphore, stop: Event, waits: mp.Queue[tuple[str, list[Wait]]]) -> None:
    """One change after the other, until told to stop; how long each took."""
    house, chance = runtime(url), random.Random(2)
    took: list[Wait] = []
    while not stop.is_set():
        id = f"01{chance.randrange(records):024d}"
        values = {"pieces": chance.randrange(1_000), "amount": chance.randrange(1_000)}
        change = Write(APP, "orders", id, values)
        took.append(timed(lambda change=change: house.write(change, PEOPLE)))  # type: ignore[misc]
        if len(took) == COLD:
            warm.release()
        time.sleep(0.01)
    waits.put(("writer", took))


def read_on(url: str, records: int, warm: Semaphore, stop: Event, waits: mp.Queue[tuple[str, list[Wait]]]) -> None:
    """The same with reading one record and a page."""
    house, chance = runtime(url), random.Random(3)
    took: list[Wait] = []

    def look(number: int) -> None:
        house.record(APP, "orders", f"01{number:024d}", PEOPLE)
        house.records(Read(APP, "orders", where=f"no == 'N{number:08d}'"), PEOPLE)

    while not stop.is_set():
        number = chance.randrange(records)
        took.append(timed(lambda number=number: look(number)))  # type: ignore[misc]
        if len(took) == COLD:
            warm.release()
        time.sleep(0.01)
    waits.put(("reader", took))


def publish(url: str, definition: str, told: mp.Queue[Steps]) -> None:
    """As `dajian apply` does, in a process of its own."""
    steps: Steps = []
    house = runtime(url, lambda step: steps.append((time.time(), step)))
    house.publish({"app.yaml": definition.encode()}, SYSTEM)
    house.database.close()
    told.put(steps)


def watched(url: str, records: int, work: Callable[[], Steps]) -> tuple[float, Steps, Waits]:
    """How long `work` took, its steps, and what the two others waited meanwhile."""
    context = mp.get_context("spawn")
    warm, stop, waits = context.Semaphore(0), context.Event(), context.Queue()
    others = [context.Process(target=each, args=(url, records, warm, stop, waits)) for each in (write_on, read_on)]
    for each in others:
        each.start()
    for _ in others:
        warm.acquire()
    began = time.perf_counter()
    steps = work()
    took = time.perf_counter() - began
    time.sleep(0.5)
    stop.set()
    found = dict(waits.get() for _ in others)
    for each in others:
        each.join()
    return took, steps, {name: each[COLD:] for name, each in found.items()}


def measure(url: str, records: int, slow: float, only: str) -> None:
    """All changes that have these words in their name, one after the other on the same data."""
    fill(url, records)
    _line("nothing is published", slow, *watched(url, records, _nothing))
    definition = DEFINITION
    for name, (old, new) in ((name, change) for name, change in CHANGES.items() if only in name):
        assert old in definition
        definition = definition.replace(old, new)

        def apply(definition: str = definition) -> Steps:
            context = mp.get_context("spawn")
            told: mp.Queue[Steps] = context.Queue()
            child = context.Process(target=publish, args=(url, definition, told))
            child.start()
            while True:
                with suppress(Empty):
                    return told.get(timeout=1)
                assert child.is_alive(), "the publish has failed"

        _line(name, slow, *watched(url, records, apply))


def _nothing() -> Steps:
    time.sleep(5)
    return []


def _line(name: str, slow: float, took: float, steps: Steps, waits: Waits) -> None:
    def longest(of: str) -> str:
        each = sorted(wait.took for wait in waits[of])
        return f"{of} {each[-1] * 1000:6.0f} ms at most, {each[len(each) * 99 // 100] * 1000:5.0f} ms p99 of {len(each)}"

    print(f"  {name:34} {took:6.1f} s   {longest('writer')}   {longest('reader')}", flush=True)
    for of, each in waits.items():
        for wait in sorted((wait for wait in each if wait.took > slow), key=lambda wait: -wait.took)[:5]:
            print(f"    {_why(of, wait, steps)}", flush=True)


def _why(of: str, wait: Wait, steps: Steps) -> str:
    """What a wait was made of."""
    rest = wait.took - wait.own - wait.queued
    meanwhile = Counter(step for at, step in steps if wait.began - 0.05 <= at <= wait.began + wait.took)
    parts = f"own work {wait.own * 1000:.0f}, no processor free {wait.queued * 1000:.0f}, lock or disk {rest * 1000:.0f}"
    done = ", ".join(f"{step} x {count}" for step, count in meanwhile.items()) or "nothing"
    return f"{of} {wait.took * 1000:.0f} ms: {parts}; committed meanwhile: {done}"


@contextmanager
def place(kind: str) -> Iterator[str]:
    """A fresh database."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'bench.db'}"
        return
    with cluster() as server, server.database() as engine:
        yield engine.url.render_as_string(hide_password=False)


def main() -> None:
    """Both databases."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.publish", description=__doc__)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--on", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    options.add_argument("--slow", type=float, default=200, help="milliseconds; longer waits are explained")
    options.add_argument("--only", default="", help="the changes with this in their name")
    given = options.parse_args()
    for kind in given.on:
        print(
            f"{kind}, {given.records:,} records, {os.getloadavg()[0]:.1f} processes ready on {os.cpu_count()} processors",
            flush=True,
        )
        with place(kind) as url:
            measure(url, given.records, given.slow / 1000, given.only)


if __name__ == "__main__":
    main()
