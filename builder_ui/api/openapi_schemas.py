"""JSON Schemas of an app's tables for the OpenAPI document. Only names and kinds that the caller can see come in here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NUMBER = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
# By the type that expressions see: a new kind of field needs nothing here.
_BY_TYPE: Mapping[str, dict[str, Any]] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "duration": {"type": "number", "description": "seconds"},
    "list": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    "json": {"type": ["object", "array"]},
}
_FORMATS: Mapping[str, str] = {"email": "idn-email", "url": "iri"}


def table_schemas(app: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """Component name → schema: what is read, what a new record takes, what an edit takes."""
    name = f"{app}.{table['name']}"
    fields = table["fields"]
    found = {f"{name}.values": _object({f["name"]: _field(f) for f in fields if f["can"]["read"]})}
    found[f"{name}.record"] = _record(f"{name}.values")
    found[f"{name}.create"] = _new(app, table)
    edits = {f["name"]: _field(f) for f in fields if f["can"]["edit"]}
    found[f"{name}.edit"] = _object({"values": {**_object(edits), "additionalProperties": False}}, required=["values"])
    row = {"id": {"type": "string"}, "version": {"type": "integer"}, "values": _object(edits), "children": {"type": "object"}}
    found[f"{name}.change"] = {**_object(row), "additionalProperties": False}
    return found


def _new(app: str, table: Mapping[str, Any]) -> dict[str, Any]:
    takes = [f for f in table["fields"] if f["can"]["create"]]
    required = [f["name"] for f in takes if f["required"]]
    values = {**_object({f["name"]: _field(f) for f in takes}, required=required), "additionalProperties": False}
    rows = {"type": "array", "items": {"type": "object"}}
    children = {**_object({child["name"]: rows for child in table["children"]}), "additionalProperties": False}
    return {**_object({"values": values, "children": children}), "additionalProperties": False}


def _record(values: str) -> dict[str, Any]:
    names = {"type": "array", "items": {"type": "string"}}
    return _object(
        {
            "id": {"type": "string"},
            "version": {"type": "integer"},
            "values": {"$ref": f"#/components/schemas/{values}"},
            "titles": {"type": "object"},
            "flags": {"type": "array", "items": {"type": "object"}},
            "can": _object({"edit": names, "transitions": names, "delete": {"type": "boolean"}}),
            "moves": {"type": "array", "items": {"type": "object"}},
            "held": {"type": "object"},
        },
        required=["id", "version", "values"],
    )


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    schema = _of_type(field)
    types = schema["type"]
    schema["type"] = [*([types] if isinstance(types, str) else types), "null"]
    if field["kind"] in _FORMATS:
        schema["format"] = _FORMATS[field["kind"]]
    if field.get("choices"):
        # A masked or state value may be shown in another form, so the names are said, not enforced.
        schema["examples"] = [choice["name"] for choice in field["choices"]]
    return {"title": field["title"], **schema}


def _of_type(field: Mapping[str, Any]) -> dict[str, Any]:
    if field["type"] == "number":
        whole = field["kind"] == "integer" or (field["kind"] == "formula" and field["scale"] == 0)
        return {"type": "integer"} if whole else dict(_NUMBER)
    return dict(_BY_TYPE.get(field["type"], {"type": "string"}))


def _object(properties: Mapping[str, Any], *, required: list[str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    return {**found, "required": required} if required else found
