"""The life line of a record: what happened, newest first, and under each line what it led to, indented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder_ui.format import Column
from builder_ui.pages.place import Place
from builder_ui.ports import Json
from builder_ui.rendering import writer

_IN_WORDS = frozenset({"link", "choice", "state", "person"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after as people write it; '' for empty."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """`indent`: how many causes away from what a person or a connection did. `href`: the record it happened to, if another."""

    line: Json
    indent: int
    href: str | None = None
    changes: Sequence[Change] = ()


def life_line(history: Sequence[Json], place: Place, record: str) -> list[Line]:
    """Lines in the order of reading: the newest cause first, each followed by its effects in the order they happened."""
    known = {line["id"] for line in history}
    led_to: dict[str, list[Json]] = {}
    for line in history:
        led_to.setdefault(line["cause"] if line["cause"] in known else "", []).append(line)
    found: list[Line] = []
    # Oldest root pushed first, so that the newest is taken first. A stack, since chains may be long.
    waiting = [(line, 0) for line in led_to.get("", ())]
    while waiting:
        line, indent = waiting.pop()
        found.append(_line(line, indent, place, record))
        waiting += [(effect, indent + 1) for effect in reversed(led_to.get(line["id"], ()))]
    return found


def _line(line: Json, indent: int, place: Place, record: str) -> Line:
    other = line["record"] != record
    table = next((t for t in place.seen["tables"] if t["name"] == line["table"]), None)
    columns = place.columns(table) if table else {}
    href = f"/a/{place.name}/t/{line['table']}/{line['record']}" if other and table else None
    return Line(line, indent, href, [_change(change, columns) for change in line["changes"]])


def _change(change: Json, columns: Mapping[str, Column]) -> Change:
    """Links and choices come in words already; numbers and times are written as everywhere else."""
    column = columns.get(change["field"])
    kind = column.kind if column else "text"
    plain = column if column and kind not in _IN_WORDS else Column(change["field"], change["title"], "text")
    return Change(change["title"], *(writer().value(change[side], plain) for side in ("before", "after")))
