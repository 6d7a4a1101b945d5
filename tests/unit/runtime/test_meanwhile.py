"""People write while a publish fills new columns: nothing of it is lost, on either database, and nobody waits for the whole."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.model.diagnostic import DefinitionError
from engine.model.problem import Problem
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.storage.alone import alone
from engine.storage.database import Database
from engine.storage.migrate import Pace
from tests.databases import ON_BOTH, database_url
from tests.unit.runtime.depot import KEEPER, depot, files, order
from tests.unit.runtime.reshaping import PIECES
from tests.world import OWNER, World

pytestmark = ON_BOTH
MONEY = (PIECES, "      pieces: {type: money}\n")
THRICE = ('value: "amount * 2"', 'value: "amount * 3"')


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = depot(tmp_path)
    made.runtime.core.pace = Pace(small=0, first=5, fewest=5, seconds=0.001)
    return made


def test_what_is_written_while_columns_fill_comes_over_too(world: World) -> None:
    ids = [order(world, pieces=n, amount=f"{n}.00") for n in range(60)]
    steps: list[str] = []
    fresh: list[str] = []

    def write_between(step: str) -> None:
        """After each chunk: a change of what is done, a change of what is not, a new record, one taken away."""
        steps.append(step)
        if step == "chunk" and len(fresh) < 8:
            n = len(fresh)
            writes.append((ids[n], ids[-1 - n], n))

    writes: list[tuple[str, str, int]] = []
    other = another(world)
    world.runtime.core.probe = write_between
    real = world.runtime.database.write

    def then_others(hold: object = None) -> object:
        while writes:
            first, last, n = writes.pop()
            other.change("orders", first, KEEPER, pieces=100 + n)
            other.change("orders", last, KEEPER, pieces=200 + n)
            fresh.append(order(other, pieces=300 + n, amount="7.00"))
        return real(hold)  # type: ignore[arg-type]

    world.runtime.core.database.write = then_others  # type: ignore[assignment, method-assign]
    world.runtime.publish(files(MONEY, THRICE), OWNER)
    assert len(fresh) == 8
    records = {record["id"]: record for record in world.all("orders")}
    for n in range(8):
        assert records[ids[n]]["pieces"] == Decimal(100 + n)
        assert records[ids[-1 - n]]["pieces"] == Decimal(200 + n)
    assert sorted(records[id]["pieces"] for id in fresh) == [Decimal(300 + n) for n in range(8)]
    assert [records[id]["twice"] for id in fresh] == [Decimal("21.00")] * 8
    assert records[ids[30]]["twice"] == Decimal("90.00")
    assert "round" in steps


def another(world: World) -> World:
    """The same house in another process: its own connections."""
    core = world.runtime.core
    database = Database(database_url(Path(str(core.database.engine.url.database)).parent)) if sqlite(world) else core.database
    ids = core.new_id
    own = Core(database, zone=core.zone, catalogue=core.catalogue, registry=core.registry, clock=world.clock, ids=ids)
    return World(Runtime(own), world.people, world.clock, world.app)


def sqlite(world: World) -> bool:
    return world.runtime.database.engine.dialect.name == "sqlite"


def test_a_value_written_meanwhile_that_cannot_be_taken_over_stops_the_publish(world: World) -> None:
    ids = [order(world, store=str(n)) for n in range(20)]
    change = ("store: {type: text, title", "store: {type: integer, title")
    scope = ('records: "store == user.store"', 'records: "paid"')
    scope2 = ('records: "order.store == user.store"', 'records: "order.paid"')
    done: list[bool] = []

    def write_between(step: str) -> None:
        if step == "begun":
            done.append(True)

    world.runtime.core.probe = write_between
    real = world.runtime.database.write

    def then_others(hold: object = None) -> object:
        if done:
            done.clear()
            world.runtime.core.database.write = real  # type: ignore[method-assign]
            world.change("orders", ids[0], KEEPER, store="main street")
        return real(hold)  # type: ignore[arg-type]

    world.runtime.core.database.write = then_others  # type: ignore[assignment, method-assign]
    with pytest.raises(DefinitionError) as stopped:
        world.runtime.publish(files(change, scope, scope2), OWNER)
    assert ids[0] in stopped.value.diagnostics[0].message.en
    assert world.raw("orders", ids[0])["store"] == "main street"
    assert world.runtime.program(world.app).revision == 1
    world.change("orders", ids[0], KEEPER, store="99")
    world.runtime.publish(files(change, scope, scope2), OWNER)
    assert world.raw("orders", ids[0])["store"] == 99


def test_the_second_who_publishes_is_told_so(world: World) -> None:
    elsewhere = another(world).runtime.database
    with alone(world.runtime.database, world.app), pytest.raises(Problem) as second:
        alone(elsewhere, world.app, 0.05).__enter__()
    assert (second.value.status, second.value.code) == (409, "publishing")
    assert world.runtime.publish(files(), OWNER).revision == 2
