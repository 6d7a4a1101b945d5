"""Apps and tables that the caller can see, with what they may do there."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request

from builder_ui.api import queries
from builder_ui.api.answers import answer
from builder_ui.api.auth import actor
from builder_ui.api.context import Context, Json
from engine.model.problem import Problem


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    api.add_url_rule("/apps", "apps", partial(_apps, context), methods=["GET"])
    api.add_url_rule("/apps/<app>", "app", partial(_app, context), methods=["GET"])


def visible(context: Context) -> list[Json]:
    """Every app the caller can see, described. One that is no longer there by now is left out."""
    found = []
    for name in context.runtime.apps():
        try:
            found.append(context.runtime.describe(name, actor(context, name)))
        except Problem as problem:
            if problem.status != 404:
                raise
    return found


def _apps(context: Context) -> Response:
    queries.parameters(request, ())
    return answer({"apps": visible(context)})


def _app(context: Context, app: str) -> Response:
    queries.parameters(request, ())
    return answer(context.runtime.describe(app, actor(context, app)))
