"""What is worked out once of a published app."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.program import Program
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import depot, files
from tests.world import OWNER, World, make_world

pytestmark = ON_BOTH

FORMULAS = "      pieces: {type: integer}\n"
CHAIN = (
    FORMULAS
    + '      a_last: {type: formula, value: "b_mid + twice"}\n'
    + '      b_mid: {type: formula, value: "c_first * 2"}\n'
    + '      c_first: {type: formula, value: "twice + pieces"}\n'
)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    world = depot(tmp_path, (FORMULAS, CHAIN))
    return world.runtime.program(world.app)


def test_stored_formulas_stand_after_what_they_need(program: Program) -> None:
    assert [name for name, _ in program.formulas["orders"]] == ["twice", "c_first", "b_mid", "a_last"]
    assert program.formulas["items"] == ()


def test_a_formula_over_links_or_children_has_no_column(program: Program) -> None:
    columns = program.tables["orders"].columns.keys()
    assert not {"level", "lines"} & set(columns)
    assert {"twice", "a_last", "open_at", "done_at", "flags"} <= set(columns)


def test_parents_whose_checks_look_at_their_children(program: Program) -> None:
    assert program.parents["items"] == (("order", "orders"),), "by the formula and the check over count(items)"
    assert program.parents["orders"] == ()
    assert program.parents["labels"] == ()


def test_rules_and_owners_by_table(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    program = world.runtime.program(world.app)
    assert next(rule.name for rule in program.rules["orders"]) == "picking_makes_a_shipment"
    assert program.rules["products"] == ()
    assert [routing.name for routing in program.routings["orders"]] == ["pick_warehouse"]
    assert program.owned["orders"] == {"paid_at": ("shop",)}


def test_a_program_is_made_once_per_revision(tmp_path: Path) -> None:
    world: World = depot(tmp_path)
    first = world.runtime.program(world.app)
    assert world.runtime.program(world.app) is first
    world.runtime.publish(files(), OWNER)
    assert world.runtime.program(world.app).revision == 2
    assert world.runtime.apps() == ("depot",)
