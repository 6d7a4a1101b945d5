"""A condition as it will be judged after fields have been set: each of them stands for the value that it was given."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definition.solver.inlined import inlined
from engine.definition.solver.space import Space
from engine.language.walk import rewrite
from engine.model.tree import Aggregate, Call, FieldOf, Find, Node

_MOST_NESTED = 3  # each may repeat its sources


class Unclear(Exception):
    """What the condition asks for depends on a changed field in a way that cannot be written down."""


def after(node: Node, values: Mapping[str, Node], space: Space, *, nested: int = 0) -> Node:
    """The condition on the record after `values` have been set on it, said of the record before. Raises Unclear. `nested`:
    how deep in formulas of formulas."""

    def put(each: Node) -> Node | None:
        match each:
            case FieldOf(row=0):
                return _field(each, values, space, nested)
            case Call(function="flagged") | Aggregate() | Find():
                raise Unclear
        return None

    return rewrite(node, put)


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
