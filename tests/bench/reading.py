"""Reading among many: a list, searches and groups, through a restricted role's view and as installed, beside the same question
put to the database by hand in the same run.

python -m tests.bench.reading [--rows 10000,100000,1000000] [--database sqlite,postgresql]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, func, select

from engine.language import sql
from engine.model.change import Actor, Read
from engine.runtime.read import sight
from tests.bench.filling import fill
from tests.databases import on_postgres
from tests.postgres import cluster, postgres_here
from tests.world import World, actor, make_world

ROWS = (10_000, 100_000, 1_000_000)
CLERK = actor("clerk", store="s7")
BUYER = actor("buyer")
_LONG = 0.25  # a question that takes longer is asked less often


@dataclass(frozen=True)
class Taken:
    """Milliseconds at p50: by the clock, and of this process's processor time (on SQLite all there is, on PostgreSQL our own
    part), which a busy machine disturbs least."""

    p50: float
    cpu: float


@dataclass(frozen=True)
class Figure:
    """Ours, and the database's alone (None where nobody would put it by hand)."""

    what: str
    ours: Taken
    raw: Taken | None
    hits: int

    def __str__(self) -> str:
        ours = f"{self.what:48} p50 {self.ours.p50:8.2f} ms  cpu {self.ours.cpu:8.2f} ms  {self.hits:3} rows"
        if self.raw is None:
            return ours
        return f"{ours}  raw {self.raw.p50:8.2f} / {self.raw.cpu:8.2f} ms"


def figures(world: World) -> Iterator[Figure]:
    """All of them, on a filled house."""
    yield _list(world, CLERK, where="status == 'signed'")
    yield _list(world, BUYER, where="status == 'signed'")
    orders = world.runtime.program(world.app).tables["orders"]
    with world.runtime.database.read() as connection:
        number = str(connection.scalar(select(orders.c.phone).where(orders.c.store == "s7").order_by(orders.c.id).limit(1)))
    for what, text in (
        ("part of a phone number (8 digits)", number[3:]),
        ("part of a phone number (5 digits)", number[4:9]),
        ("its last four digits", number[-4:]),
        ("as it is spoken (138-0000 1234)", f"{number[:3]}-{number[3:7]} {number[7:]}"),
        ("three Chinese characters", "王伟收"),
        ("two Chinese characters", "王伟"),
        ("two that nobody has", "龘靐"),
        ("one Chinese character", "伟"),
        ("part of a customer's name", "王伟修理"),
    ):
        yield _search(world, f"search: {what}", text)
    yield from (_group(world, who, name) for who, name in ((BUYER, "sees all"), (CLERK, "one store")))


def timed(work: Callable[[], Any]) -> Taken:
    """After one turn to warm up."""
    work()
    begun = time.perf_counter()
    work()
    turns = 7 if time.perf_counter() - begun > _LONG else 60
    taken, spent = [], []
    for _ in range(turns):
        begun, busy = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
        spent.append((time.process_time() - busy) * 1000)
    return Taken(median(taken), median(spent))


def _list(world: World, who: Actor, where: str) -> Figure:
    read = Read(world.app, "orders", where=where, sort=("-paid_at",), limit=50)
    orders = world.runtime.program(world.app).tables["orders"]
    query = select(orders).where(orders.c.status == "signed").order_by(orders.c.paid_at.desc().nulls_last()).limit(50)
    if who is CLERK:
        query = query.where(orders.c.store == "s7")
    ours = timed(lambda: world.runtime.records(read, who))
    hits = len(world.runtime.records(read, who).records)
    name = "one store" if who is CLERK else "sees all"
    return Figure(f"list 50, filter and sort, {name}", ours, _by_hand(world, query), hits)


def _search(world: World, what: str, text: str) -> Figure:
    read = Read(world.app, "orders", search=text, sort=("-paid_at",), limit=50)
    found = world.runtime.records(read, BUYER)
    return Figure(what, timed(lambda: world.runtime.records(read, BUYER)), None, len(found.records))


def _group(world: World, who: Actor, name: str) -> Figure:
    """Count and sum by two fields, through the view and on the table."""
    orders = world.runtime.program(world.app).tables["orders"]
    query = select(orders.c.status, orders.c.channel, func.count(), func.sum(orders.c.amount))
    query = query.group_by(orders.c.status, orders.c.channel)
    if who is CLERK:
        query = query.where(orders.c.store == "s7")

    def ours() -> Sequence[Any]:
        with world.runtime.core.reading(world.app, who) as work:
            view = sight(work, who).table("orders", ("status", "channel", "amount"))
            grouped = select(view.c.status, view.c.channel, func.count(), sql.total(view.c.amount))
            return work.connection.execute(grouped.group_by(view.c.status, view.c.channel)).all()

    return Figure(f"count and sum by two fields, {name}", timed(ours), _by_hand(world, query), len(ours()))


def _by_hand(world: World, query: Any) -> Taken:
    """The same question as plain SQL, its rows fetched."""
    with world.runtime.database.engine.connect() as connection:
        compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
        cursor = connection.connection.cursor()
        text = str(compiled)
        taken = timed(lambda: cursor.execute(text) and cursor.fetchall())
        cursor.close()
    return taken


@contextmanager
def house(database: str, folder: Path) -> Iterator[World]:
    """The order tracking template on one of the databases."""
    if database == "sqlite":
        world = make_world(folder)
        yield world
        world.runtime.database.close()
        return
    with cluster() as server, server.database() as engine, on_postgres(engine):
        world = make_world(folder)
        yield world
        world.runtime.database.close()


def _analyse(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table of each database and size."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.reading", description=__doc__)
    options.add_argument("--rows", default=",".join(map(str, ROWS)), help="sizes, with commas between")
    options.add_argument("--database", default="sqlite,postgresql", help="sqlite, postgresql or both")
    given = options.parse_args(arguments)
    for database in given.database.split(","):
        if database == "postgresql" and postgres_here() is None:
            print("PostgreSQL is not here: not measured")
            continue
        for rows in map(int, given.rows.split(",")):
            with TemporaryDirectory() as folder, house(database, Path(folder)) as world:
                begun = time.perf_counter()
                fill(world, rows)
                with world.runtime.database.write() as connection:
                    _analyse(connection)
                print(f"\n{database}, {rows:,} orders (filled in {time.perf_counter() - begun:.0f} s)")
                for each in figures(world):
                    print(f"  {each}", flush=True)


if __name__ == "__main__":
    main()
