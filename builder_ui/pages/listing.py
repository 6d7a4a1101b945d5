"""The plain list of a table: columns, sorting by link, search, a filter taking an expression, paging by cursor.

All of it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from builder_ui.format import Column, address_of
from builder_ui.house import house
from builder_ui.pages.filter_help import examples
from builder_ui.pages.place import Place, place_in, title_of
from builder_ui.ports import Json
from builder_ui.rendering import answer, writer
from engine.model.change import Read
from engine.model.edges import Board
from engine.model.problem import Problem
from engine.runtime.read import Page

pages = Blueprint("listing", __name__)

# Of what may be pages long, the characters that a list shows.
MOST = {"json": 60, "long_text": 160}
PER_PAGE = 50
_BAD_INPUT = frozenset({400, 422})


@dataclass(frozen=True, slots=True)
class Row:
    """A record as a line of the list: its address, its name, and one text for each column."""

    href: str
    title: str
    cells: tuple[tuple[Column, str, str | None], ...]
    flags: Sequence[Json]


@pages.get("/a/<app>/t/<table>")
def listing(app: str, table: str) -> Response:
    """The list of a table, with the columns of its grid board where there is one."""
    place = place_in(app)
    here = place.table(table)
    grids = [b for b in place.app.boards.values() if b.table == table and b.kind == "grid"]
    names = grids[0].fields if grids and "all" not in request.args else None
    return draw(place, here, names=names, title=here["title"], has_less=bool(grids))


def draw(
    place: Place, table: Json, *, names: Sequence[str] | None, title: str, board: Board | None = None, has_less: bool = False
) -> Response:
    """Draw the list for this request's address. `board` brings its own filter, sort and columns."""
    known = place.columns(table)
    columns = [known[name] for name in names or _all(table) if name in known]
    sort = _sort(board, known)
    found, problem = _read(place, table, board, sort)
    return answer(
        "list.html",
        problem.status if problem else 200,
        here=place,
        table=table,
        title=title,
        board=board,
        heads=[_head(column, sort) for column in columns],
        rows=[_row(place, table, record, columns) for record in (found.records if found else ())],
        count=found.count if found else None,
        more=_address(cursor=found.cursor) if found and found.cursor else None,
        start=_address(cursor=None) if request.args.get("cursor") else None,
        search=request.args.get("search", ""),
        where=request.args.get("where", ""),
        sorted_by=request.args.get("sort", ""),
        problem=problem,
        names=sorted(known),
        known=tuple(known.values()),
        examples=examples(table, [known[name] for name in (*_all(table), *known) if name in known]),
        filtering="filter" in request.args,
        with_filter=_address(filter="1"),
        plain=_address(where=None, search=None, cursor=None),
        has_less=has_less,
        all_columns="all" in request.args,
        toggle=_address(all=None if "all" in request.args else "1", cursor=None),
    )


def _read(place: Place, table: Json, board: Board | None, sort: tuple[str, ...]) -> tuple[Page | None, Problem | None]:
    """The page of records, or the problem with what was typed."""
    read = Read(
        place.name,
        table["name"],
        where=request.args.get("where") or None,
        search=request.args.get("search") or None,
        sort=sort,
        cursor=request.args.get("cursor") or None,
        limit=PER_PAGE,
        count=True,
        condition=board.where if board else None,
    )
    try:
        return house().runtime.records(read, place.actor), None
    except Problem as problem:
        if problem.status not in _BAD_INPUT:
            raise
        return None, problem


def _all(table: Json) -> list[str]:
    return [field["name"] for field in table["fields"] if field["can"]["read"]]


def _sort(board: Board | None, known: Mapping[str, Column]) -> tuple[str, ...]:
    """What was typed; else the board's own order, as far as the person sees the fields it goes by."""
    typed = tuple(name for name in request.args.get("sort", "").split(",") if name)
    return typed or tuple(name for name in (board.sort if board else ()) if name.lstrip("-") in known)


def _head(column: Column, sort: Sequence[str]) -> Mapping[str, Any]:
    """A column's head: its link sorts by it, or turns the order round."""
    first = sort[0] if sort else ""
    order = {column.name: "ascending", "-" + column.name: "descending"}.get(first)
    turned = "-" + column.name if order == "ascending" else column.name
    return {"column": column, "order": order, "href": _address(sort=turned, cursor=None)}


def _row(place: Place, table: Json, record: Json, columns: Sequence[Column]) -> Row:
    cells = tuple(_cell(place, record, column) for column in columns)
    href = f"/a/{place.name}/t/{table['name']}/{record['id']}"
    return Row(href, title_of(record, table), cells, record.get("flags") or ())


def _cell(place: Place, record: Json, column: Column) -> tuple[Column, str, str | None]:
    value, title = record["values"].get(column.name), record["titles"].get(column.name)
    href = f"/a/{place.name}/t/{column.to}/{value}" if column.kind == "link" and value and title else address_of(value, column)
    return column, shortened(writer().value(value, column, title), column), href


def shortened(text: str, column: Column) -> str:
    """Of data and long text a list shows the beginning."""
    most = MOST.get(column.kind, len(text))
    return text if len(text) <= most else text[:most] + "…"


def cells(place: Place, record: Json, columns: Sequence[Column]) -> Row:
    """A record of a child list as a row."""
    return Row("", "", tuple(_cell(place, record, column) for column in columns), record.get("flags") or ())


def _address(**changes: str | None) -> str:
    """This page's address with some of its parts changed; None removes one."""
    parts = {**request.args.to_dict(), **changes}
    query = urlencode({name: value for name, value in parts.items() if value is not None})
    return request.path + ("?" + query if query else "")
