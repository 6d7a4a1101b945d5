"""Moves of a record along its flow."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request

from builder_ui.api import bodies, queries
from builder_ui.api.auth import actor
from builder_ui.api.context import Context
from builder_ui.api.idempotency import once
from builder_ui.api.records import PATH, expected_version, written
from engine.model.change import Write


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    api.add_url_rule(f"{PATH}/<id>/transitions/<name>", "transition", partial(_take, context), methods=["POST"])


def _take(context: Context, app: str, table: str, id: str, name: str) -> Response:
    who = actor(context, app)
    queries.parameters(request, ())
    body = bodies.members(bodies.read_json(request, empty={}), ("values",))
    write = Write(app, table, id, bodies.object_at(body, "values"), transition=name, expected_version=expected_version())
    return once(context, write, lambda keyed: written(context, keyed, who))
