"""Publishing: a broken definition leaves the running one; what the database cannot do safely is refused; everyone follows."""

from __future__ import annotations

import threading
from decimal import Decimal
from pathlib import Path

import pytest

from engine.model.diagnostic import DefinitionError
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.storage.database import Database
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import KEEPER, depot, files, order
from tests.world import OWNER, World, actor

pytestmark = ON_BOTH

PIECES = "      pieces: {type: integer}\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return depot(tmp_path)


def another_process(world: World) -> Runtime:
    """A second Runtime with its own connections to the same database."""
    core = world.runtime.core
    other = Database(str(core.database.engine.url))
    return Runtime(Core(other, zone=core.zone, catalogue=core.catalogue, registry=core.registry, clock=world.clock))


def refused(world: World, *changes: tuple[str, str]) -> list[str]:
    with pytest.raises(DefinitionError) as wrong:
        world.runtime.publish(files(*changes), OWNER)
    return [d.message.zh for d in wrong.value.diagnostics]


def test_a_broken_definition_leaves_the_running_one(world: World) -> None:
    before = world.runtime.program(world.app)
    assert refused(world, ('value: "amount * 2"', 'value: "amuont * 2"'))
    with pytest.raises(DefinitionError):
        world.runtime.publish({"app.yaml": b"{"}, OWNER)
    after = world.runtime.program(world.app)
    assert after is before
    assert order(world, amount="1.00")


def test_a_broken_rule_is_set_aside_and_the_rest_runs(world: World) -> None:
    broken = 'rules:\n  bad:\n    when: {created: orders}\n    then: [{set: {nonsense: "1"}}]\n'
    published = world.runtime.publish(files(bad=broken), OWNER)
    assert published.revision == 2
    assert any(d.path.startswith("rules.bad") for d in published.diagnostics)
    assert world.runtime.program(world.app).rules["orders"] == ()
    assert order(world)


def test_a_new_field_is_there_at_once_and_an_old_one_comes_back_with_its_values(world: World) -> None:
    id = order(world, pieces=5)
    world.runtime.publish(
        files((PIECES, ""), ("pieces: true, customer: true}, edit: {pieces: true}", "customer: true}")), OWNER
    )
    assert "pieces" not in world.get("orders", id, KEEPER)["values"]
    world.runtime.publish(files((PIECES, PIECES + "      extra: {type: text}\n")), OWNER)
    values = world.get("orders", id, KEEPER)["values"]
    assert (values["pieces"], values["extra"]) == (5, None)
    world.change("orders", id, KEEPER, extra="x")
    assert world.runtime.program(world.app).revision == 3


def test_a_stored_formula_is_worked_out_for_what_is_there(world: World) -> None:
    ids = [order(world, amount=amount) for amount in ("10.00", "-0.50", None)]
    assert [world.raw("orders", id)["twice"] for id in ids] == [Decimal("20.00"), Decimal("-1.00"), None]
    further = '      half: {type: formula, value: "twice / 4"}\n'
    world.runtime.publish(files(('value: "amount * 2"', 'value: "amount * 3"'), (PIECES, PIECES + further)), OWNER)
    assert [world.raw("orders", id)["twice"] for id in ids] == [Decimal("30.00"), Decimal("-1.50"), None]
    assert [world.raw("orders", id)["half"] for id in ids] == [Decimal("7.5"), Decimal("-0.375"), None]
    assert world.get("orders", ids[0], KEEPER)["version"] == 1


def test_a_key_that_the_records_do_not_keep_is_refused_with_its_name(world: World) -> None:
    order(world, store="s1")
    order(world, store="s1")
    (message,) = refused(world, ("store: {type: text, title", "store: {type: text, unique: true, title"))
    assert "1 组" in message
    assert world.runtime.program(world.app).revision == 1
    assert order(world, store="s1")


def test_a_key_taken_out_binds_no_longer(world: World) -> None:
    world.create("customers", name="a", phone="13700000001")
    world.runtime.publish(files(("phone: {type: phone, unique: true, ", "phone: {type: phone, ")), OWNER)
    assert world.create("customers", name="b", phone="13700000001").created


def test_the_older_definition_runs_again_as_a_new_revision(world: World) -> None:
    first = files()
    world.runtime.publish(files(("title: Depot", "title: Other")), OWNER)
    assert world.runtime.program(world.app).app.title.en == "Other"
    assert world.runtime.publish(first, OWNER).revision == 3
    assert world.runtime.program(world.app).app.title.en == "Depot"


def test_another_process_follows_at_once(world: World) -> None:
    other = another_process(world)
    assert other.program(world.app).revision == 1
    world.runtime.publish(files(("roles:\n", "roles:\n  fresh: {title: Fresh}\n"), ('"paid"', '"True"')), OWNER)
    assert other.program(world.app).revision == 2
    id = order(world, store="s1", amount="7.00")
    seller = actor("seller", store="s1")
    assert other.record(world.app, "orders", id, seller)["values"]["amount"] == "7.00"
    other.database.close()


def test_two_who_publish_at_the_same_time_get_two_revisions(world: World) -> None:
    other, found = another_process(world), []
    threads = [
        threading.Thread(target=lambda r=r: found.append(r.publish(files(), OWNER).revision)) for r in (world.runtime, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(found) == [2, 3]
    assert world.runtime.program(world.app).revision == 3
    other.database.close()


def test_a_plan_says_what_would_be_done_and_does_nothing(world: World) -> None:
    steps = world.runtime.plan(files((PIECES, PIECES + "      extra: {type: text}\n")))
    assert [step.message.en for step in steps] == ["“Orders” gets the field “extra”, empty in the 0 records there"]
    assert list(world.runtime.plan(files())) == []
    assert world.runtime.program(world.app).revision == 1


def test_publishing_is_a_line_of_the_journal(world: World) -> None:
    with world.runtime.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT kind, actor_name, version FROM journal").all()
    assert [tuple(row) for row in rows] == [("published", "tests", 1)]
