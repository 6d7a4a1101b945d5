"""The published JSON Schema: valid itself, takes the template's files, refuses what the engine refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.definition.nodes import plain
from engine.definition.published import published
from engine.definition.read import read_folder, read_text
from engine.definition.sections import field_schema, settled
from tests.unit.definition.loading import REGISTRY

FOLDER = Path(__file__).parents[3] / "templates_market" / "order_tracking"
SCHEMA = published(REGISTRY)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("name", "data"), sorted(read_folder(FOLDER).items()))
def test_it_takes_the_template(name: str, data: bytes) -> None:
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(plain(read_text(name, data)))] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": {}},
        {"tables": {"orders": {"fields": {"a": {"type": "money", "choices": {"a": "b"}}}}}},
        {"tables": {"orders": {"fields": {"a": {"type": "choice"}}}}},
        {"tables": {"Orders": {"fields": {"a": {"type": "text"}}}}},
        {"rules": {"a": {"when": {"created": "orders"}, "then": [{"set": {"a": "1"}, "transition": "x"}]}}},
        {"rules": {"a": {"when": {}, "then": [{"transition": "x"}]}}},
        {"permissions": {"clerk": {"orders": {"read": {"a": {"show": "half"}}}}}},
    ],
)
def test_it_refuses(wrong: dict[str, Any]) -> None:
    assert list(Draft202012Validator(SCHEMA).iter_errors(wrong))


def test_a_kind_takes_common_keys_away() -> None:
    schema = settled(field_schema(REGISTRY.fields["formula"].schema))
    assert set(schema["properties"]) == {"type", "title", "value", "was"}
    assert set(schema["required"]) == {"type", "value"}


def test_references_are_written_out() -> None:
    inline = settled({"type": "object", "properties": {"title": {"$ref": "#/$defs/title", "x-required": True}}}, inline=True)
    assert inline["required"] == ["title"]
    assert inline["properties"]["title"]["type"] == ["string", "object"]
