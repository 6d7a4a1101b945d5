"""`/openapi.json`: OpenAPI 3.1 of exactly the apps that the caller can see; who sees nothing gets the frame alone.

Made from the same description that `GET /apps` gives, so it can reveal nothing more. Source: https://spec.openapis.org/oas/v3.1.0"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response, request
from flask.sansio.app import App

from builder_ui.api.answers import answer
from builder_ui.api.apps import visible
from builder_ui.api.auth import authenticate, locale
from builder_ui.api.context import Context
from builder_ui.api.openapi_parts import (
    KEY_HEADER,
    MATCH,
    MATCH_HEADER,
    NONE_MATCH_HEADER,
    ON_DUPLICATE,
    ON_DUPLICATE_MODES,
    body,
    done,
    operation,
    path_parameter,
    query,
    ref,
    shared_schemas,
)
from builder_ui.api.openapi_schemas import table_schemas
from builder_ui.api.problems import respond
from builder_ui.ports import Json
from engine.model.problem import Problem

ROOT = "/api/v1"
_WORDS = re.compile(r"\w+")


def mount(app: App, context: Context) -> None:
    """At the root, since that is where clients look for it."""
    app.add_url_rule("/openapi.json", "openapi", partial(_openapi, context), methods=["GET"])


def document(apps: Sequence[Json]) -> dict[str, Any]:
    """The OpenAPI document for apps as `Runtime.describe` gives them."""
    paths, schemas = _general(), shared_schemas()
    for app in apps:
        paths |= _of_app(app)
        for table in app["tables"]:
            schemas |= table_schemas(app["name"], table)
            paths |= _of_table(app["name"], table)
    schemes = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "session"},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dajian", "version": "1"},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": _identified(paths),
        "components": {"schemas": schemas, "securitySchemes": schemes},
    }


def _identified(paths: Json) -> Json:
    """Each operation with a name of its own, from which programs that write clients make their functions."""
    return {
        path: {
            method: {"operationId": "_".join((method, *_WORDS.findall(path.removeprefix(f"{ROOT}/")))), **operation}
            for method, operation in operations.items()
        }
        for path, operations in paths.items()
    }


def _openapi(context: Context) -> Response:
    try:
        authenticate(context)
        return answer(document(visible(context)))
    except Problem as problem:
        if problem.status == 401 and "Authorization" not in request.headers:
            return answer(document(()))
        return respond(problem, locale(context))


def _general() -> dict[str, Any]:
    anything = {"type": "object"}
    since = query("since", "The cursor of the last answer")
    return {
        f"{ROOT}/apps": {"get": operation("Apps and tables", done(200, "Apps", anything), takes=[])},
        f"{ROOT}/changes": {"get": operation("What changed, for polling", done(200, "Changes", anything), takes=[since])},
        f"{ROOT}/inbox": {"get": operation("The inbox", done(200, "Lines", anything), takes=[query("app", "Of one app")])},
        f"{ROOT}/inbox/{{id}}/read": {"post": operation("Mark as read", done(204, "Read"), takes=[path_parameter("id")])},
    }


def _of_app(app: Json) -> dict[str, Any]:
    root, anything = f"{ROOT}/apps/{app['name']}", {"type": "object"}
    since = query("since", "The cursor of the last answer")
    paths = {
        root: {"get": operation(app["title"], done(200, "The app", anything), takes=[])},
        f"{root}/changes": {"get": operation("What changed, for polling", done(200, "Changes", anything), takes=[since])},
    }
    for board in app["boards"]:
        answers = {**done(200, "The board", anything), **done(304, "Nothing changed")}
        paths[f"{root}/boards/{board['name']}"] = {
            "get": operation(board["title"], answers, takes=[query("search", "Part of any text"), NONE_MATCH_HEADER])
        }
    return paths


def _of_table(app: str, table: Json) -> dict[str, Any]:
    above, name = f"{ROOT}/apps/{app}/tables/{table['name']}", f"{app}.{table['name']}"
    root = f"{above}/records"
    one, record = path_parameter("id"), ref(f"{name}.record")
    history = done(200, "Lines", {"type": "object"})
    single: dict[str, Any] = {
        "get": operation("One record", done(200, "The record", record), takes=[one]),
        "patch": operation(
            "Change fields",
            done(200, "Changed", record),
            takes=[one, MATCH_HEADER, KEY_HEADER],
            sends=body(ref(f"{name}.edit")),
        ),
        "delete": operation("Remove", done(204, "Removed"), takes=[one, MATCH_HEADER, KEY_HEADER]),
    }
    paths: dict[str, Any] = {
        root: _many(name, table),
        f"{root}/{{id}}": single,
        f"{root}/{{id}}/history": {"get": operation("Life line", history, takes=[one])},
        **_of_files(app, table),
        **_figures(above),
    }
    if table.get("flow"):
        takes = [one, path_parameter("name"), MATCH_HEADER, KEY_HEADER]
        values = {"type": "object", "properties": {"values": {"type": "object"}}, "additionalProperties": False}
        move = operation("Take a transition", done(200, "Moved", record), takes=takes, sends=body(values, required=False))
        paths[f"{root}/{{id}}/transitions/{{name}}"] = {"post": move}
    return paths


def _of_files(app: str, table: Json) -> dict[str, Any]:
    """Files go up beside the records and come down through the one that holds them."""
    fields = [field["name"] for field in table["fields"] if field["kind"] == "attachment"]
    if not fields:
        return {}
    root = f"{ROOT}/apps/{app}/tables/{table['name']}"
    one, file = path_parameter("id"), ref("file")
    parts = query("as", "original, or a picture drawn anew: show, small", {"enum": ["original", "show", "small"]})
    field = {**query("field", "For which field", {"type": "string", "enum": fields}), "required": True}
    found = {"type": "object", "properties": {"files": {"type": "array", "items": file}}, "required": ["files"]}
    bytes_ = {"200": {"description": "The file", "content": {"*/*": {"schema": {}}}}}
    form = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
    sends = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    return {
        f"{root}/files": {"post": operation("Upload a file", done(201, "Waiting", file), takes=[field], sends=sends)},
        f"{root}/records/{{id}}/files": {"get": operation("Files of a record", done(200, "Files", found), takes=[one])},
        f"{root}/records/{{id}}/files/{{file}}": {
            "get": operation("One file", {**bytes_, **done(304, "Unchanged")}, takes=[one, path_parameter("file"), parts])
        },
    }


def _figures(root: str) -> dict[str, Any]:
    """Groups, counts for filters, and the table as a file."""
    where, search = query("where", "A condition over the fields"), query("search", "Part of any text")
    fields, anything = query("fields", "Only these fields"), {"type": "object"}
    group = query("group", "Fields to group by")
    measures = query("measures", "count, sum(field), avg, min, max, p1 to p99; count when left out")
    sort = query("sort", "Fields, - for descending")
    file = {"200": {"description": "The file", "content": {"text/csv": {"schema": {"type": "string"}}}}}
    return {
        f"{root}/aggregate": {
            "get": operation("Groups and measures", done(200, "Groups", anything), takes=[group, measures, where, search])
        },
        f"{root}/facets": {"get": operation("Counts by value", done(200, "Counts", anything), takes=[fields, where, search])},
        f"{root}/export.csv": {"get": operation("As a file", file, takes=[where, sort, fields, search])},
    }


def _many(name: str, table: Json) -> dict[str, Any]:
    record, new = ref(f"{name}.record"), ref(f"{name}.create")
    page = {
        "type": "object",
        "properties": {"records": {"type": "array", "items": record}, "cursor": {"type": ["string", "null"]}},
    }
    takes = [
        query("where", "A condition over the fields"),
        query("sort", "Fields, - for descending"),
        query("fields", "Only these fields"),
        query("search", "Part of any text"),
        query("limit", "1 to 500", {"type": "integer", "minimum": 1, "maximum": 500}),
        query("cursor", "Where the last page ended"),
        query("count", "exact: count all", {"type": "string", "enum": ["exact"]}),
    ]
    found = {"get": operation(table["title"], done(200, "A page of records", page), takes=takes)}
    if table["create"]:
        rows = {"oneOf": [new, {"type": "array", "items": new, "maxItems": 1000}]}
        answers = {
            **done(200, "There was one", record),
            **done(201, "Made", record),
            **done(207, "One per row", ref("results")),
        }
        takes = [query("match", MATCH), query("on_duplicate", ON_DUPLICATE, {"type": "string", "enum": ON_DUPLICATE_MODES})]
        found["post"] = operation("New record, or a list of them", answers, takes=[*takes, KEY_HEADER], sends=body(rows))
    changes = {"type": "array", "items": ref(f"{name}.change"), "maxItems": 1000}
    answers, takes = done(207, "One per row", ref("results")), [query("match", MATCH), KEY_HEADER]
    found["patch"] = operation("Change many records", answers, takes=takes, sends=body(changes))
    return found
