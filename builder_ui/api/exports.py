"""A table as a CSV file, streamed: what the caller's view shows, in words that people and spreadsheets read.

Cells of text that a spreadsheet would take for a formula begin with an apostrophe; numbers stay numbers.
Source: https://owasp.org/www-community/attacks/CSV_Injection"""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from builder_ui.api import queries
from builder_ui.api.auth import actor, app_of, caller
from builder_ui.api.context import Context
from engine.model.change import Actor
from engine.model.text import Text
from engine.runtime.export import Cell, Head

PATH = "/apps/<app>/tables/<table>/export.csv"
BOM = "\ufeff"
SECONDS_OF_TRUST = 4.0
# Blanks and signs that nobody sees may stand before the formula: spreadsheets pass over some of them.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*(?:[=+\-@＝＋－＠﹦﹢﹣﹫−]|[\t\r\n])"
)
_YES, _NO = Text("是", "Yes"), Text("否", "No")


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    api.add_url_rule(PATH, "export", partial(_export, context), methods=["GET"])


def _export(context: Context, app: str, table: str) -> Response:
    who = actor(context, app)
    given = queries.parameters(request, ("where", "sort", "fields", "search"))
    found = context.runtime.export(queries.read_of(app, table, given), who)
    # The first step is taken here, so that what is wrong with the question is answered as a problem.
    heads: Sequence[Head] = next(found)
    user, people, definition = caller().user, context.people, app_of(context, app)
    lines = _lines(
        heads, found, who, context.runtime.core.zone, lambda: _same(who, people.actor(user, definition, channel=who.channel))
    )
    response = Response(lines, mimetype="text/csv")
    response.call_on_close(found.close)
    name = quote(f"{table}.csv")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _same(before: Actor, now: Actor) -> bool:
    return before.roles == now.roles and before.facts == now.facts


def _lines(
    heads: Sequence[Head], chunks: Iterator[Any], who: Actor, zone: ZoneInfo, still: Callable[[], bool]
) -> Iterator[str]:
    """A long export ends in the middle when the caller's roles change meanwhile."""
    yield BOM + _csv([[neutral(head.title) for head in heads]])
    trusted = time.monotonic()
    for rows in chunks:
        if time.monotonic() - trusted > SECONDS_OF_TRUST:
            if not still():
                raise PermissionError("the roles of who exports have changed")
            trusted = time.monotonic()
        yield _csv([[written(cell, head, who, zone) for cell, head in zip(row, heads, strict=True)] for row in rows])


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def written(cell: Cell, head: Head, who: Actor, zone: ZoneInfo) -> str:
    """One value for a spreadsheet; a link is the other record's name, or nothing where that is out of sight."""
    value = cell.value
    if value is None or (head.kind == "record" and cell.title is None and "****" not in str(value)):
        return ""
    if head.kind == "number":
        return str(value)
    if isinstance(value, bool):
        return (_YES if value else _NO).to(who.locale)
    if head.kind == "datetime":
        return datetime.fromisoformat(str(value)).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if head.kind == "duration" and not isinstance(value, str):
        return _clock(value)
    if isinstance(value, list | dict):
        listed = isinstance(value, list) and all(isinstance(each, str) for each in value)
        return neutral(cell.title or ("; ".join(value) if listed else json.dumps(value, ensure_ascii=False)))
    return neutral(cell.title or str(value))


def _clock(seconds: float) -> str:
    """Hours, minutes and seconds, which spreadsheets add up and a form takes back."""
    minutes, rest = divmod(round(abs(seconds)), 60)
    return f"{'-' if seconds < 0 else ''}{minutes // 60}:{minutes % 60:02}:{rest:02}"


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
