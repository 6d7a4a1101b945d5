"""Tables that people reshape while they hold records: other types, choices and states, fields and tables put away and back.
Each both ways: within the swap, and in chunks before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.model.diagnostic import DefinitionError
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import KEEPER, files, order
from tests.unit.runtime.reshaping import PIECES, plan, publish, said, world
from tests.world import OWNER, World

pytestmark = ON_BOTH
__all__ = ["world"]


@pytest.mark.parametrize(
    ("old", "new", "given", "kept"),
    [
        (PIECES, "      pieces: {type: money}\n", {"pieces": 5}, Decimal("5.00")),
        (PIECES, "      pieces: {type: text}\n", {"pieces": 5}, "5"),
        ("weight: {type: decimal, scale: 3}", "weight: {type: decimal, scale: 4}", {"weight": "1.5"}, Decimal("1.5000")),
        (
            "kind: {type: choice, choices: {big: {zh: 大, en: Big}, small: {zh: 小, en: Small}}}",
            "kind: {type: text}",
            {"kind": "big"},
            "big",
        ),
        ("note: {type: long_text,", "note: {type: integer,", {"note": "soon"}, None),
    ],
)
def test_another_type_takes_the_values_over(world: World, old: str, new: str, given: dict[str, object], kept: object) -> None:
    (name,) = given
    ids = [order(world, **given), order(world), order(world, **given)]
    publish(world, (old, new), allow_losing=kept is None)
    assert [world.raw("orders", id)[name] for id in ids] == [kept, None, kept]


def test_values_that_cannot_be_taken_over_are_counted_named_and_lost_only_with_a_word(world: World) -> None:
    ids = [order(world, weight=weight) for weight in ("12.345", "1.500", "0.001")]
    change = ("weight: {type: decimal, scale: 3}", "weight: {type: decimal, scale: 2}")
    (losing,) = [step for step in plan(world, change) if step.risk == "losing"]
    assert (losing.rows, losing.examples) == (2, (ids[0], ids[2]))
    with pytest.raises(DefinitionError):
        publish(world, change)
    assert world.raw("orders", ids[0])["weight"] == Decimal("12.345")
    publish(world, change, allow_losing=True)
    assert [world.raw("orders", id)["weight"] for id in ids] == [None, Decimal("1.50"), None]
    old = [each for each in world.runtime.hidden(world.app) if each.why == "replaced"]
    assert [(each.name, each.rows) for each in old] == [("weight", 3)]


def test_a_renamed_choice_and_a_renamed_state_take_their_records_along(world: World) -> None:
    id = order(world, kind="big")
    change = (
        ("choices: {big: {zh: 大, en: Big}", "choices: {large: {zh: 大, en: Large, was: big}"),
        (
            "states: {open: {title: {zh: 开, en: Open}, initial",
            "states: {fresh: {title: {zh: 新, en: Fresh}, was: open, initial",
        ),
        ("from: open, to", "from: fresh, to"),
        ("status == 'open'", "status == 'fresh'"),
    )
    assert said(plan(world, *change)) == [("copying", 1), ("copying", 1)]
    entered = world.raw("orders", id)["open_at"]
    publish(world, *change)
    record = world.raw("orders", id)
    assert (record["kind"], record["status"], record["fresh_at"]) == ("large", "fresh", entered)
    assert world.move("orders", id, "finish", KEEPER)


def test_a_choice_that_goes_empties_records_only_with_a_word_and_a_state_never(world: World) -> None:
    id = order(world, kind="big")
    gone = ("choices: {big: {zh: 大, en: Big}, small", "choices: {small")
    assert ("losing", 1) in said(plan(world, gone))
    publish(world, gone, allow_losing=True)
    assert world.raw("orders", id)["kind"] is None
    states = (
        gone,
        ("{open: {title: {zh: 开, en: Open}, initial: true}, done: {title", "{other: {initial: true}, done: {title"),
        ("from: open, to", "from: other, to"),
        ("status == 'open'", "status == 'other'"),
    )
    with pytest.raises(DefinitionError) as refused:
        publish(world, *states, allow_losing=True)
    assert "1 record" in refused.value.diagnostics[0].message.en


def test_a_flow_that_comes_to_records_starts_them(world: World) -> None:
    world.create("customers", name="a", phone="13700000001")
    flow = (
        "      level: {type: integer, title: {zh: 等级, en: Level}}\n",
        "      level: {type: integer, title: {zh: 等级, en: Level}}\n      stage: {type: state}\n"
        "    flow:\n      field: stage\n      states: {known: {initial: true}, gone: {final: true}}\n"
        "      transitions: {leave: {from: known, to: gone, by: [keeper]}}\n",
    )
    assert ("copying", 1) in said(plan(world, flow))
    publish(world, flow)
    (customer,) = world.all("customers")
    assert (customer["stage"], customer["known_at"]) == ("known", world.clock.now)
    assert world.move("customers", customer["id"], "leave", KEEPER)


def test_a_field_that_goes_is_put_away_and_deleted_only_on_purpose(world: World) -> None:
    id = order(world, pieces=5)
    without = ((PIECES, ""), ("pieces: true, customer: true}, edit: {pieces: true}", "customer: true}"))
    (step,) = plan(world, *without)
    assert (step.risk, step.rows) == ("safe", 1)
    publish(world, *without)
    (hidden,) = world.runtime.hidden(world.app)
    assert (hidden.name, hidden.why, hidden.rows, hidden.since) == ("pieces", "dropped", 1, world.clock.now)
    publish(world)
    assert world.raw("orders", id)["pieces"] == 5
    assert world.runtime.hidden(world.app) == []
    publish(world, *without)
    world.clock.forward(days=31)
    world.runtime.purge(world.app, world.runtime.hidden(world.app))
    assert world.runtime.hidden(world.app) == []
    publish(world)
    assert world.raw("orders", id)["pieces"] is None


def test_a_table_that_goes_is_put_away_and_comes_back_whole(world: World) -> None:
    order(world, "bolt")
    (item,) = world.all("items")
    world.create("labels", item=item["id"], text="x")
    start = "  labels:\n"
    text = files()["app.yaml"].decode()
    labels = text[text.index(start) : text.index("permissions:\n")]
    without = ((labels, ""), ("    labels: {read: {all: true}, create: [item, text], delete: true}\n", ""))
    (step,) = plan(world, *without)
    assert (step.risk, step.rows) == ("safe", 1)
    publish(world, *without)
    assert [(each.table, each.column, each.rows) for each in world.runtime.hidden(world.app)] == [("labels", None, 1)]
    publish(world)
    assert [label["text"] for label in world.all("labels")] == ["x"]
    publish(world, *without)
    world.runtime.purge(world.app, world.runtime.hidden(world.app))
    publish(world)
    assert world.all("labels") == []


def test_a_key_on_what_is_there_is_refused_with_its_doubles_and_else_binds(world: World) -> None:
    ids = [order(world, store="s1"), order(world, store="s1"), order(world, store="s2")]
    key = ("store: {type: text, title", "store: {type: text, unique: true, title")
    (step,) = [step for step in plan(world, key) if step.risk == "refused"]
    assert (step.rows, step.examples) == (1, (ids[0],))
    world.change("orders", ids[1], store="s3")
    publish(world, key)
    with pytest.raises(Problem) as double:
        order(world, store="s1")
    assert double.value.code == "duplicate"
    assert [fault.path for fault in double.value.errors] == ["store"]


def test_the_journal_knows_who_published_and_from_where(world: World) -> None:
    who = replace(OWNER, user_id="u1", ip="10.0.0.7", channel="page")
    world.runtime.publish(files(), who)
    with world.runtime.database.read() as connection:
        row = connection.exec_driver_sql("SELECT user_id, ip, channel FROM journal ORDER BY seq DESC LIMIT 1").one()
    assert tuple(row) == ("u1", "10.0.0.7", "page")


def test_a_link_may_change_its_table_where_the_records_are_there(world: World) -> None:
    order(world, "bolt")
    (item,) = world.all("items")
    world.create("labels", item=item["id"], text="x")
    change = ("item: {type: link, to: items, required: true}", "item: {type: link, to: customers, required: true}")
    assert ("losing", 1) in said(plan(world, change))


def test_a_day_becomes_a_moment_or_is_refused_but_never_guessed(world: World) -> None:
    id = order(world, due="2026-11-22")
    change = ("due: {type: date}", "due: {type: text}")
    publish(world, change)
    assert world.raw("orders", id)["due"] == "2026-11-22"
    publish(world)
    assert world.raw("orders", id)["due"] == date(2026, 11, 22)
