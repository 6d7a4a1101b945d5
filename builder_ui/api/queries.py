"""The query string, read as strictly as a body: an unknown or doubled parameter is an error, never ignored, since a filter that
is not understood would show more than was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from flask import Request

from engine.model.change import Read
from engine.model.problem import Fault, invalid
from engine.model.text import Text

MAX_LIMIT = 500
MAX_TEXT = 4_000


def parameters(request: Request, known: Sequence[str]) -> dict[str, str]:
    """Name → value. Raises Problem 422 for unknown, doubled and unreadable ones."""
    faults = []
    for name, values in request.args.lists():
        if name not in known:
            near = get_close_matches(name, known, 1)
            text = Text("没有 {name} 这个参数", "There is no parameter {name}")
            hint = Text("，是不是 {near}？", "; did you mean {near}?").fill(near=near[0]) if near else Text("", "")
            faults.append(Fault(name, "unknown_parameter", Text(text.zh + hint.zh, text.en + hint.en).fill(name=name)))
        elif len(values) > 1:
            faults.append(Fault(name, "duplicate_parameter", Text("{n} 给了两次", "{n} is given twice").fill(n=name)))
        elif "\x00" in values[0] or "\ufffd" in values[0] or len(values[0]) > MAX_TEXT:
            faults.append(Fault(name, "bad_text", Text("{n} 的值读不懂", "The value of {n} cannot be read").fill(n=name)))
    if faults:
        raise invalid(tuple(faults))
    return {name: value for name, value in request.args.items() if value != ""}


def read_of(app: str, table: str, given: Mapping[str, str]) -> Read:
    """What lists, figures and files are asked in the same way: where, sort, fields, search."""
    return Read(
        app,
        table,
        where=given.get("where"),
        sort=names(given.get("sort")),
        fields=names(given["fields"]) if "fields" in given else None,
        search=given.get("search"),
    )


def names(value: str | None) -> tuple[str, ...]:
    """A comma-separated list."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if value else ()


def limit(value: str | None, default: int = 50) -> int:
    """How many records: 1 to 500. Raises Problem 422."""
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= 6 and 1 <= int(value) <= MAX_LIMIT):
        text = Text("limit 是 1 到 {max} 的整数", "limit is a whole number from 1 to {max}").fill(max=MAX_LIMIT)
        raise invalid((Fault("limit", "bad_limit", text),))
    return int(value)


def exact_count(value: str | None) -> bool:
    """`count=exact`. Raises Problem 422."""
    if value not in (None, "exact"):
        raise invalid((Fault("count", "bad_count", Text("count 只能是 exact", "count can only be exact")),))
    return value == "exact"
