"""A condition as it will be judged after fields have been set: each of them stands for the value that it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.definition.solver.inlined import inlined
from engine.definition.solver.space import Space
from engine.model.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Compare,
    FieldOf,
    Find,
    IfElse,
    In,
    Logic,
    Negative,
    Node,
    Not,
)

_MOST_NESTED = 3  # each may repeat its sources


class Unclear(Exception):
    """What the condition asks for depends on a changed field in a way that cannot be written down."""


def after(node: Node, values: Mapping[str, Node], space: Space, *, nested: int = 0) -> Node:
    """The condition on the record after `values` have been set on it, said of the record before. Raises Unclear. `nested`:
    how deep in formulas of formulas."""

    def put(each: Node) -> Node:
        return after(each, values, space, nested=nested)

    match node:
        case FieldOf(row=0):
            return _field(node, values, space, nested)
        case Not() | Negative():
            return replace(node, operand=put(node.operand))
        case Logic():
            return replace(node, operands=tuple(put(each) for each in node.operands))
        case Compare() | Arithmetic():
            return replace(node, left=put(node.left), right=put(node.right))
        case In():
            right = node.right if isinstance(node.right, tuple) else put(node.right)
            return replace(node, left=put(node.left), right=right)
        case IfElse():
            return replace(node, test=put(node.test), then=put(node.then), otherwise=put(node.otherwise))
        case Call(function="flagged") | Aggregate() | Find():
            raise Unclear
        case Call():
            return replace(node, arguments=tuple(put(each) for each in node.arguments))
    return node


def _field(node: FieldOf, values: Mapping[str, Node], space: Space, nested: int) -> Node:
    if node.hops:
        # A path through a link that has changed leads to a record of which nothing is known.
        if node.hops[0][1] in values:
            raise Unclear
        return node
    if node.name in values:
        return values[node.name]
    if not space.worked_out(node.table, node.name):
        return node
    formula = inlined(node, space)
    if formula is None or nested >= _MOST_NESTED:
        raise Unclear
    return after(formula, values, space, nested=nested + 1)
