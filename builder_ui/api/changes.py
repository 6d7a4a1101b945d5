"""What changed since a cursor, for live pages that poll: which records, never what is in them."""

from __future__ import annotations

import base64
import binascii
import json
from functools import partial

from flask import Blueprint, Response, request

from builder_ui.api import queries
from builder_ui.api.answers import answer, text_of
from builder_ui.api.auth import actor, passed_over
from builder_ui.api.context import Context
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text


def mount(api: Blueprint, context: Context) -> None:
    """Routes: of one app, and of all apps that the caller can see."""
    api.add_url_rule("/apps/<app>/changes", "app_changes", partial(_of_app, context), methods=["GET"])
    api.add_url_rule("/changes", "changes", partial(_of_all, context), methods=["GET"])


def _of_app(context: Context, app: str) -> Response:
    who = actor(context, app)
    queries.parameters(request, ("since",))
    # An empty cursor is one too: it came from an app where nothing had happened yet.
    return answer(context.runtime.changes(app, request.args.get("since"), who))


def _of_all(context: Context) -> Response:
    given = queries.parameters(request, ("since",))
    since, cursors, changes = _opened(given.get("since")), {}, []
    for name in context.runtime.apps():
        try:
            found = context.runtime.changes(name, since.get(name), actor(context, name))
        except Problem as problem:
            if not passed_over(problem):
                raise
            continue
        cursors[name] = found["cursor"]
        changes += [{"app": name, **change} for change in found["changes"]]
    return answer({"changes": changes, "cursor": _closed(cursors)})


def _closed(cursors: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(text_of(cursors).encode()).decode().rstrip("=")


def _opened(cursor: str | None) -> dict[str, str]:
    if cursor is None:
        return {}
    try:
        found = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise invalid(
            (Fault("since", "bad_cursor", Text("since 不是这里给出的游标", "since is no cursor that came from here")),)
        )
    return found
