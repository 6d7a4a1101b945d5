"""What the language says about a container: are its keys words of the language or names people chose, may it stand empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definition.edit.paths import Steps
from engine.definition.sections import CHECK, DEFS, ENTRIES, FIELD, FLOW, PERMISSION, ROOT, STATE, TABLE, TRANSITION, Schema


def _map_of(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def _with(schema: Schema, **properties: Schema) -> Schema:
    """A schema with the inner ones written out, which `outline` otherwise looks at one by one."""
    inner = {name: {**each, **schema["properties"].get(name, {})} for name, each in properties.items()}
    return {**schema, "properties": {**schema["properties"], **inner}}


def _whole() -> Schema:
    flow = _with(FLOW, states=_map_of(STATE), transitions=_map_of(TRANSITION))
    table = _with(TABLE, fields=_map_of(FIELD), checks=_map_of(CHECK), flow=flow)
    entries = {**ENTRIES, "people": FIELD, "tables": table, "permissions": _map_of(PERMISSION)}
    return _with(ROOT, **{name: _map_of(each) for name, each in entries.items()})


def _at(steps: Steps) -> Schema | None:
    """The schema of a place; None where each kind has its own."""
    schema: Any = _whole()
    for step in steps:
        if isinstance(step, int):
            schema = schema.get("items")
        else:
            schema = schema.get("properties", {}).get(step) or schema.get("additionalProperties")
        if not isinstance(schema, Mapping):
            return None
        if "$ref" in schema:
            schema = {**DEFS[schema["$ref"].rpartition("/")[2]], **schema}
    return dict(schema)


def is_word(steps: Steps) -> bool:
    """Is the last step a key that the language gives a meaning to?"""
    schema = _at(steps[:-1])
    return schema is not None and steps[-1] in schema.get("properties", {})


def goes_when_empty(steps: Steps) -> bool:
    """May the container be left out, but not stand there empty?"""
    schema = _at(steps) if steps and isinstance(steps[-1], str) else None
    if schema is None or schema.get("x-required") is True or not is_word(steps):
        return False
    return bool(schema.get("minItems") or schema.get("minProperties"))
