"""Finding things in the files of a definition by their path: the container that holds them, and what is written alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from engine.definition.edit.boxes import Box, Unclear, box_of
from engine.definition.edit.paths import Step, Steps
from engine.definition.edit.shape import is_word
from engine.definition.edit.source import Section, Source, root_entries, section_entries
from engine.definition.edit.style import Layout, layout_of, usual_first
from engine.definition.edit.writing import Models
from engine.definition.nodes import ListNode, MapNode, Node, Scalar

_MOST_ALIKE, _LOOK_AT = 12, 400
_ANY = None


def child(node: Node, step: Step) -> Node | None:
    """What a step leads to."""
    if isinstance(node, MapNode):
        return node.items.get(step) if isinstance(step, str) else None
    if isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


def node_at(source: Source, steps: Steps) -> Node | None:
    """The value at a path with two or more steps, or within what is not cut."""
    node: Node | None = source.whole
    if node is None:
        found = source.section(steps[0])
        if found is None:
            return None
        section, steps = found[0], steps[1:]
        node = section.node
        if section.pieces and steps:
            node = next((piece.node for piece in section.pieces if piece.name == steps[0]), None)
            steps = steps[1:]
    for step in steps:
        node = child(node, step) if node is not None else None
    return node


def holds(source: Source, steps: Steps) -> bool:
    return not steps or node_at(source, steps) is not None


def box_at(source: Source, steps: Steps) -> Box | None:
    """The map or list at a path, with its entries' places; None for what holds no entries that could be edited one by one."""
    if source.whole is not None:
        whole = source.whole
        return _descend(source.text, 0, whole, 0, -1, steps) if whole.items or whole.flow else None
    if not steps:
        return Box(source.text, 0, root_entries(source), 0, True)
    found = source.section(steps[0])
    if found is None:
        return None
    section, base = found
    if not section.pieces:
        head = section.head
        return _descend(head.text, base, head.node, -head.origin, _behind(head.text, head.place[1] - head.origin), steps[1:])
    if len(steps) == 1:
        text, after, entries = section_entries(section)
        return Box(text, base, entries, section.column, True, owner=after)
    return _in_piece(section, base, steps)


def _in_piece(section: Section, base: int, steps: Steps) -> Box | None:
    at = base + len(section.head.text)
    for piece in section.pieces:
        if piece.name == steps[1]:
            owner = _behind(piece.text, piece.place[1] - piece.origin)
            return _descend(piece.text, at, piece.node, -piece.origin, owner, steps[2:])
        at += len(piece.text)
    return None


def _behind(text: str, at: int) -> int:
    return text.index(":", at) + 1


def _descend(text: str, base: int, node: Node, shift: int, owner: int, steps: Steps) -> Box | None:
    for number, step in enumerate((*steps, None)):
        if isinstance(node, Scalar) or (not node.flow and not node.items):
            return None
        box = box_of(text, base, node, shift, owner)
        if number == len(steps):
            return box
        index = box.index(step) if step is not None else -1
        if index < 0:
            return None
        node, owner = box.entries[index].value, box.entries[index].after
    raise Unclear("no such place")


def alike(sources: Iterable[Source], steps: Steps) -> list[Node]:
    """Values in the same role as the one at a path, nearest first: at the same place in a neighbour, in a neighbour's
    neighbour …"""
    found: list[Node] = []
    last: Step | None = steps[-1] if isinstance(steps[-1], str) else _ANY
    middle = [step if isinstance(step, str) else _ANY for step in steps[:-1]]
    patterns = [[*middle[:n], _ANY, *middle[n + 1 :], last] for n in range(len(middle) - 1, 0, -1)]
    patterns.append([*middle[:1], *(_ANY for _ in middle[1:]), last])
    own = {id(node) for source in sources if (node := node_at(source, steps)) is not None} if len(steps) > 1 else set()
    for pattern in patterns if len(steps) > 1 else ():
        for source in sources:
            for node in islice(_matching(source, pattern), _LOOK_AT):
                if id(node) not in own:
                    own.add(id(node))
                    found.append(node)
                    if len(found) >= _MOST_ALIKE:
                        return found
    return found


def _matching(source: Source, pattern: Sequence[Step | None]) -> Iterator[Node]:
    if source.whole is not None:
        yield from _walk(source.whole, pattern)
        return
    found = source.section(pattern[0])
    if found is None:
        return
    if not found[0].pieces:
        yield from _walk(found[0].head.node, pattern[1:])
    for piece in found[0].pieces:
        if pattern[1] is _ANY or pattern[1] == piece.name:
            yield from _walk(piece.node, pattern[2:])


def _walk(node: Node, pattern: Sequence[Step | None]) -> Iterator[Node]:
    if not pattern:
        yield node
    elif pattern[0] is not _ANY:
        inner = child(node, pattern[0])
        if inner is not None:
            yield from _walk(inner, pattern[1:])
    elif not isinstance(node, Scalar):
        for item in node.items if isinstance(node, ListNode) else node.items.values():
            yield from _walk(item, pattern[1:])


def models(sources: Mapping[str, Source], file: str, steps: Steps, beside: Sequence[Node] = ()) -> Models:
    """What a value at a path is written like. `beside`: the entries around it, nearest first."""
    ordered = [sources[file], *(source for name, source in sources.items() if name != file)]
    same_role = alike(ordered, steps)
    if not is_word(steps):
        same_role = [*usual_first(beside[:20]), *same_role]
    return Models(_layout(ordered, steps, same_role), tuple(same_role), tuple(beside[:20]))


def _layout(ordered: Sequence[Source], steps: Steps, nodes: Sequence[Node]) -> Layout:
    step = 0
    for source in ordered:
        step = step or next((section.column for section in source.sections if section.pieces), 0)
    return layout_of(_nearest(ordered, steps, nodes), step or 2)


def _nearest(ordered: Sequence[Source], steps: Steps, nodes: Sequence[Node]) -> Iterator[Node]:
    yield from nodes
    near = node_at(ordered[0], steps[:2]) if len(steps) > 1 else None
    if near is not None:
        yield near
    for source in ordered:
        if source.whole is not None:
            yield source.whole
        for section in source.sections:
            yield from (piece.node for piece in section.pieces or (section.head,))
