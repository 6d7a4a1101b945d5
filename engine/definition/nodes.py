"""The tree of one YAML text: values with their places. No meaning yet, and nothing of the YAML library in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.model.diagnostic import Span

Plain = str | int | Decimal | bool | None
# From and up to which character of the text (counted after a byte order mark). Of what is written as a block only the
# beginning can be relied on: YAML's reader notices its end at the next thing that stands further left.
Extent = tuple[int, int]
NOWHERE: Extent = (0, 0)


@dataclass(frozen=True, slots=True)
class Scalar:
    """`text` as written without its quotes, `value` what it means in YAML; `span` where it begins, `inside` its first
    character (after a quote). `style`: the quote, `|` or `>` that it is written with; empty: none."""

    text: str
    value: Plain
    span: Span
    inside: Span
    extent: Extent = NOWHERE
    style: str = ""


@dataclass(frozen=True, slots=True)
class ListNode:
    """`flow`: written in brackets on the spot."""

    items: tuple[Node, ...]
    span: Span
    extent: Extent = NOWHERE
    flow: bool = False


@dataclass(frozen=True, slots=True)
class MapNode:
    """`keys`, `places`: where each key stands; `again`: where it stands once more, when the entries come from several files.
    `flow`: written in braces on the spot."""

    items: Mapping[str, Node]
    keys: Mapping[str, Span]
    span: Span
    extent: Extent = NOWHERE
    flow: bool = False
    places: Mapping[str, Extent] = field(default_factory=dict)
    again: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


Node = Scalar | ListNode | MapNode


def plain(node: Node) -> Any:
    """The tree as dicts, lists and values. Depth is bounded by the reader."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {key: plain(item) for key, item in node.items.items()}
