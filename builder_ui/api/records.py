"""Records: list, make, read, change, remove. Each write is one transaction; a list of writes is one each."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from builder_ui.api import bodies, queries
from builder_ui.api.answers import answer, version_tag
from builder_ui.api.auth import actor, locale
from builder_ui.api.context import Context
from builder_ui.api.idempotency import once, once_each
from builder_ui.api.problems import document
from engine.model.change import Actor, Outcome, Read, Write
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text

PATH = "/apps/<app>/tables/<table>/records"
MAX_ROWS = 1_000
_TAG = re.compile(r'(?:W/)?"(\d{1,18})"')


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    for path, methods, view in (
        (PATH, "GET", _list),
        (PATH, "POST", _create),
        (f"{PATH}/<id>", "GET", _get),
        (f"{PATH}/<id>", "PATCH", _change),
        (f"{PATH}/<id>", "DELETE", _remove),
    ):
        api.add_url_rule(path, view.__name__.strip("_") + "_record", partial(view, context), methods=[methods])


def written(context: Context, write: Write, who: Actor, status: int = 200) -> Response:
    """Do one write and answer with the record as the actor now sees it, or with id and version
    alone (`Prefer: return=minimal`)."""
    if "return=minimal" in request.headers.get("Prefer", ""):
        return _minimal(write, context.runtime.write(write, who), status)
    outcome, record = context.runtime.write_and_show(write, who)
    if outcome.deleted:
        return _deleted()
    return answer(record or {**_brief(outcome), "gone": True}, status, _headers(write, outcome, status))


def _minimal(write: Write, outcome: Outcome, status: int) -> Response:
    if outcome.deleted:
        return _deleted()
    return answer(_brief(outcome), status, {**_headers(write, outcome, status), "Preference-Applied": "return=minimal"})


def _deleted() -> Response:
    return Response(status=204, headers={"Cache-Control": "private, no-store"})


def _headers(write: Write, outcome: Outcome, status: int) -> dict[str, str]:
    headers = {"ETag": version_tag(outcome.version)}
    if status == 201:
        headers["Location"] = _location(write, outcome.id)
    return headers


def expected_version() -> int | None:
    """The version in `If-Match`; None when there is none (or `*`). Raises Problem 400."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    tag = _TAG.fullmatch(header.strip())
    if tag is None:
        text = Text('If-Match 要写成带引号的版本号，如 "3"', 'If-Match is a version in quotes, such as "3"')
        raise Problem(400, "bad_if_match", Text("请求读不懂", "The request cannot be read"), text)
    return int(tag[1])


def _list(context: Context, app: str, table: str) -> Response:
    who = actor(context, app)
    given = queries.parameters(request, ("where", "sort", "fields", "search", "limit", "cursor", "count"))
    read = Read(
        app,
        table,
        where=given.get("where"),
        sort=queries.names(given.get("sort")),
        fields=queries.names(given["fields"]) if "fields" in given else None,
        search=given.get("search"),
        limit=queries.limit(given.get("limit")),
        cursor=given.get("cursor"),
        count=queries.exact_count(given.get("count")),
    )
    page = context.runtime.records(read, who)
    found: dict[str, Any] = {"records": page.records, "cursor": page.cursor}
    return answer({**found, "count": page.count} if read.count else found)


def _create(context: Context, app: str, table: str) -> Response:
    who = actor(context, app)
    queries.parameters(request, ())
    body = bodies.read_json(request)
    if not isinstance(body, list):
        return once(context, _new(app, table, body), lambda write: written(context, write, who, 201))
    if len(body) > MAX_ROWS:
        text = Text("一次最多 {max} 行，请分批", "At most {max} rows at a time; send them in parts").fill(max=MAX_ROWS)
        raise Problem(413, "too_many_rows", Text("行数太多", "Too many rows"), text)
    writes = [_new(app, table, row, f"[{index}]") for index, row in enumerate(body)]
    return once_each(context, writes, lambda keyed: _bulk(context, keyed, who))


def _bulk(context: Context, writes: list[Write], who: Actor) -> Response:
    results = [{"index": index, **_row(context, write, who)} for index, write in enumerate(writes)]
    return answer({"results": results}, 207)


def _row(context: Context, write: Write, who: Actor) -> dict[str, Any]:
    try:
        outcome = context.runtime.write(write, who)
    except Problem as problem:
        return {"status": problem.status, "problem": document(problem, locale(context))}
    return {"status": 201, "location": _location(write, outcome.id), **_brief(outcome)}


def _get(context: Context, app: str, table: str, id: str) -> Response:
    who = actor(context, app)
    queries.parameters(request, ())
    record = context.runtime.record(app, table, id, who)
    return answer(record, headers={"ETag": version_tag(record["version"])})


def _change(context: Context, app: str, table: str, id: str) -> Response:
    who = actor(context, app)
    queries.parameters(request, ())
    body = bodies.members(bodies.read_json(request), ("values", "children"))
    if not body:
        raise invalid((Fault("values", "required", Text("要写的值放在 values 里", "Put the values to write into values")),))
    values, children = bodies.object_at(body, "values"), bodies.lists_at(body, "children")
    write = Write(app, table, id, values, children, expected_version=expected_version())
    return once(context, write, lambda keyed: written(context, keyed, who))


def _remove(context: Context, app: str, table: str, id: str) -> Response:
    who = actor(context, app)
    queries.parameters(request, ())
    write = Write(app, table, id, delete=True, expected_version=expected_version())
    return once(context, write, lambda keyed: written(context, keyed, who))


def _new(app: str, table: str, body: Any, path: str = "") -> Write:
    row = bodies.members(body, ("values", "children"), path)
    return Write(app, table, values=bodies.object_at(row, "values", path), children=bodies.lists_at(row, "children", path))


def _brief(outcome: Outcome) -> dict[str, Any]:
    brief: dict[str, Any] = {"id": outcome.id, "version": outcome.version}
    return {**brief, "gone": True} if outcome.gone else brief


def _location(write: Write, id: str) -> str:
    return f"/api/v1/apps/{quote(write.app)}/tables/{quote(write.table)}/records/{quote(id, safe='')}"
