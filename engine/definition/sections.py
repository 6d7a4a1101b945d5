"""The JSON Schemas of what stands in each section, as data. Kinds bring the schemas of their own keys.

Types are given as lists (`["string", "object"]`) instead of `anyOf`, so that an error names the one thing that is wrong.
`x-required: true` on a key says that it must be there; `false` for a key takes it away. `x-pattern` is for editors only: here
a code of its own says it better.
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
_CHOICE: Schema = {**_TITLE, "properties": {**_TITLE["properties"], "was": {"type": "string"}}}
DEFS: Schema = {"title": _TITLE, "expression": _EXPRESSION, "choice": _CHOICE}

_NO_PEOPLE = frozenset({"link", "formula", "serial", "state", "json", "attachment"})
_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_AMOUNT_OF_TIME: Schema = {"type": ["string", "integer"], "x-pattern": r"^[1-9][0-9]{0,5}[smhd]$"}
_MAP: Schema = {"type": "object"}
_CONSTANT: Schema = {"type": ["string", "number", "boolean"]}
# More than anyone needs, and less than what would make a database or a reader of the definition suffer: PostgreSQL holds
# 1,600 columns in a table.
_MOST: Mapping[str, int] = {
    **{"roles": 500, "people": 200, "tables": 1_000, "fields": 1_000, "states": 500, "transitions": 2_000, "checks": 500},
    **{
        "rules": 2_000,
        "routing": 500,
        "alerts": 500,
        "connections": 200,
        "boards": 500,
        "rows": 2_000,
        "steps": 100,
        "levels": 50,
    },
}


def at_most(name: str) -> Schema:
    """A map of so many entries."""
    return {"type": "object", "maxProperties": _MOST[name]}


def _some(name: str) -> Schema:
    return {"type": "array", "minItems": 1, "maxItems": _MOST[name]}


_STEPS: Schema = _some("steps")

_NAMES: Schema = {"type": "array", "items": _TEXT, "maxItems": 2_000}
_SOME_NAMES: Schema = {**_NAMES, "minItems": 1}
_ONE_OR_MORE: Schema = {**_NAMES, "type": ["string", "array"], "minItems": 1}
_T: Schema = {"$ref": "#/$defs/title"}
_E: Schema = {"$ref": "#/$defs/expression"}
_EXPRESSIONS: Schema = {"type": "object", "additionalProperties": _E}


def need(schema: Schema) -> Schema:
    """The same, and it must be there."""
    return {**schema, "x-required": True}


def like(schema: Schema, example: object) -> Schema:
    """The same, with an example: for editors, and for whoever wrote something of another type."""
    return {**schema, "examples": [example]}


def shape(**properties: Schema) -> Schema:
    """An object with exactly these keys; a trailing `_` escapes Python's keywords."""
    return {"type": "object", "properties": {k.rstrip("_"): v for k, v in properties.items()}, "additionalProperties": False}


ROOT = shape(
    app=need(_TEXT),
    title=_T,
    version={"type": ["string", "number"]},
    roles=at_most("roles"),
    people=at_most("people"),
    tables=at_most("tables"),
    permissions=at_most("roles"),
    rules=at_most("rules"),
    routing=at_most("routing"),
    alerts=at_most("alerts"),
    connections=at_most("connections"),
    boards=at_most("boards"),
)
ROLE = like(shape(title=_T, portal=_FLAG), {"title": "Clerk"})
FIELD = like(
    shape(type=need(_TEXT), title=_T, required=_FLAG, unique=_FLAG, default=_CONSTANT, was=_TEXT),
    {"type": "text", "title": "Name"},
)
TABLE = shape(
    title=_T,
    display=_TEXT,
    fields=need({**at_most("fields"), "minProperties": 1}),
    keys={"type": "array", "items": _SOME_NAMES},
    checks=at_most("checks"),
    flow=_MAP,
    was=_TEXT,
)
CHECK = shape(must=need(_E), otherwise={"enum": ["flag", "refuse"]}, message=need(_T))
FLOW = shape(field=need(_TEXT), states=need({**at_most("states"), "minProperties": 1}), transitions=at_most("transitions"))
STATE = like(shape(title=_T, initial=_FLAG, final=_FLAG, was=_TEXT), {"title": "Shipped", "final": True})
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
        "examples": [["amount", "remark"]],
        "type": ["array", "object"],
        "items": _TEXT,
        "properties": {"fields": need(_NAMES), "if": _E},
        "additionalProperties": False,
    },
    read=like({"type": "object", "additionalProperties": _READ}, {"all": True}),
    edit=like({"type": "object", "additionalProperties": _GRANT}, {"remark": True}),
    delete=_GRANT,
)
_WHEN = like(_MAP, {"created": "orders"})
_STEP = like(_MAP, {"transition": "approve"})
RULE = shape(title=_T, when=need(_WHEN), if_=_E, then=need(like({**_STEPS, "items": _STEP}, _STEP["examples"])), required=_FLAG)
ROUTING = shape(
    title=_T,
    of=need(_TEXT),
    when=need(_WHEN),
    decides=need(_TEXT),
    policy={"enum": ["first", "only", "all"]},
    rows=need({**_some("rows"), "items": shape(if_=need(_E), then=need({"type": ["string", "number", "boolean"]}))}),
    otherwise={"type": ["string", "number", "boolean"]},
)
_NOTIFY = shape(
    to=need({"type": "array", "minItems": 1, "items": {"type": "string", "pattern": r"^role\.[a-z][a-z0-9_]*$"}}),
    by=need(_SOME_NAMES),
)
_LEVEL = shape(after=need(_AMOUNT_OF_TIME), notify=_NOTIFY, then={**_STEPS, "items": _MAP}, repeat=_AMOUNT_OF_TIME)
ALERT = shape(title=_T, of=need(_TEXT), if_=need(_E), text=need(_T), levels=need({**_some("levels"), "items": _LEVEL}))
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
    return field_schema({**own, "required": False, "unique": False, "was": False})


def settled(schema: Any, *, inline: bool = False) -> Any:
    """Plain JSON Schema: `x-required` becomes `required`. `inline`: references written out, which validates faster."""
    if isinstance(schema, list):
        return [settled(item, inline=inline) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    if inline and "$ref" in schema:
        own = {key: value for key, value in schema.items() if key != "$ref"}
        return settled({**own, **DEFS[schema["$ref"].removeprefix("#/$defs/")]}, inline=True)
    result = {key: settled(value, inline=inline) for key, value in schema.items() if key not in {"x-required", "x-pattern"}}
    if "x-pattern" in schema and not inline:
        result["pattern"] = schema["x-pattern"]
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        wanted = [name for name, value in properties.items() if isinstance(value, Mapping) and value.get("x-required") is True]
        if wanted:
            result["required"] = [*result.get("required", []), *wanted]
    return result
