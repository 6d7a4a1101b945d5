"""Many writes at once end exactly as one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from engine.model.change import Actor, Outcome, Write
from engine.model.problem import Problem
from engine.runtime import bulk
from engine.storage.system import metadata
from tests.databases import ON_BOTH
from tests.unit.runtime.shop import BOSS, CLERK, Rows, files, fixed
from tests.world import SYSTEM, World, make_world

pytestmark = ON_BOTH
TOLD = ("journal", "inbox", "incidents", "counters")


def one_by_one(world: World, writes: list[Write], who: Actor) -> list[Outcome | Problem]:
    found: list[Outcome | Problem] = []
    for write in writes:
        try:
            found.append(world.runtime.write(write, who))
        except Problem as problem:
            found.append(problem)
    return found


def said(result: Outcome | Problem) -> Any:
    if isinstance(result, Outcome):
        return result
    return result.status, result.code, result.detail, result.errors, result.remedies, dict(result.facts)


def rows(world: World, table: Table) -> list[Any]:
    order = table.c.seq if "seq" in table.c else table.primary_key.columns.values()[-1]
    told = [column for column in table.columns if column.name not in ("seq", "xact")]
    with world.runtime.database.read() as connection:
        return [tuple(row) for row in connection.execute(select(*told).order_by(order))]


def everything(world: World) -> dict[str, list[Any]]:
    tables = [*world.runtime.program(world.app).tables.values(), *(metadata.tables[name] for name in TOLD)]
    return {table.name: rows(world, table) for table in tables}


@pytest.mark.parametrize("seed", range(10))
def test_bulk_and_one_by_one_end_alike(tmp_path: Path, seed: int) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    single, together = make_world(tmp_path / "a", files(seed)), make_world(tmp_path / "b", files(seed))
    customers = [
        [world.create("customers", name=f"c{n}", phone=f"1380000000{n}", store=f"s{n % 2 + 1}").id for n in range(4)]
        for world in (single, together)
    ]
    assert customers[0] == customers[1]
    draw = Rows(seed, customers[0])
    for turn, who in enumerate((SYSTEM, CLERK, BOSS, CLERK, SYSTEM, BOSS)):
        writes = draw.many(24)
        apart = one_by_one(single, writes, who)
        size = (500, 7, 1)[turn % 3]
        at_once = list(bulk.write_many(together.runtime.core, "shop", writes, who, size=size))
        for number, (write, one, other) in enumerate(zip(writes, apart, at_once, strict=True)):
            assert said(one) == said(other), (turn, number, write)
        assert everything(single) == everything(together), turn
        draw.orders += [result.id for result in apart if isinstance(result, Outcome)]
    for world in (single, together):
        world.runtime.database.close()


def orders(count: int) -> list[Write]:
    return [Write("shop", "orders", values={"shop": "a", "outer": str(n), "amount": "60"}) for n in range(count)]


def test_rows_are_taken_and_answered_a_chunk_at_a_time(tmp_path: Path) -> None:
    world = make_world(tmp_path, fixed())
    taken: list[int] = []

    def rows() -> Iterator[Write]:
        for number, write in enumerate(orders(50)):
            taken.append(number)
            yield write

    results = bulk.write_many(world.runtime.core, "shop", rows(), BOSS, size=10)
    assert next(results).version == 2
    assert len(taken) == 10
    assert len(world.all("orders")) == 10
    assert len(list(results)) == 49


def test_a_bulk_that_was_killed_half_way_is_done_once(tmp_path: Path) -> None:
    commits = 0

    def probe(step: str) -> None:
        nonlocal commits
        commits += step == "commit"
        if step == "commit" and commits == 3:
            raise SystemExit

    world = make_world(tmp_path, fixed(), probe=probe)
    core, writes = world.runtime.core, orders(40)
    with pytest.raises(SystemExit):
        list(bulk.write_many(core, "shop", writes, BOSS, key="k", size=10))
    assert len(world.all("orders")) == 20
    first = list(bulk.write_many(core, "shop", writes, BOSS, key="k", size=10))
    assert [result.created for result in first if isinstance(result, Outcome)] == [True] * 40
    before = everything(world)
    assert list(bulk.write_many(core, "shop", writes, BOSS, key="k", size=10)) == first
    assert everything(world) == before


def test_rows_refused_before_are_tried_again_under_the_same_key(tmp_path: Path) -> None:
    world = make_world(tmp_path, fixed())
    core = world.runtime.core
    writes = [*orders(2), Write("shop", "orders", values={"shop": "a", "outer": "9", "customer": "id000000000000000000000099"})]
    said = [getattr(result, "code", "made") for result in bulk.write_many(core, "shop", writes, BOSS, key="k")]
    assert said == ["made", "made", "invalid"]
    again = [getattr(result, "code", "made") for result in bulk.write_many(core, "shop", writes, BOSS, key="k")]
    assert again == said
    assert len(world.all("orders")) == 2


def test_an_unknown_app_is_missing_for_every_row(tmp_path: Path) -> None:
    world = make_world(tmp_path, fixed())
    said = list(world.runtime.write_many("nothing", orders(2), BOSS))
    assert [getattr(result, "code", None) for result in said] == ["not_found"] * 2
