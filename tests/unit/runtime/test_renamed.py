"""Other names: what is kept, what is shown under the new one, and going back to the old."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.model.diagnostic import DefinitionError
from engine.model.problem import Problem
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.storage.names import read_names
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import KEEPER, order
from tests.unit.runtime.reshaping import PIECES, RENAMED, columns, plan, publish, said, world
from tests.world import OWNER, World

pytestmark = ON_BOTH
__all__ = ["world"]


def test_a_renamed_field_keeps_its_column_its_values_and_its_past(world: World) -> None:
    id = order(world, pieces=5)
    world.change("orders", id, KEEPER, pieces=6)
    before = columns(world, "depot__orders")
    assert said(plan(world, *RENAMED)) == [("safe", 0)]
    assert publish(world, *RENAMED) == 2
    assert columns(world, "depot__orders") == before
    assert world.get("orders", id, KEEPER)["values"]["count"] == 6
    world.change("orders", id, KEEPER, count=7)
    assert world.raw("orders", id)["count"] == 7
    lines = world.runtime.history(world.app, "orders", id, KEEPER)
    changes = [(c["field"], c["after"]) for line in lines for c in line["changes"] if c["field"] in ("count", "pieces")]
    assert changes == [("count", 5), ("count", 6), ("count", 7)]


def test_a_was_that_has_been_done_does_nothing_any_more(world: World) -> None:
    publish(world, *RENAMED)
    assert plan(world, *RENAMED) == []
    assert publish(world, *RENAMED) == 3


def test_a_was_that_names_nothing_is_refused_with_its_place(world: World) -> None:
    order(world, pieces=5)
    wrong = ((PIECES, PIECES + "      count: {type: integer, was: piecse}\n"),)
    (step,) = [step for step in plan(world, *wrong) if step.risk == "refused"]
    assert step.path == "tables.orders.fields.count.was"
    assert "Did you mean pieces?" in step.message.en
    with pytest.raises(DefinitionError):
        publish(world, *wrong)


def test_a_renamed_table_keeps_its_records_its_links_and_its_past(world: World) -> None:
    id = order(world, "bolt")
    publish(
        world,
        ("  items:\n    title: {zh: 明细, en: Items}\n", "  lines_of:\n    title: {zh: 明细, en: Items}\n    was: items\n"),
        ("to: items, required", "to: lines_of, required"),
        ("    items: {read: {all: true}, edit", "    lines_of: {read: {all: true}, edit"),
        ("    items: {records", "    lines_of: {records"),
        ("    items: {read: {name: true}, delete", "    lines_of: {read: {name: true}, delete"),
    )
    (item,) = world.all("lines_of")
    assert (item["name"], item["order"]) == ("bolt", id)
    world.change("lines_of", item["id"], KEEPER, count=3)
    lines = world.runtime.history(world.app, "lines_of", item["id"], KEEPER)
    assert [line["kind"] for line in lines] == ["created", "updated"]
    assert {line["table"] for line in lines} == {"lines_of"}


def test_a_new_field_under_an_old_name_is_another_field(world: World) -> None:
    id = order(world, pieces=5)
    publish(world, *RENAMED)
    done = ((PIECES, PIECES + "      count: {type: integer}\n"), RENAMED[1])
    publish(world, *done)
    record = world.raw("orders", id)
    assert (record["pieces"], record["count"]) == (None, 5)
    world.change("orders", id, KEEPER, count=8)
    assert (world.raw("orders", id)["pieces"], world.raw("orders", id)["count"]) == (None, 8)


def test_a_rename_does_not_work_out_formulas_anew(world: World) -> None:
    order(world, amount="10.00")
    renamed = (
        ("      amount: {type: money,", "      price: {type: money, was: amount,"),
        ('value: "amount * 2"', 'value: "price * 2"'),
        ("empty(amount) or count(items) > 0 or amount < 1000", "empty(price) or count(items) > 0 or price < 1000"),
        ("phone, amount, note", "phone, price, note"),
        ('        amount: "paid"', '        price: "paid"'),
        ("[no, amount, phone", "[no, price, phone"),
        ("[-amount]", "[-price]"),
    )
    steps = plan(world, *renamed)
    assert said(steps) == [("safe", 0)]
    publish(world, *renamed)
    assert [record["twice"] for record in world.all("orders")] == [Decimal("20.00")]


def test_names_are_in_the_books_after_a_publish(world: World) -> None:
    publish(world, *RENAMED)
    with world.runtime.database.read() as connection:
        names = read_names(connection, world.app)
    assert names.column("orders", "count") == "pieces"
    assert names.table("orders") == "depot__orders"


def test_going_back_undoes_a_rename_and_a_type_without_losing_what_was_written_since(world: World) -> None:
    id = order(world, pieces=5)
    publish(world, *RENAMED)
    publish(world, (PIECES, "      count: {type: money, was: pieces}\n"), RENAMED[1])
    world.change("orders", id, KEEPER, count="9.00")
    to = world.runtime.older(world.app, 1)
    assert {str(step.risk) for step in world.runtime.plan_rollback(to)} <= {"safe", "copying"}
    assert world.runtime.rollback(to, OWNER).revision == 4
    assert world.raw("orders", id)["pieces"] == 9
    world.change("orders", id, KEEPER, pieces=10)
    lines = world.runtime.history(world.app, "orders", id, KEEPER)
    assert [c["field"] for line in lines for c in line["changes"] if c["field"] in ("count", "pieces")] == ["pieces"] * 3


def test_there_is_no_going_back_to_what_never_was(world: World) -> None:
    for app, revision in ((world.app, None), (world.app, 7), (world.app, 0), ("nobody", 1)):
        with pytest.raises(Problem) as none:
            world.runtime.older(app, revision)
        assert none.value.status == 404


def test_a_database_of_before_the_books_opens_goes_on_and_takes_its_first_renaming(world: World) -> None:
    id = order(world, pieces=5, weight="1.5")
    core = world.runtime.core
    with world.runtime.database.write() as connection:
        for name in (
            "stored_columns",
            "stored_tables",
            "former_names",
            "moved_rows",
            "unfinished_fillings",
            "unfinished_indexes",
        ):
            connection.exec_driver_sql(f"DROP TABLE {name}")
        connection.exec_driver_sql("ALTER TABLE depot__orders ADD COLUMN long_gone VARCHAR")
        connection.exec_driver_sql("UPDATE depot__orders SET long_gone = 'x'")
    again = Core(core.database, zone=core.zone, catalogue=core.catalogue, registry=core.registry, clock=world.clock)
    again.pace = core.pace
    again.prepare()
    opened = World(Runtime(again), world.people, world.clock, world.app)
    opened.change("orders", id, KEEPER, pieces=6)
    assert said(plan(opened, *RENAMED)) == [("safe", 0)]
    publish(opened, *RENAMED)
    assert opened.raw("orders", id)["count"] == 6
    assert [(each.name, each.rows) for each in opened.runtime.hidden(opened.app)] == [("long_gone", 1)]


def test_numbers_of_a_renamed_serial_field_go_on(world: World) -> None:
    order(world)
    publish(
        world,
        ('      no: {type: serial, format: "N{number:04d}"}', '      nr: {type: serial, was: no, format: "N{number:04d}"}'),
        ("    display: no\n", "    display: nr\n"),
        ("        no: true\n", "        nr: true\n"),
        ("read: {no: true, phone", "read: {nr: true, phone"),
        ("card: [no, amount", "card: [nr, amount"),
        ("card: [no, cost]", "card: [nr, cost]"),
    )
    assert world.raw("orders", order(world))["nr"] == "N0002"
