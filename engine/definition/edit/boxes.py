"""Where the entries of a map or list stand in a text: their lines, with the comments that are theirs.

A comment line directly above an entry belongs to it, and so does what follows on its line and any comment line below that
stands further right. The tree gives the values' places; this adds lines, and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.definition.edit.lines import lead_of, line_start, next_line, tail_of
from engine.definition.nodes import ListNode, MapNode, Node, Scalar

_KEEP = re.compile(r"[|>][0-9]?\+")


class Unclear(Exception):
    """A way of writing that the editor does not touch; refused, and said to be changed by hand."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An entry as the tree has it. `shift` leads from the tree's places to those in the text; `key` is none in a list.
    `spot`: where its value stands in the text, if the tree cannot tell."""

    name: str | None
    key: tuple[int, int] | None
    value: Node
    shift: int
    spot: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """`start`: its key or dash. `after`: behind its colon or dash, or -1 where a key in braces has none. `first`, `last`:
    its value. `lead`, `end`: the first and the line after the last of its lines (in braces: just itself). `shares`: something
    stands before it on its line. `shift`: see Raw."""

    name: str | None
    start: int
    after: int
    first: int
    last: int
    lead: int
    end: int
    shares: bool
    value: Node
    shift: int


@dataclass(frozen=True, slots=True)
class Box:
    """A map or list in a text that begins at `base` in its file. `owner`: behind the colon or dash that it hangs on, -1 for a
    whole file. `open`, `close`: the brackets' places, in flow style."""

    text: str
    base: int
    entries: tuple[Entry, ...]
    column: int
    is_map: bool
    flow: bool = False
    owner: int = -1
    open: int = -1
    close: int = -1

    def index(self, step: str | int) -> int:
        """Which entry a step leads to; -1: none."""
        if isinstance(step, int):
            return step if not self.is_map and step < len(self.entries) else -1
        return next((n for n, entry in enumerate(self.entries) if entry.name == step), -1) if self.is_map else -1


def value_end(text: str, node: Node, shift: int) -> int:
    """Behind the last character of a value; line breaks that mean nothing are not part of it."""
    while isinstance(node, (MapNode, ListNode)) and not node.flow:
        children = node.items if isinstance(node, ListNode) else tuple(node.items.values())
        if not children:
            break
        node = children[-1]
    start, end = node.extent[0] + shift, node.extent[1] + shift
    if not isinstance(node, Scalar) or node.style not in {"|", ">"}:
        return end
    if _KEEP.match(text, start):
        return end - (text[:end].endswith("\n")) - (text[:end].endswith("\r\n"))
    while end > start and text[end - 1] in "\r\n":
        end -= 1
    return end


def _colon(text: str, at: int, *, flow: bool) -> int:
    """Behind the colon that follows a key; -1 if there is none."""
    while at < len(text) and text[at] in (" \t\r\n" if flow else " \t"):
        at += 1
    return at + 1 if at < len(text) and text[at] == ":" else -1


def block(text: str, raws: Iterable[Raw], *, floor: int) -> tuple[Entry, ...]:
    """The entries of a map written in lines. Above `floor` nothing belongs to them."""
    entries: list[Entry] = []
    for raw in raws:
        start, end = (place + raw.shift for place in raw.key or (0, 0))
        after = _colon(text, end, flow=False)
        if after < 0:
            raise Unclear(f"no colon behind {raw.name}")
        entry = _entry(text, raw, start, after, floor=floor)
        entries.append(entry)
        floor = entry.end
    return tuple(entries)


def _entry(text: str, raw: Raw, start: int, after: int, *, floor: int) -> Entry:
    empty = isinstance(raw.value, Scalar) and raw.value.extent[0] == raw.value.extent[1]
    if raw.spot is not None:
        first, last = raw.spot
    elif empty:
        first = last = after
    else:
        first, last = raw.value.extent[0] + raw.shift, value_end(text, raw.value, raw.shift)
    begins = line_start(text, start)
    column = start - begins
    shares = bool(text[begins:start].strip())
    lead = start if shares else lead_of(text, start, column=column, floor=floor)
    return Entry(raw.name, start, after, first, last, lead, tail_of(text, last, column=column), shares, raw.value, raw.shift)


def items(text: str, node: ListNode, shift: int, *, floor: int) -> tuple[Entry, ...]:
    """The items of a list written with dashes."""
    entries: list[Entry] = []
    dash = node.extent[0] + shift
    column = dash - line_start(text, dash)
    for number, item in enumerate(node.items):
        if number:
            dash = _next_dash(text, entries[-1].last, column)
        entry = _entry(text, Raw(None, None, item, shift), dash, dash + 1, floor=floor)
        entries.append(entry)
        floor = entry.end
    return tuple(entries)


def _next_dash(text: str, at: int, column: int) -> int:
    while True:
        at = next_line(text, at)
        if text[at : at + column].isspace() | (column == 0) and text[at + column : at + column + 1] == "-":
            return at + column
        if at >= len(text):
            raise Unclear("no dash")


def flow(text: str, raws: Iterable[Raw]) -> tuple[Entry, ...]:
    """The entries of a map or list in brackets."""
    entries: list[Entry] = []
    for raw in raws:
        first, last = (place + raw.shift for place in raw.value.extent)
        start, after = first, first
        if raw.key is not None:
            start, end = (place + raw.shift for place in raw.key)
            after = _colon(text, end, flow=True)
            if first == last:
                first = last = end if after < 0 else after
        entries.append(Entry(raw.name, start, after, first, last, start, last, True, raw.value, raw.shift))
    return tuple(entries)


def raws_of(node: MapNode | ListNode, shift: int) -> list[Raw]:
    """What the tree knows of a container's entries."""
    if isinstance(node, ListNode):
        return [Raw(None, None, item, shift) for item in node.items]
    return [Raw(name, node.places[name], item, shift) for name, item in node.items.items()]


def box_of(text: str, base: int, node: MapNode | ListNode, shift: int, owner: int) -> Box:
    """A container of a tree, with its entries' places in the text."""
    is_map = isinstance(node, MapNode)
    start = node.extent[0] + shift
    if node.flow:
        if text[start : start + 1] not in {"{", "["}:  # `[a: 1]`: a map without braces of its own
            raise Unclear("a pair without braces")
        close = node.extent[1] + shift - 1
        return Box(text, base, flow(text, raws_of(node, shift)), 0, is_map, True, owner, start, close)
    floor = next_line(text, owner) if owner >= 0 else 0
    if isinstance(node, ListNode):
        entries = items(text, node, shift, floor=floor)
    else:
        entries = block(text, raws_of(node, shift), floor=floor)
    return Box(text, base, entries, start - line_start(text, start), is_map, False, owner)
