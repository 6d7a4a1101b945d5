"""The caller's own inbox."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request

from builder_ui.api import queries
from builder_ui.api.answers import answer
from builder_ui.api.auth import caller
from builder_ui.api.context import Context


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    api.add_url_rule("/inbox", "inbox", partial(_inbox, context), methods=["GET"])
    api.add_url_rule("/inbox/<id>/read", "inbox_read", partial(_read, context), methods=["POST"])


def _inbox(context: Context) -> Response:
    given = queries.parameters(request, ("app",))
    return answer({"inbox": context.runtime.inbox(given.get("app"), caller().user)})


def _read(context: Context, id: str) -> Response:
    queries.parameters(request, ())
    context.runtime.inbox_read(id, caller().user)
    return Response(status=204, headers={"Cache-Control": "private, no-store"})
