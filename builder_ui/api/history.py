"""A record's life line, through the caller's view."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request

from builder_ui.api import queries
from builder_ui.api.answers import answer
from builder_ui.api.auth import actor
from builder_ui.api.context import Context
from builder_ui.api.records import PATH


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    api.add_url_rule(f"{PATH}/<id>/history", "history", partial(_history, context), methods=["GET"])


def _history(context: Context, app: str, table: str, id: str) -> Response:
    who = actor(context, app)
    queries.parameters(request, ())
    return answer({"history": context.runtime.history(app, table, id, who)})
