"""The life line of a record: what happened, newest first, and under each line what it led to, indented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder_ui.ports import Json


@dataclass(frozen=True, slots=True)
class Line:
    """`indent`: how many causes away from what a person or a connection did."""

    line: Json
    indent: int


def life_line(history: Sequence[Json]) -> list[Line]:
    """Lines in the order of reading: the newest cause first, each followed by its effects in the order they happened."""
    known = {line["id"] for line in history}
    led_to: dict[str, list[Json]] = {}
    for line in sorted(history, key=lambda line: str(line["id"])):
        led_to.setdefault(line["cause"] if line["cause"] in known else "", []).append(line)
    found: list[Line] = []
    # Oldest root pushed first, so that the newest is taken first. A stack, since chains may be long.
    waiting = [Line(line, 0) for line in led_to.get("", ())]
    while waiting:
        here = waiting.pop()
        found.append(here)
        waiting += [Line(line, here.indent + 1) for line in reversed(led_to.get(here.line["id"], ()))]
    return found
