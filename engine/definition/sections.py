"""The JSON Schemas of what stands in each section, as data. Kinds bring the schemas of their own keys.

Types are given as lists (`["string", "object"]`) instead of `anyOf`, so that an error names the one thing that is wrong.
`x-required: true` on a key says that it must be there; `false` for a key takes it away.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engine.kinds.registry import Registry

Schema = Mapping[str, Any]

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,39}$"
_TITLE: Schema = {
    "type": ["string", "object"],
    "minLength": 1,
    "maxLength": 2_000,
    "minProperties": 1,
    "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string", "minLength": 1}},
    "additionalProperties": False,
}
# A condition or value may look like a number or a boolean to YAML; what was written is what is read.
_EXPRESSION: Schema = {"type": ["string", "number", "boolean"]}
DEFS: Schema = {"title": _TITLE, "expression": _EXPRESSION}

_NO_PEOPLE = frozenset({"link", "formula", "serial", "state"})
_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_AMOUNT_OF_TIME: Schema = {"type": ["string", "integer"]}
_MAP: Schema = {"type": "object"}
# More than anyone needs, and less than what would make a database or a reader of the definition suffer: PostgreSQL holds
# 1,600 columns in a table.
_MOST: Mapping[str, int] = {"roles": 500, "people": 200, "tables": 1_000, "fields": 1_000, "states": 500}


def _at_most(name: str) -> Schema:
    return {"type": "object", "maxProperties": _MOST[name]}


_NAMES: Schema = {"type": "array", "items": _TEXT}
_SOME_NAMES: Schema = {**_NAMES, "minItems": 1}
_ONE_OR_MORE: Schema = {"type": ["string", "array"], "items": _TEXT, "minItems": 1}
_T: Schema = {"$ref": "#/$defs/title"}
_E: Schema = {"$ref": "#/$defs/expression"}
_EXPRESSIONS: Schema = {"type": "object", "additionalProperties": _E}


def need(schema: Schema) -> Schema:
    """The same, and it must be there."""
    return {**schema, "x-required": True}


def shape(**properties: Schema) -> Schema:
    """An object with exactly these keys; a trailing `_` escapes Python's keywords."""
    return {"type": "object", "properties": {k.rstrip("_"): v for k, v in properties.items()}, "additionalProperties": False}


ROOT = shape(
    app=need(_TEXT),
    title=_T,
    version={"type": ["string", "number"]},
    roles=_at_most("roles"),
    people=_at_most("people"),
    tables=_at_most("tables"),
    permissions=_MAP,
    rules=_MAP,
    routing=_MAP,
    alerts=_MAP,
    connections=_MAP,
    boards=_MAP,
)
ROLE = shape(title=_T, portal=_FLAG)
FIELD = shape(type=need(_TEXT), title=_T, required=_FLAG, unique=_FLAG, default={"type": ["string", "number", "boolean"]})
TABLE = shape(
    title=_T,
    display=_TEXT,
    fields=need({**_at_most("fields"), "minProperties": 1}),
    keys={"type": "array", "items": _SOME_NAMES},
    checks=_MAP,
    flow=_MAP,
)
CHECK = shape(must=need(_E), otherwise={"enum": ["flag", "refuse"]}, message=need(_T))
FLOW = shape(field=need(_TEXT), states=need({**_at_most("states"), "minProperties": 1}), transitions=_MAP)
STATE = shape(title=_T, initial=_FLAG, final=_FLAG)
_APPROVAL = shape(
    of=need(_TEXT),
    count={"type": "integer", "minimum": 1, "maximum": 20},
    if_=_E,
    not_requester=_FLAG,
    method={"enum": ["click", "scan"]},
)
TRANSITION = shape(
    title=_T,
    from_=need(_ONE_OR_MORE),
    to=need(_TEXT),
    by=need(_SOME_NAMES),
    guard=_E,
    needs=_NAMES,
    approvals={"type": "array", "minItems": 1, "items": _APPROVAL},
)
_READ: Schema = {
    "type": ["boolean", "string", "object"],
    "properties": {"show": need({"enum": ["masked"]}), "find": {"enum": ["exact"]}},
    "additionalProperties": False,
}
_GRANT: Schema = {"type": ["boolean", "string"]}
PERMISSION = shape(
    records=_E,
    create={
        "type": ["array", "object"],
        "items": _TEXT,
        "properties": {"fields": need(_NAMES), "if": _E},
        "additionalProperties": False,
    },
    read={"type": "object", "additionalProperties": _READ},
    edit={"type": "object", "additionalProperties": _GRANT},
    delete=_GRANT,
)
RULE = shape(title=_T, when=need(_MAP), if_=_E, then=need({"type": "array", "minItems": 1, "items": _MAP}), required=_FLAG)
ROUTING = shape(
    title=_T,
    of=need(_TEXT),
    when=need(_MAP),
    decides=need(_TEXT),
    policy={"enum": ["first", "only", "all"]},
    rows=need(
        {"type": "array", "minItems": 1, "items": shape(if_=need(_E), then=need({"type": ["string", "number", "boolean"]}))}
    ),
    otherwise={"type": ["string", "number", "boolean"]},
)
_NOTIFY = shape(
    to=need({"type": "array", "minItems": 1, "items": {"type": "string", "pattern": r"^role\.[a-z][a-z0-9_]*$"}}),
    by=need(_SOME_NAMES),
)
_LEVEL = shape(
    after=need(_AMOUNT_OF_TIME), notify=_NOTIFY, then={"type": "array", "minItems": 1, "items": _MAP}, repeat=_AMOUNT_OF_TIME
)
ALERT = shape(
    title=_T, of=need(_TEXT), if_=need(_E), text=need(_T), levels=need({"type": "array", "minItems": 1, "items": _LEVEL})
)
CONNECTION = shape(
    title=_T,
    use=need(_TEXT),
    as_=_TEXT,
    settings={"type": "object", "additionalProperties": {"type": ["string", "number"]}},
    pull=_MAP,
)
_CHILD = shape(from_=need(_TEXT), match=need(_SOME_NAMES), map=need(_EXPRESSIONS))
PULL = shape(
    every=need(_AMOUNT_OF_TIME),
    into=need(_TEXT),
    match=need(_SOME_NAMES),
    map=need(_EXPRESSIONS),
    children={"type": "object", "additionalProperties": _CHILD},
    owns=_NAMES,
)
BOARD = shape(
    title=_T,
    of=need(_TEXT),
    kind=need({"enum": ["kanban", "grid"]}),
    by=_TEXT,
    card=_SOME_NAMES,
    columns=_SOME_NAMES,
    where=_E,
    sort=_NAMES,
)
# The sections whose entries all have one shape. Fields, steps and triggers have one per kind.
ENTRIES: Mapping[str, Schema] = MappingProxyType(
    {
        "roles": ROLE,
        "tables": TABLE,
        "rules": RULE,
        "routing": ROUTING,
        "alerts": ALERT,
        "connections": CONNECTION,
        "boards": BOARD,
    }
)


def person_kinds(registry: Registry) -> list[str]:
    """Kinds of fields that can say something about a person."""
    return [name for name in registry.fields if name not in _NO_PEOPLE]


def field_schema(own: Schema) -> Schema:
    """A field's schema: the common keys and those of its kind; a kind takes a common key away with `false`."""
    properties = {**FIELD["properties"], **own}
    return {**FIELD, "properties": {name: schema for name, schema in properties.items() if schema is not False}}


def person_schema(own: Schema) -> Schema:
    """What an app knows of a person: nobody fills in a form for it, so nothing could be required or unique."""
    return field_schema({**own, "required": False, "unique": False})


def settled(schema: Any, *, inline: bool = False) -> Any:
    """Plain JSON Schema: `x-required` becomes `required`. `inline`: references written out, which validates faster."""
    if isinstance(schema, list):
        return [settled(item, inline=inline) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    if inline and "$ref" in schema:
        own = {key: value for key, value in schema.items() if key != "$ref"}
        return settled({**own, **DEFS[schema["$ref"].removeprefix("#/$defs/")]}, inline=True)
    result = {key: settled(value, inline=inline) for key, value in schema.items() if key != "x-required"}
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        wanted = [name for name, value in properties.items() if isinstance(value, Mapping) and value.get("x-required") is True]
        if wanted:
            result["required"] = [*result.get("required", []), *wanted]
    return result


def published(registry: Registry) -> dict[str, Any]:
    """One JSON Schema (2020-12) of a whole definition, for editors."""
    field = _by_type({name: field_schema(kind.schema) for name, kind in registry.fields.items()})
    fact = _by_type({name: person_schema(registry.fields[name].schema) for name in person_kinds(registry)})
    table = {
        **TABLE,
        "properties": {
            **TABLE["properties"],
            "fields": _map_of(field, TABLE["properties"]["fields"]),
            "checks": _map_of(CHECK),
            "flow": _flow(),
        },
    }
    step = _one_of({name: kind.schema for name, kind in registry.steps.items()})
    rule = {
        **RULE,
        "properties": {
            **RULE["properties"],
            "when": _when(registry),
            "then": {"type": "array", "items": step, "x-required": True},
        },
    }
    entries = {**ENTRIES, "people": fact, "permissions": _map_of(PERMISSION), "tables": table, "rules": rule}
    sections = {
        name: _map_of(entries[name], schema) if name in entries else schema for name, schema in ROOT["properties"].items()
    }
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": DEFS, **ROOT, "properties": sections}
    result = settled(whole)
    result.pop("required", None)  # a file holds some of the sections
    return dict(result)


def _by_type(kinds: Mapping[str, Schema]) -> Schema:
    cases = [
        {"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": schema}
        for name, schema in kinds.items()
    ]
    return {"type": "object", "properties": {"type": {"enum": list(kinds), "x-required": True}}, "allOf": cases}


def _flow() -> Schema:
    states = _map_of(STATE, FLOW["properties"]["states"])
    return {**FLOW, "properties": {**FLOW["properties"], "states": states, "transitions": _map_of(TRANSITION)}}


def _when(registry: Registry) -> Schema:
    return need(_one_of({name: kind.schema for name, kind in registry.triggers.items()}))


def _one_of(cases: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "minProperties": 1, "maxProperties": 1, "properties": dict(cases), "additionalProperties": False}


def _map_of(schema: Schema, bounds: Schema = _MAP) -> Schema:
    return {**bounds, "propertyNames": {"pattern": NAME_PATTERN}, "additionalProperties": schema}
