"""Conditions put together from others: and, or, not, equal, not empty. What is plainly always or never so is left out at once.

Here, because whoever asks something about a condition of a definition has to add to it; nothing is decided in this module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from engine.model.tree import Compare, Constant, Logic, Node, Not
from engine.model.types import BOOLEAN, EMPTY

YES: Node = Constant(True, BOOLEAN)
NO: Node = Constant(False, BOOLEAN)
NOTHING: Node = Constant(None, EMPTY)
# The comparison with its sides exchanged, and the one that holds where it does not (empties apart).
TURNED: Mapping[str, str] = MappingProxyType({"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="})
OPPOSITE: Mapping[str, str] = MappingProxyType({"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"})


def conjunction(nodes: Iterable[Node | None]) -> Node:
    """All of them, each once; None and what is always true add nothing."""
    kept = _joined("and", (node for node in nodes if node is not None), YES)
    return NO if NO in kept else _logic("and", kept, YES)


def disjunction(nodes: Iterable[Node]) -> Node:
    """One of them or more."""
    kept = _joined("or", nodes, NO)
    return YES if YES in kept else _logic("or", kept, NO)


def _joined(operator: str, nodes: Iterable[Node], nothing: Node) -> tuple[Node, ...]:
    found: dict[Node, None] = {}
    for node in nodes:
        flat = node.operands if isinstance(node, Logic) and node.operator == operator else (node,)
        found |= dict.fromkeys(each for each in flat if each != nothing)
    return tuple(found)


def _logic(operator: str, nodes: tuple[Node, ...], nothing: Node) -> Node:
    return (nothing, *nodes)[-1] if len(nodes) < 2 else Logic(operator, nodes, BOOLEAN)


def opposite(node: Node) -> Node:
    """Its negation."""
    if node in (YES, NO):
        return NO if node == YES else YES
    return node.operand if isinstance(node, Not) else Not(node, BOOLEAN)


def differs(left: Node, right: Node) -> Node:
    """Do two values differ, empty being a value like any other?"""
    if left == right:
        return NO
    if isinstance(left, Constant) and isinstance(right, Constant):
        return NO if left.value == right.value else YES
    return Compare("!=", left, right, BOOLEAN)


def same(left: Node, right: Node) -> Node:
    """Are two values equal, empty being a value like any other?"""
    return opposite(found) if (found := differs(left, right)) in (YES, NO) else Compare("==", left, right, BOOLEAN)


def there(node: Node) -> Node:
    """It is not empty."""
    return Compare("!=", node, NOTHING, BOOLEAN)
