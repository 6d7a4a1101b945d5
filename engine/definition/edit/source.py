"""One file's text, cut at its sections and their entries, so that a change reads again only the entry that it touches.

Each piece keeps the tree that it was read in; the tree's places less the piece's `origin` are places in the piece's text. What
is written in braces from the outside, or empty, is not cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.definition.edit.boxes import Entry, Raw, Unclear, block, box_of, value_end
from engine.definition.edit.lines import ODD_BREAKS, line_start, next_line
from engine.definition.nodes import Extent, MapNode, Node, Scalar, plain
from engine.definition.read import read_text
from engine.model.diagnostic import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry of a section, or (as a section's head) the section's key and what comes before its first entry."""

    name: str
    text: str
    node: Node
    key: Span
    place: Extent
    origin: int
    data: Any
    parts: int
    depth: int


@dataclass(frozen=True, slots=True)
class Section:
    """`pieces`: none if the section is not a map written in lines; then the head is all of it. With pieces the head's tree only
    tells where the key stands."""

    head: Piece
    pieces: tuple[Piece, ...]
    column: int

    @property
    def text(self) -> str:
        return self.head.text + "".join(piece.text for piece in self.pieces)

    @property
    def data(self) -> Any:
        return {piece.name: piece.data for piece in self.pieces} if self.pieces else self.head.data

    @property
    def node(self) -> Node:
        """The section's value as it is now; where it is cut, its places are those of each piece."""
        if not self.pieces:
            return self.head.node
        items, keys = {piece.name: piece.node for piece in self.pieces}, {piece.name: piece.key for piece in self.pieces}
        return MapNode(items, keys, self.head.node.span)


@dataclass(frozen=True, slots=True)
class Source:
    """`before`: the text above the first section, or the whole text where `whole` is its tree. `odd`: it
    holds line breaks that nobody means as such, so its lines cannot be told."""

    name: str
    mark: bool
    before: str
    sections: tuple[Section, ...]
    whole: MapNode | None
    odd: bool = False

    @property
    def text(self) -> str:
        return self.before + "".join(section.text for section in self.sections)

    @property
    def data(self) -> dict[str, Any]:
        if self.whole is not None:
            return dict(plain(self.whole))
        return {section.head.name: section.data for section in self.sections}

    @property
    def parts(self) -> int:
        """How many parts the reader counts in it."""
        if self.whole is not None:
            return weight(self.whole)[0]
        return 1 + sum(piece.parts for section in self.sections for piece in (section.head, *section.pieces))

    @property
    def bytes(self) -> bytes:
        return self.text.encode("utf-8-sig" if self.mark else "utf-8")

    def section(self, name: object) -> tuple[Section, int] | None:
        """A section and where it begins."""
        at = len(self.before)
        for section in self.sections:
            if section.head.name == name:
                return section, at
            at += len(section.text)
        return None


def weight(node: Node) -> tuple[int, int]:
    """How many parts a value has as the reader counts them, and how deep it is nested."""
    if isinstance(node, Scalar):
        return 1, 0
    nested = [weight(item) for item in (node.items.values() if isinstance(node, MapNode) else node.items)]
    keys = len(nested) if isinstance(node, MapNode) else 0
    if isinstance(node, MapNode) and node.flow:  # a text with commas was read as several keys first
        keys += sum(item.text.count(", ") for item in node.items.values() if isinstance(item, Scalar) and not item.style)
    return 1 + keys + sum(parts for parts, _ in nested), 1 + max((depth for _, depth in nested), default=0)


def read_source(name: str, data: bytes) -> Source:
    """A file, read and cut. Raises DefinitionError for what the reader does not take."""
    root = read_text(name, data)
    text = data.decode("utf-8-sig")
    mark = data.startswith(b"\xef\xbb\xbf")
    odd = ODD_BREAKS.search(text) is not None
    if root.flow or not root.items:
        return Source(name, mark, text, (), root, odd)
    try:
        return _cut(name, mark, text, root, odd=odd)
    except Unclear:
        return Source(name, mark, text, (), root, odd)


def _cut(name: str, mark: bool, text: str, root: MapNode, *, odd: bool) -> Source:
    entries = box_of(text, 0, root, 0, -1).entries
    ends = [entry.lead for entry in entries[1:]] + [len(text)]
    sections = [_section(text, root, entry, end) for entry, end in zip(entries, ends, strict=True)]
    return Source(name, mark, text[: entries[0].lead], tuple(sections), None, odd)


def _section(text: str, root: MapNode, entry: Entry, end: int) -> Section:
    name, node = entry.name or "", entry.value
    if not isinstance(node, MapNode) or node.flow or not node.items:
        return Section(_piece(text, root, name, entry.lead, end), (), 0)
    entries = box_of(text, 0, node, 0, entry.after).entries
    head = _piece(text, root, name, entry.lead, entries[0].lead, inner=False)
    return Section(
        head, pieces_of(text, node, entries, entries[0].lead, end), entries[0].start - line_start(text, entries[0].start)
    )


def pieces_of(text: str, node: MapNode, entries: Sequence[Entry], start: int, end: int) -> tuple[Piece, ...]:
    """The entries of a map, cut where their first comment lines begin."""
    starts = [start, *(entry.lead for entry in entries[1:]), end]
    return tuple(_piece(text, node, each.name or "", starts[n], starts[n + 1]) for n, each in enumerate(entries))


def _piece(text: str, tree: MapNode, name: str, start: int, end: int, *, inner: bool = True) -> Piece:
    node = tree.items[name]
    parts, depth = weight(node) if inner else (1, 1)
    return Piece(
        name, text[start:end], node, tree.keys[name], tree.places[name], start, plain(node) if inner else None, parts + 1, depth
    )


def root_entries(source: Source) -> tuple[Entry, ...]:
    """The sections of a file that is cut, as entries."""
    raws, at = [], len(source.before)
    for section in source.sections:
        head, spot = section.head, None
        size = len(section.text)
        if section.pieces:
            last = section.pieces[-1]
            shift = at + size - len(last.text) - last.origin
            first = section.pieces[0]
            spot = (at + len(head.text) + first.place[0] - first.origin, value_end(source.text, last.node, shift))
        raws.append(Raw(head.name, head.place, section.node, at - head.origin, spot))
        at += size
    return block(source.text, raws, floor=len(source.before))


def section_entries(section: Section) -> tuple[str, int, tuple[Entry, ...]]:
    """A cut section's text, where the colon of its key ends, and its entries."""
    text, raws, at = section.text, [], len(section.head.text)
    for piece in section.pieces:
        raws.append(Raw(piece.name, piece.place, piece.node, at - piece.origin))
        at += len(piece.text)
    after = text.index(":", section.head.place[1] - section.head.origin) + 1
    return text, after, block(text, raws, floor=next_line(text, after))
