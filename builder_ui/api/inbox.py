"""The caller's own inbox."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from flask import Blueprint, Response, request

from builder_ui.api import queries
from builder_ui.api.answers import answer
from builder_ui.api.auth import actor_in, caller, passed_over
from builder_ui.api.context import Context
from engine.model.change import Actor
from engine.model.problem import Problem


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    api.add_url_rule("/inbox", "inbox", partial(_inbox, context), methods=["GET"])
    api.add_url_rule("/inbox/<id>/read", "inbox_read", partial(_read, context), methods=["POST"])


def _inbox(context: Context) -> Response:
    given = queries.parameters(request, ("app",))
    who, names = caller().user, set(context.runtime.apps())
    lines = [line for line in context.runtime.inbox(who.id) if line.app in names and given.get("app") in (None, line.app)]
    actors = _actors(context, {line.app for line in lines})
    return answer({"inbox": [context.runtime.inbox_line(line, actors[line.app]) for line in lines if line.app in actors]})


def _actors(context: Context, apps: Iterable[str]) -> dict[str, Actor]:
    found = {}
    for name in apps:
        try:
            found[name] = actor_in(context, name)
        except Problem as problem:
            if not passed_over(problem):
                raise
    return found


def _read(context: Context, id: str) -> Response:
    queries.parameters(request, ())
    context.runtime.inbox_read(id, caller().user.id)
    return Response(status=204, headers={"Cache-Control": "private, no-store"})
