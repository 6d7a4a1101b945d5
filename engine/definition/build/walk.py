"""Looking through a typed expression: every node of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from engine.model.tree import Node


def nodes(root: Node) -> Iterator[Node]:
    """Every node of an expression, the root first."""
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
        elif isinstance(node, Node):
            yield node
            waiting.extend(getattr(node, f.name) for f in fields(node) if f.name != "type")
