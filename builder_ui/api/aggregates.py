"""Figures over many records: groups with measures, and the counts that a filter bar shows."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from flask import Blueprint, Response, request

from builder_ui.api import queries
from builder_ui.api.answers import answer
from builder_ui.api.auth import actor
from builder_ui.api.context import Context

PATH = "/apps/<app>/tables/<table>"


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    api.add_url_rule(f"{PATH}/aggregate", "aggregate", partial(_aggregate, context), methods=["GET"])
    api.add_url_rule(f"{PATH}/facets", "facets", partial(_facets, context), methods=["GET"])


def _aggregate(context: Context, app: str, table: str) -> Response:
    who = actor(context, app)
    given = queries.parameters(request, ("group", "measures", "where", "search"))
    read = replace(
        queries.read_of(app, table, given),
        group=tuple(dict.fromkeys(queries.names(given.get("group")))),
        measures=tuple(re.sub(r"\s", "", name) for name in queries.names(given.get("measures"))),
    )
    return answer(context.runtime.aggregate(read, who))


def _facets(context: Context, app: str, table: str) -> Response:
    who = actor(context, app)
    given = queries.parameters(request, ("fields", "where", "search"))
    return answer(context.runtime.facets(queries.read_of(app, table, given), who))
