"""Looking through a typed expression: every node, and those fields whose *values* come through to the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from engine.model.tree import Aggregate, Arithmetic, Call, FieldOf, Find, IfElse, Negative, Node
from engine.model.types import TypeKind


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


def shown_fields(root: Node) -> Iterator[FieldOf]:
    """Fields that can be read off the result. What only decides (conditions, lookups) or is summed up over other records
    is a mere consequence."""
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if node.type.kind is TypeKind.BOOLEAN and not isinstance(node, FieldOf):
            continue
        if isinstance(node, FieldOf):
            yield node
        elif isinstance(node, Arithmetic):
            waiting += [node.left, node.right]
        elif isinstance(node, Negative):
            waiting.append(node.operand)
        elif isinstance(node, IfElse):
            waiting += [node.then, node.otherwise]
        elif isinstance(node, Call):
            waiting += node.arguments
        elif isinstance(node, (Aggregate, Find)):
            continue
