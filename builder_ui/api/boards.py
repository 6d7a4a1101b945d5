"""A board with its columns and cards. Asked for every few seconds by open pages, so an unchanged one is answered 304."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request

from builder_ui.api import queries
from builder_ui.api.answers import answer
from builder_ui.api.auth import actor
from builder_ui.api.context import Context


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    api.add_url_rule("/apps/<app>/boards/<board>", "board", partial(_board, context), methods=["GET"])


def _board(context: Context, app: str, board: str) -> Response:
    who = actor(context, app)
    given = queries.parameters(request, ("search",))
    found = context.runtime.board(app, board, who, given.get("search"))
    response = answer(
        found, headers={"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie, Accept-Language, See-As"}
    )
    response.set_etag(str(found["etag"]).strip('"'))
    response.make_conditional(request)
    return response
