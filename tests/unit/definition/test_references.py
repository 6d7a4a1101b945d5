"""Who uses what: the index of a definition's names."""

from __future__ import annotations

import pytest

from engine.definition.references import references
from engine.definition.rename import rename
from engine.model.diagnostic import Severity
from engine.model.problem import Problem
from tests.golden.cases import cases
from tests.unit.definition.catalogue import SmallCatalogue
from tests.unit.definition.loading import REGISTRY
from tests.unit.definition.test_load import SMALL
from tests.unit.definition.whole_house import house

CATALOGUE = SmallCatalogue()
GOLDEN = cases()


def around(path: str) -> list[str]:
    """File, the name between some characters of its line; `*` where it comes from."""
    files = house()
    found = references(files, CATALOGUE, REGISTRY)
    shown = []
    for each in found.usages(path):
        line = files[each.span.file].decode().split("\n")[each.span.line - 1]
        at = each.span.column - 1
        name = line[at : at + each.end - each.start]
        rest = line[at + len(name) : at + len(name) + 2]
        shown.append(f"{each.span.file[0]} {line[max(at - 6, 0) : at].lstrip()}<{name}>{rest}{'*' if each.declares else ''}")
    return shown


def test_who_uses_a_field() -> None:
    assert around("tables.sales.fields.spent") == ["a <spent>: *", 'a aid - <spent>"}', "b true, <spent>: "]


def test_who_uses_a_role_in_several_files() -> None:
    assert around("roles.keeper") == [
        'a "<keeper>":*',
        "a by: [<keeper>, ",
        "a {of: <keeper>, ",
        "b or '<keeper>' ",
        'b "<keeper>":',
        "c <keeper>:",
        "d [role.<keeper>],",
    ]


def test_a_name_that_nobody_uses_comes_from_somewhere_still() -> None:
    assert around("boards.wall") == ["d <wall>: *"]
    assert around("tables.sales.fields.nothing") == []


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_whatever_is_wrong_with_a_definition_there_is_an_index(name: str) -> None:
    """As far as it was understood; and only what was understood in full is renamed."""
    files = GOLDEN[name]
    found = references(files, CATALOGUE, REGISTRY)
    for usage in found.all:
        text = files[usage.span.file].decode("utf-8-sig")
        assert usage.end < 0 or text[usage.start : usage.end].strip()
    if found.complete:
        return
    assert any(each.severity is Severity.ERROR for each in found.diagnostics)
    with pytest.raises(Problem) as caught:
        rename(files, "tables.orders", "zz_new", catalogue=CATALOGUE, registry=REGISTRY)
    assert caught.value.errors[0].code == "broken_definition"


def test_what_shares_its_names_and_what_meets_free_text() -> None:
    rule = """
    rules:
      copy: {when: {created: orders}, if: "note == status or len(status) > 3", then: [{transition: close}]}
    """
    found = references({"a.yaml": (SMALL + rule).encode()}, CATALOGUE, REGISTRY)
    assert found.families == {}
    assert set(found.loose) == {"tables.orders.flow.states.open", "tables.orders.flow.states.done"}
    states = references(house(), CATALOGUE, REGISTRY).families["people.depot.choices.fs"]
    assert states == {"people.depot.choices.fs", "tables.sales.fields.store_room.choices.fs"}
