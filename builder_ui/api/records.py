"""Records: list, make, read, change, remove."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from builder_ui.api import bodies, queries, rows
from builder_ui.api.answers import answer, version_tag
from builder_ui.api.auth import actor
from builder_ui.api.context import Context
from builder_ui.api.idempotency import once
from engine.model.change import Actor, Outcome, Write
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text

PATH = "/apps/<app>/tables/<table>/records"
_TAG = re.compile(r'(?:W/)?"(\d{1,18})"')


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    for path, methods, view in (
        (PATH, "GET", _list),
        (PATH, "POST", _create),
        (PATH, "PATCH", _change_many),
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
    status = 200 if status == 201 and not outcome.created else status
    return answer(record or {**rows.brief(outcome), "gone": True}, status, _headers(write, outcome, status))


def _minimal(write: Write, outcome: Outcome, status: int) -> Response:
    if outcome.deleted:
        return _deleted()
    status = 200 if status == 201 and not outcome.created else status
    return answer(rows.brief(outcome), status, {**_headers(write, outcome, status), "Preference-Applied": "return=minimal"})


def _deleted() -> Response:
    return Response(status=204, headers={"Cache-Control": "private, no-store"})


def _headers(write: Write, outcome: Outcome, status: int) -> dict[str, str]:
    headers = {"ETag": version_tag(outcome.version)}
    if status == 201:
        headers["Location"] = rows.location(write, outcome.id)
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
    read = replace(
        queries.read_of(app, table, given),
        limit=queries.limit(given.get("limit")),
        cursor=given.get("cursor"),
        count=queries.exact_count(given.get("count")),
    )
    page = context.runtime.records(read, who)
    found: dict[str, Any] = {"records": page.records, "cursor": page.cursor}
    return answer({**found, "count": page.count} if read.count else found)


def _create(context: Context, app: str, table: str) -> Response:
    who = actor(context, app)
    match, mode = rows.matching(queries.parameters(request, ("match", "on_duplicate")))
    body = bodies.read_json(request)
    if isinstance(body, list):
        new = [replace(write, match=match, mode=mode) for write in rows.created(app, table, body)]
        return rows.written(context, new, who)
    write = replace(rows.new(app, table, body), match=match, mode=mode)
    return once(context, write, lambda keyed: written(context, keyed, who, 201))


def _change_many(context: Context, app: str, table: str) -> Response:
    who = actor(context, app)
    match = queries.names(queries.parameters(request, ("match",)).get("match"))
    return rows.written(context, rows.changed(app, table, bodies.read_json(request), match), who)


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
