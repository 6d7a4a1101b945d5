"""The published schema against what the engine does: the same keys as the App has room for, and the same mistakes refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.definition.keys import KEYS
from engine.definition.messages import SHAPE
from engine.definition.nodes import plain
from engine.definition.published import published
from engine.definition.read import read_text
from engine.model import app
from engine.model.diagnostic import DefinitionError
from tests.golden.cases import BAD, cases
from tests.unit.definition.loading import REGISTRY

SCHEMA = published(REGISTRY)
VALIDATOR = Draft202012Validator(SCHEMA)
# What a schema cannot say: what goes with a kind's own values, and names that are taken elsewhere.
BEYOND = {"bad_default", "defaults_of_kinds", "bad_value_read", "name_clash", "reserved_name"}
# What a part of the App is worked out from something else than a key of its own.
WORKED_OUT = {"name", "span", "pending", "types", "children", "stored", "type", "options", "values", "path", "kind"}
# Part of the App → where it stands in a definition, and what its attributes are called there.
PARTS: Mapping[type, tuple[str, Mapping[str, str]]] = {
    app.App: ("", {"routings": "routing", "name": "app"}),
    app.Role: ("roles.*", {}),
    app.Table: ("tables.*", {}),
    app.Check: ("tables.*.checks.*", {}),
    app.Flow: ("tables.*.flow", {}),
    app.State: ("tables.*.flow.states.*", {}),
    app.Transition: ("tables.*.flow.transitions.*", {"sources": "from", "target": "to"}),
    app.Approval: ("tables.*.flow.transitions.*.approvals.[]", {"role": "of", "condition": "if"}),
    app.Create: ("permissions.*.*.create", {"condition": "if"}),
    app.Rule: ("rules.*", {"trigger": "when", "condition": "if", "steps": "then"}),
    app.Routing: ("routing.*", {"trigger": "when", "table": "of"}),
    app.RoutingRow: ("routing.*.rows.[]", {"condition": "if"}),
    app.Alert: ("alerts.*", {"table": "of", "condition": "if"}),
    app.Level: ("alerts.*.levels.[]", {"steps": "then"}),
}
# Keys whose values are kept with others: a part's options.
TOGETHER = {app.Level: {"notify", "repeat"}, app.Approval: {"not_requester", "method"}}


def _at(address: str) -> Mapping[str, Any]:
    node: Mapping[str, Any] = SCHEMA
    for step in filter(None, address.split(".")):
        node = node["additionalProperties"] if step == "*" else node["items"] if step == "[]" else node["properties"][step]
    return node


@pytest.mark.parametrize("part", PARTS)
def test_an_app_has_room_for_every_key_and_every_part_has_its_key(part: Any) -> None:
    address, called = PARTS[part]
    wanted = {called.get(each.name, each.name) for each in fields(part) if each.name in called or each.name not in WORKED_OUT}
    assert wanted == set(_at(address)["properties"]) - TOGETHER.get(part, set())


def test_permissions_have_their_keys() -> None:
    assert {each.name for each in fields(app.Permission)} - {"role", "table", "span"} == set(
        _at("permissions.*.*")["properties"]
    )


def test_every_kind_of_field_is_known_with_its_own_keys() -> None:
    cases_of = {case["if"]["properties"]["type"]["const"]: case["then"] for case in _at("tables.*.fields.*")["allOf"]}
    assert set(cases_of) == set(REGISTRY.fields)
    for name, kind in REGISTRY.fields.items():
        own = {key for key, schema in kind.schema.items() if schema is not False}
        assert own <= set(cases_of[name]["properties"])
        assert not {key for key, schema in kind.schema.items() if schema is False} & set(cases_of[name]["properties"])


def _descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "properties":
                yield from (each["description"] for each in value.values() if isinstance(each, Mapping) and "const" not in each)
            yield from _descriptions(value) if key != "if" else ()
    elif isinstance(node, list):
        for each in node:
            yield from _descriptions(each)


def test_every_key_says_what_it_is_in_both_languages_and_no_word_is_left_over() -> None:
    said = set(_descriptions({**SCHEMA, "allOf": []}))
    assert {f"{text.zh}\n\n{text.en}" for text in KEYS.values()} <= said
    assert all("\n\n" in each for each in said)


def _trees(files: Mapping[str, bytes]) -> list[Any]:
    return [plain(read_text(name, data)) for name, data in files.items()]


@pytest.mark.parametrize("name", sorted(cases()))
def test_what_has_a_wrong_shape_is_refused_by_the_schema_and_nothing_else(name: str) -> None:
    codes = set(re.findall(r"^\S*:\d+:\d+ (\S+)", (BAD / f"{name}.expected").read_text(encoding="utf-8"), re.M))
    try:
        trees = _trees(cases()[name])
    except DefinitionError:
        return  # no YAML that the engine reads
    if codes == {"too-large"}:
        return
    wrong = bool(codes & {*SHAPE, "unknown-kind"}) and name not in BEYOND
    assert all(VALIDATOR.is_valid(tree) for tree in trees) is not wrong
