"""How the text around a new entry is written: indentation, braces or lines, padding, quotes. Looks, and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.definition.edit.boxes import Box, Entry
from engine.definition.edit.lines import blanks_before, line_start
from engine.definition.nodes import ListNode, MapNode, Node, Scalar

_LOOK_AT = 3_000


@dataclass(frozen=True, slots=True)
class Layout:
    """`step`: how much further right the entries of a map stand than its key; `dashes`: the same for a list's dashes;
    `item`: how far behind its dash an item begins; `inside`: what stands within braces."""

    step: int = 2
    dashes: int = 2
    item: int = 2
    inside: str = ""


def layout_of(nodes: Iterable[Node], usual: int) -> Layout:
    """How these trees are written; the first that shows something decides. `usual`: the step if none does."""
    found: dict[str, int] = {}
    inside: str | None = None
    for node in islice(_parts(nodes), _LOOK_AT):
        if isinstance(node, MapNode) and node.flow and node.items and inside is None:
            first = next(iter(node.places.values()))
            inside = " " if first[0] - node.extent[0] > 1 else ""
        elif isinstance(node, MapNode) and not node.flow:
            _hanging(node, found)
        elif isinstance(node, ListNode) and not node.flow and node.items:
            item = node.items[0]
            if item.span.line == node.span.line and item.extent[0] > node.extent[0] + 1:
                found.setdefault("item", item.span.column - node.span.column)
        if len(found) == 3 and inside is not None:
            break
    step = found.get("step", usual)
    return Layout(step, found.get("dashes", step), found.get("item", 2), inside or "")


def _parts(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, MapNode):
            yield from _parts(node.items.values())
        elif isinstance(node, ListNode):
            yield from _parts(node.items)


def _hanging(node: MapNode, found: dict[str, int]) -> None:
    for name, child in node.items.items():
        if isinstance(child, Scalar) or child.flow or not child.items:
            continue
        offset = child.span.column - node.keys[name].column
        if offset > 0 or isinstance(child, ListNode):
            found.setdefault("step" if isinstance(child, MapNode) else "dashes", offset)


def prefers_flow(alike: Sequence[Node], *, is_map: bool) -> bool | None:
    """Are values in the same role written in braces? Nearest first; None: nothing to go by."""
    kind = MapNode if is_map else ListNode
    return next((node.flow for node in alike if isinstance(node, kind) and node.items), None)


def usual_first(nodes: Sequence[Node]) -> list[Node]:
    """The same nodes, those first that are written as most of them are."""
    collections = [node for node in nodes if not isinstance(node, Scalar) and node.items]
    usual = sum(node.flow for node in collections) * 2 >= len(collections)
    return sorted(nodes, key=lambda node: not isinstance(node, Scalar) and node.flow is not usual)


def quotes(nodes: Iterable[Node]) -> list[str]:
    """The quotes of those that are texts."""
    return [node.style for node in nodes if isinstance(node, Scalar) and isinstance(node.value, str)]


def _alone(text: str, entry: Entry) -> bool:
    """Is it written on one line, its value behind its key?"""
    return entry.after >= 0 and "\n" not in text[entry.start : entry.last] and entry.last > entry.after


def _neighbours(box: Box, index: int) -> list[Entry]:
    """The one-line entries above and below a place, as far as no blank line or longer entry comes between."""
    found: list[Entry] = []
    for entries in (box.entries[index - 1 :: -1] if index else (), box.entries[index:]):
        near: Entry | None = None
        for entry in entries:
            apart = near is not None and min(near.end, entry.end) < max(near.lead, entry.lead)
            if apart or not _alone(box.text, entry):
                break
            found.append(entry)
            near = entry
    return found


def shared_column(box: Box, index: int, *, own: Entry | None = None) -> int | None:
    """The column that the values around a place begin at, where people put them in line. `own`: an entry that is there."""
    if box.flow or not box.is_map:
        return None
    near = [entry for entry in _neighbours(box, index) if entry is not own]
    columns = Counter(column_of(box.text, entry) for entry in near)
    lined = {column_of(box.text, entry) for entry in near if entry.first - entry.after > 1}
    if own is not None and _alone(box.text, own):
        near.append(own)
    lined |= {column for column in columns if _differ(box.text, near, column)}
    return max(lined, key=lambda each: columns[each]) if lined else None


def padding(box: Box, index: int, key: str) -> str:
    """The spaces between a new key's colon and its value."""
    column = shared_column(box, index)
    return " " if column is None else " " * max(1, column - (box.column + len(key) + 1))


def _differ(text: str, near: Sequence[Entry], column: int) -> bool:
    """Have those whose values begin at a column keys of different lengths?"""
    return len({entry.after - entry.start for entry in near if column_of(text, entry) == column}) > 1


def column_of(text: str, entry: Entry) -> int:
    """The column its value begins at."""
    return entry.first - line_start(text, entry.first)


def rhythm(box: Box, index: int) -> str:
    """The blank lines to set between a new entry and its neighbour, as they stand between those at the same place."""
    entries = box.entries
    if len(entries) < 2:
        return ""
    index = min(max(index, 1), len(entries) - 1)
    lead = entries[index].lead
    return box.text[blanks_before(box.text, lead, floor=entries[index - 1].end) : lead]
