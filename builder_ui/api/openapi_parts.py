"""Pieces that many operations of the OpenAPI document share: parameters, bodies, answers, the problem's schema."""

from __future__ import annotations

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}


def shared_schemas() -> dict[str, Any]:
    """Component name → schema, independent of any app."""
    fault = {
        "type": "object",
        "properties": {"path": _TEXT, "code": _TEXT, "message": _TEXT, "rule": _TEXT},
        "required": ["path", "code", "message"],
    }
    problem = {
        "type": "object",
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "code": _TEXT,
            "detail": _TEXT,
            "errors": {"type": "array", "items": fault},
            "remedies": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["type", "title", "status", "code", "detail", "errors"],
    }
    result = {
        "type": "object",
        "properties": {
            "index": {"type": "integer"},
            "status": {"type": "integer"},
            "id": _TEXT,
            "version": {"type": "integer"},
            "location": _TEXT,
            "skipped": {"type": "boolean"},
            "gone": {"type": "boolean"},
            "problem": ref("problem"),
        },
        "required": ["index", "status"],
    }
    results = {"type": "object", "properties": {"results": {"type": "array", "items": result}}, "required": ["results"]}
    return {"problem": problem, "results": results}


def header(name: str, what: str) -> dict[str, Any]:
    """An optional header."""
    return {"name": name, "in": "header", "required": False, "description": what, "schema": _TEXT}


KEY_HEADER = header("Idempotency-Key", "The same key and body are done once and answered alike for 24 hours")
MATCH_HEADER = header("If-Match", 'The version that was read, in quotes: "3"; 412 when a written field changed since')
NONE_MATCH_HEADER = header("If-None-Match", "The ETag of the last answer; 304 when nothing changed")


MATCH = "The fields of a key, with commas, by which rows name a record that the caller sees"
ON_DUPLICATE = "With match: write to the record that is there (update), leave it alone (skip), or refuse the row"
ON_DUPLICATE_MODES = ("update", "skip", "refuse")


def query(name: str, what: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """An optional parameter of the query string."""
    return {"name": name, "in": "query", "required": False, "description": what, "schema": schema or _TEXT}


def path_parameter(name: str) -> dict[str, Any]:
    """A part of the path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def ref(name: str) -> dict[str, Any]:
    """A schema by component name."""
    return {"$ref": f"#/components/schemas/{name}"}


def body(schema: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    """A JSON body."""
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def operation(
    title: str, answers: dict[str, Any], *, takes: list[dict[str, Any]], sends: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One operation: parameters, body, what comes back when it is done; every refusal is a problem document."""
    found: dict[str, Any] = {"summary": title, "parameters": takes}
    if sends is not None:
        found["requestBody"] = sends
    return {**found, "responses": {**answers, "default": _problem()}}


def done(status: int, what: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """One answer by status."""
    content = {"content": {"application/json": {"schema": schema}}} if schema is not None else {}
    return {str(status): {"description": what, **content}}


def _problem() -> dict[str, Any]:
    return {"description": "Why not (RFC 9457)", "content": {"application/problem+json": {"schema": ref("problem")}}}
