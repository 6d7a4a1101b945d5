"""Apps and tables that the caller can see, with what they may do there."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request

from builder_ui.api import queries
from builder_ui.api.answers import answer
from builder_ui.api.auth import actor_in, caller, passed_over
from builder_ui.api.context import Context
from builder_ui.ports import Json
from engine.model.problem import Problem, missing


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    api.add_url_rule("/apps", "apps", partial(_apps, context), methods=["GET"])
    api.add_url_rule("/apps/<app>", "app", partial(_app, context), methods=["GET"])


def visible(context: Context) -> list[Json]:
    """Every app the caller can see, described. One that is no longer there by now is left out."""
    found = []
    for name in context.runtime.apps():
        try:
            found.append(_described(context, name))
        except Problem as problem:
            if not passed_over(problem):
                raise
    return found


def _described(context: Context, name: str) -> Json:
    """An app of which the caller sees nothing is not there for them; what does not run yet is the owner's business, and told
    in the definition's own words."""
    seen = context.runtime.describe(name, actor_in(context, name))
    if caller().user.owner:
        return seen
    if not seen["tables"]:
        raise missing()
    return {**seen, "pending": []}


def _apps(context: Context) -> Response:
    queries.parameters(request, ())
    return answer({"apps": visible(context)})


def _app(context: Context, app: str) -> Response:
    queries.parameters(request, ())
    return answer(_described(context, app))
