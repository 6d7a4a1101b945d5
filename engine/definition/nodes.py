"""The tree of one YAML text: values with their places. No meaning yet, and nothing of the YAML library in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.model.diagnostic import Span

Plain = str | int | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Scalar:
    """`text` as written without its quotes, `value` what it means in YAML; `span` where it begins, `inside` its first
    character (after a quote)."""

    text: str
    value: Plain
    span: Span
    inside: Span


@dataclass(frozen=True, slots=True)
class ListNode:
    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class MapNode:
    """`keys`: where each key stands; `again`: where it stands once more, when the entries come from several files."""

    items: Mapping[str, Node]
    keys: Mapping[str, Span]
    span: Span
    again: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


Node = Scalar | ListNode | MapNode


def plain(node: Node) -> Any:
    """The tree as dicts, lists and values. Depth is bounded by the reader."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {key: plain(item) for key, item in node.items.items()}
