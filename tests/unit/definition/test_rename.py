"""One thing under another name: every place of every kind changes, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.definition.read import read_folder
from engine.definition.references import references
from engine.definition.rename import Renamed, rename
from engine.model.diagnostic import Severity
from engine.model.problem import Problem
from tests.unit.definition.catalogue import SmallCatalogue
from tests.unit.definition.loading import REGISTRY
from tests.unit.definition.test_load import SMALL
from tests.unit.definition.whole_house import house

CATALOGUE = SmallCatalogue()
MARKET = Path(__file__).parents[3] / "templates_market" / "order_tracking"
HOUSE = house()
NAMES = sorted(references(HOUSE, CATALOGUE, REGISTRY).names)
LISTS = {"bought": "sales.fields.buyer", "lines": "sale_lines.fields.sale", "parcel_list": "parcels.fields.of_sale"}


def renamed(files: dict[str, bytes], path: str, name: str) -> Renamed:
    return rename(files, path, name, catalogue=CATALOGUE, registry=REGISTRY)


def refused(files: dict[str, bytes], path: str, name: str) -> list[str]:
    """The codes of a refusal."""
    with pytest.raises(Problem) as caught:
        renamed(files, path, name)
    assert caught.value.status == 422
    assert all(fault.message.zh and fault.message.en for fault in caught.value.errors)
    return [fault.code for fault in caught.value.errors]


def name_at(path: str) -> str:
    own = {f"tables.{where}.inverse": name for name, where in LISTS.items()}
    return own.get(path, path.rpartition(".")[2])


def test_every_name_of_the_whole_house_is_known() -> None:
    found = references(HOUSE, CATALOGUE, REGISTRY)
    assert [each.code for each in found.diagnostics if each.severity is Severity.ERROR] == []
    assert len(NAMES) == 65
    for name, where in LISTS.items():
        assert f"tables.{where}.inverse" in NAMES, name


@pytest.mark.parametrize("path", NAMES)
def test_a_renaming_is_a_replaced_word_and_can_be_taken_back(path: str) -> None:
    old = name_at(path)
    word = re.compile(rf"(?<![a-z0-9_]){old}(?=(_at)?(?![a-z0-9_]))".encode())
    done = renamed(HOUSE, path, "zz_new")
    assert done.files == {name: word.sub(b"zz_new", data) for name, data in HOUSE.items()}
    assert done.notes == ()
    back = path if path.endswith(".inverse") else f"{path.rpartition('.')[0]}.zz_new"
    assert renamed(dict(done.files), back, old).files == HOUSE


@pytest.mark.parametrize(
    "path",
    [
        "tables.orders",
        "tables.orders.fields.amount",
        "tables.orders.fields.status",
        "tables.order_items.fields.order.inverse",
        "tables.orders.flow.states.shipped",
        "tables.orders.fields.channel.choices.phone",
        "roles.buyer",
        "people.warehouse",
    ],
)
def test_names_that_are_words_of_other_things_too(path: str) -> None:
    """In the market's template one word often names several things: a renaming changes only its own."""
    files = read_folder(MARKET)
    before = references(files, CATALOGUE, REGISTRY)
    done = renamed(files, path, "zz_new")
    places = {(usage.span.file, usage.span.line) for usage in before.usages(path)}
    changed = {
        (name, number)
        for name, data in files.items()
        for number, (one, two) in enumerate(zip(data.split(b"\n"), done.files[name].split(b"\n"), strict=True), 1)
        if one != two
    }
    assert changed == places
    old = "items" if path.endswith(".inverse") else path.rpartition(".")[2]
    back = path if path.endswith(".inverse") else f"{path.rpartition('.')[0]}.zz_new"
    assert renamed(dict(done.files), back, old).files == files


def test_choices_that_are_compared_are_renamed_together() -> None:
    done = renamed(HOUSE, "people.depot.choices.hz", "hangzhou")
    assert done.paths == ("people.depot.choices.hz", "tables.sales.fields.store_room.choices.hz")
    assert renamed(HOUSE, "tables.sales.fields.store_room.choices.byhand", "manual").paths == (
        "tables.sales.fields.store_room.choices.byhand",
    )


@pytest.mark.parametrize(
    ("path", "name", "codes"),
    [
        ("tables.sales.fields.payd", "x", ["unknown_path"]),
        ("tables.sales.fields.id", "x", ["unknown_path"]),
        ("", "x", ["unknown_path"]),
        ("tables.sales.fields.paid", "notes", ["name_taken"]),
        ("tables.sales.fields.paid", "Paid", ["bad_name", "bad-name"]),
        ("tables.sales.fields.paid", "付款", ["bad_name", "bad-name"]),
        ("tables.sales.fields.paid", "created_at", ["bad_name", "reserved-name"]),
        ("tables.sales.fields.paid", "class", ["bad_name", "reserved-name"]),
        ("people.depot", "roles", ["bad_name", "reserved-name"]),
        ("roles.agent", "system", ["bad_name", "reserved-name"]),
        ("tables.sales.fields.paid", "lines", ["breaks_definition", "name-clash"]),
        ("tables.sales.fields.paid", "fresh_at", ["breaks_definition", "name-clash"]),
        ("tables.sale_lines.fields.sale.inverse", "paid", ["breaks_definition", "name-clash"]),
        ("tables.sale_lines.fields.sale.inverse", "id", ["bad_name", "reserved-name"]),
        ("tables.sales.flow.states.fresh", "created", ["breaks_definition", "name-clash"]),
        ("tables.parcels.fields.of_sale.inverse", "sales", ["breaks_definition", "unknown-name", "unknown-name"]),
        ("tables.sale_lines.fields.sale.inverse", "parcels", ["captured"]),
        ("connections.team_room", "inbox", ["captured"]),
        ("tables.sales.fields.store_room.choices.hz", "byhand", ["name_taken"]),
    ],
)
def test_what_cannot_be_is_refused(path: str, name: str, codes: list[str]) -> None:
    assert refused(HOUSE, path, name) == codes


def test_a_broken_definition_is_not_renamed() -> None:
    broken = {**HOUSE, "e.yaml": b"rules: {bad: {when: {created: sales}, if: no_such, then: [{transition: look}]}}\n"}
    assert refused(broken, "tables.sales.fields.paid", "x")[:2] == ["broken_definition", "unknown-name"]


def test_an_error_that_leaves_every_name_clear_is_no_obstacle() -> None:
    """Checks over the whole app come after all names are understood."""
    unguarded = SMALL.replace("{open: {initial: true}, done: {final: true}}", "{open: {initial: true}, done: {}}")
    done = renamed({"a.yaml": unguarded.encode()}, "tables.orders.fields.no", "number")
    assert b"number: {type: text}" in done.files["a.yaml"]


LOOSE = """
    rules:
      copy: {when: {created: orders}, if: "starts_with(status, 'op')", then: [{set: {note: status}}]}
"""


def test_places_that_nobody_can_judge_are_noted() -> None:
    files = {"a.yaml": (SMALL + LOOSE).encode()}
    notes = renamed(files, "tables.orders.flow.states.open", "begun").notes
    assert [(note.severity, note.span.line) for note in notes] == [
        (Severity.NOTE, 20),
        (Severity.NOTE, 20),
        (Severity.WARNING, 20),  # no state begins with 'op' any more
    ]
    assert renamed(files, "tables.orders.fields.note", "remark").notes == ()


def test_a_text_in_pieces_is_refused_with_its_place() -> None:
    rule = """
    rules:
      odd: {when: {created: orders}, if: "status == 'op' \\"en\\"", then: [{transition: close}]}
    """
    files = {"a.yaml": (SMALL + rule).encode()}
    assert refused(files, "tables.orders.flow.states.open", "begun") == ["not_exact"]
    assert renamed(files, "tables.orders.fields.note", "remark")
