"""A board's page: a kanban is an island that gets its first data here; a grid is the plain list with the board's columns."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from builder_ui.house import house
from builder_ui.i18n import words
from builder_ui.pages.listing import draw
from builder_ui.pages.place import place_in
from builder_ui.rendering import answer, data_block

pages = Blueprint("board", __name__)

_PRELOAD = "islands/preload.json"
_SHEETS = ("css/islands.css", "css/board.css")


@pages.get("/a/<app>/b/<board>")
def board(app: str, board: str) -> Response:
    """The board; its cards are drawn by the island alone."""
    place = place_in(app)
    place.board(board)
    definition = place.app.boards[board]
    table = place.table(definition.table)
    if definition.kind != "kanban":
        return draw(place, table, names=definition.fields, title=place.board(board)["title"], board=definition)
    new = f"/a/{place.name}/t/{table['name']}/new" if table["create"] else None
    search = request.args.get("search", "").strip()
    props = {
        "board": house().runtime.board(app, board, place.actor, search or None),
        "search": search,
        "fields": [f for f in table["fields"] if f["can"]["read"]],
        "new": new,
    }
    return answer(
        "board.html",
        here=place,
        board=place.board(board),
        table=table,
        new=new,
        search=search,
        props=data_block(props),
        catalogue=data_block(dict(words().islands)),
        preload=_preload("board"),
        sheets=[sheet for sheet in _SHEETS if sheet in house().shelf],
    )


def _preload(island: str) -> list[str]:
    """The modules an island imports, asked for at once instead of one after the other."""
    shelf = house().shelf
    if _PRELOAD not in shelf:
        return []
    listed: dict[str, Any] = json.loads(shelf.text(_PRELOAD))
    return [name for name in listed.get(island, ()) if name in shelf]
