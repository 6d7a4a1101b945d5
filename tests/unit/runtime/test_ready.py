"""A definition that is about to run is made ready by every process that has requests: nobody reads it after the swap."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.definition.load import Loaded
from engine.model.diagnostic import DefinitionError
from engine.runtime import core as the_core
from engine.storage import coming
from engine.storage.migrate import Pace
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import KEEPER, depot, files, order
from tests.unit.runtime.reshaping import PIECES
from tests.unit.runtime.test_meanwhile import another
from tests.world import OWNER, World

pytestmark = ON_BOTH
MONEY = (PIECES, "      pieces: {type: money}\n")
KEYED = ("store: {type: text, title", "store: {type: text, unique: true, title")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = depot(tmp_path)
    made.runtime.core.pace = Pace(small=0, first=5, fewest=5)
    return made


def laid_out(world: World) -> coming.Coming | None:
    with world.runtime.database.read() as connection:
        return coming.coming(connection, world.app)


def never(files: Mapping[str, bytes], *others: object) -> Loaded:
    raise AssertionError("read after the swap")


def test_who_had_a_request_meanwhile_reads_nothing_after_the_swap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    id = order(world, pieces=5)
    other = another(world)
    revisions = []

    def ask(step: str) -> None:
        if step == "chunk":
            revisions.append(other.runtime.program(world.app).revision)

    world.runtime.core.probe = ask
    world.runtime.publish(files(MONEY), OWNER)
    assert set(revisions) == {1}
    monkeypatch.setattr(the_core, "load", never)
    program = other.runtime.program(world.app)
    assert program.revision == 2
    assert other.get("orders", id, KEEPER)["values"]["pieces"] == "5.00"
    other.change("orders", id, KEEPER, pieces="6.50")
    assert other.get("orders", id, KEEPER)["values"]["pieces"] == "6.50"
    assert laid_out(world) is None


def test_it_is_the_same_program_as_one_compiled_later(world: World) -> None:
    order(world, pieces=5)
    other = another(world)
    world.runtime.core.probe = lambda step: step == "chunk" and other.runtime.program(world.app)
    world.runtime.publish(files(MONEY), OWNER)
    early, late = other.runtime.program(world.app), another(world).runtime.program(world.app)
    assert early.app == late.app
    assert (early.revision, early.published_at, early.former) == (late.revision, late.published_at, late.former)
    for name, table in late.tables.items():
        assert [(c.key, c.name) for c in early.tables[name].c] == [(c.key, c.name) for c in table.c]
        assert early.tables[name].name == table.name


def test_a_publish_that_is_refused_leaves_nothing_laid_out(world: World) -> None:
    first, second = order(world, pieces=1, store="a"), order(world, pieces=2, store="b")
    seen = []

    def double(step: str) -> None:
        """After the plan two records come to have the same, before there is a key."""
        if step == "laid out" and not seen:
            seen.append(step)
            monkey.append(True)

    monkey: list[bool] = []
    real = world.runtime.database.write

    def then_double(hold: object = None) -> object:
        if monkey:
            monkey.clear()
            other.change("orders", second, KEEPER, store="a")
        return real(hold)  # type: ignore[arg-type]

    other = another(world)
    world.runtime.core.probe = double
    world.runtime.core.database.write = then_double  # type: ignore[assignment, method-assign]
    with pytest.raises(DefinitionError):
        world.runtime.publish(files(KEYED), OWNER)
    assert seen
    assert laid_out(world) is None
    assert other.runtime.program(world.app).revision == 1
    assert other.get("orders", first, KEEPER)["values"]["store"] == "a"


def test_what_a_dead_publish_laid_out_is_never_taken_for_another(world: World) -> None:
    id = order(world, pieces=5)
    before = world.runtime.program(world.app).app
    with world.runtime.database.write() as connection:
        coming.lay_out(connection, world.app, files(MONEY), the_core.read_names(connection, world.app))
    other = another(world)
    assert other.runtime.program(world.app).app == before
    world.runtime.publish(files(), OWNER)
    assert other.runtime.program(world.app).revision == 2
    assert other.get("orders", id, KEEPER)["values"]["pieces"] == 5
    assert laid_out(world) is None
