"""One JSON Schema (2020-12) of a whole definition, made of the sections' and the kinds' own, for editors: what may stand where,
and what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definition.keys import KEYS
from engine.definition.sections import (
    ALERT,
    CHECK,
    CONNECTION,
    DEFS,
    ENTRIES,
    FLOW,
    NAME_PATTERN,
    PERMISSION,
    PULL,
    ROOT,
    ROUTING,
    RULE,
    STATE,
    TABLE,
    TRANSITION,
    Schema,
    at_most,
    field_schema,
    need,
    person_kinds,
    person_schema,
    settled,
)
from engine.kinds.registry import Registry
from engine.model.text import Text

_MAP: Schema = {"type": "object"}
# Where the same keys are described once for several places.
_SAME: Mapping[str, str] = {"people.*": "field", "tables.*.fields.*": "field"}


def published(registry: Registry) -> dict[str, Any]:
    """The schema. A file holds some of the sections, so none of them is required."""
    entries = _entries(registry)
    sections = {
        name: _map_of(entries[name], schema) if name in entries else schema for name, schema in ROOT["properties"].items()
    }
    defs = {name: _told(schema, name) for name, schema in DEFS.items()}
    whole = settled({**ROOT, "properties": sections})
    whole.pop("required", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": defs, **_told(whole, "")}


def _entries(registry: Registry) -> dict[str, Schema]:
    """Section → the schema of its entries, with what kinds bring."""
    field = _by_type({name: field_schema(kind.schema) for name, kind in registry.fields.items()}, registry)
    fact = _by_type({name: person_schema(registry.fields[name].schema) for name in person_kinds(registry)}, registry)
    steps = {"items": _one_of("steps", {name: kind.schema for name, kind in registry.steps.items()}, registry)}
    when = need(_one_of("triggers", {name: kind.schema for name, kind in registry.triggers.items()}, registry))
    levels = ALERT["properties"]["levels"]
    level = levels["items"]
    table = _with(
        TABLE,
        fields=_map_of(field, TABLE["properties"]["fields"]),
        checks=_map_of(CHECK, at_most("checks")),
        flow=_with(
            FLOW,
            states=_map_of(STATE, FLOW["properties"]["states"]),
            transitions=_map_of(TRANSITION, at_most("transitions")),
        ),
    )
    return {
        **ENTRIES,
        "people": fact,
        "permissions": _map_of(PERMISSION, at_most("tables")),
        "tables": table,
        "rules": _with(RULE, when=when, then={**RULE["properties"]["then"], **steps}),
        "routing": _with(ROUTING, when=when),
        "alerts": _with(ALERT, levels={**levels, "items": _with(level, then={**level["properties"]["then"], **steps})}),
        "connections": _with(CONNECTION, pull=_map_of(PULL)),
    }


def _with(schema: Schema, **properties: Schema) -> Schema:
    """The same object with some keys looked at more closely."""
    return {**schema, "properties": {**schema["properties"], **properties}}


def _by_type(kinds: Mapping[str, Schema], registry: Registry) -> Schema:
    """A field, whose other keys depend on its kind. The keys of all kinds are listed, so that editors can offer them early."""
    cases = [
        {"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": schema}
        for name, schema in kinds.items()
    ]
    about = [_both(registry.docs[("fields", name)].about) for name in kinds]
    kind = need({"enum": list(kinds), "markdownEnumDescriptions": about})
    return {"type": "object", "properties": {"type": kind}, "allOf": cases}


def _one_of(group: str, kinds: Mapping[str, Schema], registry: Registry) -> Schema:
    """`kind: body`, exactly one."""
    cases = {
        name: {**_told(schema, f"{group.removesuffix('s')}.{name}"), "description": _both(registry.docs[(group, name)].about)}
        for name, schema in kinds.items()
    }
    return {"type": "object", "minProperties": 1, "maxProperties": 1, "properties": cases, "additionalProperties": False}


def _map_of(schema: Schema, bounds: Schema = _MAP) -> Schema:
    return {**bounds, "propertyNames": {"pattern": NAME_PATTERN}, "additionalProperties": schema}


def _told(schema: Any, where: str) -> Any:
    """The schema with what each of its keys says. KeyError for a key that says nothing."""
    if not isinstance(schema, Mapping):
        return schema
    where = _SAME.get(where, where)
    told = dict(schema)
    if "properties" in told:
        told["properties"] = {name: _key(each, f"{where}.{name}".lstrip(".")) for name, each in told["properties"].items()}
    if isinstance(told.get("additionalProperties"), Mapping):
        told["additionalProperties"] = _told(told["additionalProperties"], f"{where}.*")
    if "items" in told:
        told["items"] = _told(told["items"], f"{where}[]")
    if "allOf" in told:
        told["allOf"] = [{**case, "then": _told(case["then"], where)} for case in told["allOf"]]
    return told


def _key(schema: Any, where: str) -> Any:
    return schema if "description" in schema else {**_told(schema, where), "description": _both(KEYS[where])}


def _both(text: Text) -> str:
    return f"{text.zh}\n\n{text.en}"
