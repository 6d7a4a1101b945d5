"""Bulk writes with rules and journal kept: orders of the order tracking template through the write door, against the same rows
given raw to the driver, on SQLite and on PostgreSQL.

python -m tests.bench.bulk [--rows 10000 100000] [--seconds 60] [--profile FILE]"""

from __future__ import annotations

import argparse
import cProfile
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.model.change import Outcome, Write
from engine.runtime.bulk import CHUNK, write_many
from engine.storage.ids import Ulids
from tests.databases import on_postgres
from tests.postgres import cluster, postgres_here
from tests.world import World, actor, make_world

CLERK = actor("clerk", name="bench", store="s1")
WARM_UP = 1_000


def order(n: int) -> dict[str, Any]:
    """An order that a person will look at; routing sends it to a warehouse."""
    values = {"channel": "pos", "external_no": f"A{n}", "phone": "13800001234", "province": "浙江", "store": "s1"}
    return {**values, "amount": f"{n % 900 + 1}.00", "freight": "0", "coupon": "0", "remark": "请轻放"}


def rows(first: int, count: int) -> Iterator[Write]:
    """So many new orders."""
    return (Write("order_tracking", "orders", values=order(n)) for n in range(first, first + count))


@dataclass(frozen=True)
class Done:
    """`own`: seconds of processor time of this process."""

    rows: int
    seconds: float
    own: float


def through_the_door(world: World, first: int, count: int, most: float) -> Done:
    """Write, for so many seconds at most."""
    begun, own, said = time.perf_counter(), time.process_time(), Counter[str]()
    for number, result in enumerate(write_many(world.runtime.core, "order_tracking", rows(first, count), CLERK)):
        said["ok" if isinstance(result, Outcome) else result.code] += 1
        if number % CHUNK == CHUNK - 1 and time.perf_counter() - begun > most:
            break
    if set(said) != {"ok"}:
        raise SystemExit(f"rows were refused: {said}")
    return Done(said["ok"], time.perf_counter() - begun, time.process_time() - own)


def raw(world: World, table: str, count: int) -> float:
    """Seconds in which the driver alone inserts `count` rows of this table again into a copy without indexes."""
    with world.runtime.database.write() as connection:
        connection.exec_driver_sql(f'CREATE TABLE "raw_{table}" AS SELECT * FROM "{table}" WHERE 1=0')
        found = [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}" LIMIT 1000')]
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        marks = ", ".join([mark] * len(found[0]))
        batch = [found[n % len(found)] for n in range(1_000)]
        begun = time.perf_counter()
        for _ in range(0, count, 1_000):
            connection.exec_driver_sql(f'INSERT INTO "raw_{table}" VALUES ({marks})', batch)
        spent = time.perf_counter() - begun
        connection.exec_driver_sql(f'DROP TABLE "raw_{table}"')
    return spent


def measure(world: World, sizes: list[int], most: float) -> None:
    """Print a line for each size; each goes on where the last ended, so the table grows."""
    through_the_door(world, 0, WARM_UP, most)
    first = WARM_UP
    for size in sizes:
        done = through_the_door(world, first, size, most)
        first += done.rows
        # One order: the record, and lines of the journal for its creation and for its routing.
        floor = raw(world, "order_tracking__orders", 20_000) + 2 * raw(world, "journal", 20_000)
        peak, per_second = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, done.rows / done.seconds
        print(
            f"{done.rows:>9,} of {size:>9,} rows  {per_second:8,.0f} rows/s  {done.own / done.rows * 1e6:5.0f} µs own  "
            f"raw {20_000 / floor:9,.0f} rows/s  {per_second * floor / 20_000:5.3f} × raw  peak {peak:5.0f} MB",
            flush=True,
        )


def main() -> None:
    """SQLite, and PostgreSQL where it is here."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.bulk", description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    options.add_argument("--seconds", type=float, default=60.0, help="at most, for each size")
    options.add_argument("--profile", help="write the profile of a run of the first size here")
    given = options.parse_args()
    with TemporaryDirectory() as folder:
        print("SQLite")
        run(Path(folder), given)
    if postgres_here() and not given.profile:
        print("PostgreSQL")
        with cluster() as server, server.database() as engine, on_postgres(engine), TemporaryDirectory() as folder:
            run(Path(folder), given)


def run(folder: Path, given: argparse.Namespace) -> None:
    """One database."""
    world = make_world(folder, ids=Ulids())
    if given.profile:
        through_the_door(world, 0, WARM_UP, given.seconds)
        with cProfile.Profile() as profile:
            through_the_door(world, WARM_UP, given.rows[0], given.seconds)
        profile.dump_stats(given.profile)
    else:
        measure(world, given.rows, given.seconds)
    world.runtime.database.close()


if __name__ == "__main__":
    main()
