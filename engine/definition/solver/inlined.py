"""Formula fields by what they are worked out from, so that a condition on one meets the conditions on its sources.

Only formulas that are worked out from values of the record and of records it links to; what counts over children or looks
something up stays a value by itself."""

from __future__ import annotations

from dataclasses import replace

from engine.definition.solver.space import BEFORE, Space
from engine.language.logic import NOTHING, there
from engine.language.walk import rewrite, walk
from engine.model.tree import Aggregate, Call, FieldOf, Find, IfElse, Node, This
from engine.model.types import Type, TypeKind

_SIZE = 300


def inlined(node: FieldOf, space: Space) -> Node | None:
    """The formula of a formula field, about the record that the field belongs to; None for any other field."""
    field = space.field(node.table, node.name)
    if field is None or field.value is None or not _plain(field.value.node):
        return None
    formula = _moved(field.value.node, node)
    if node.hops:
        table, link, target = node.hops[-1]
        start: Node = FieldOf(node.row, table, node.hops[:-1], link, Type(TypeKind.RECORD, table=target))
    elif node.row == BEFORE:
        start = FieldOf(BEFORE, node.table, (), "id", replace(node.type, kind=TypeKind.TEXT, scale=0, options=None))
    else:
        return formula
    # Of a record that is not there every field is empty, even one whose formula would make something of empties.
    return IfElse(there(start), formula, NOTHING, node.type)


def _plain(node: Node) -> bool:
    parts = list(walk(node))
    return len(parts) <= _SIZE and not any(
        isinstance(each, Aggregate | Find) or (isinstance(each, Call) and each.function == "flagged") for each in parts
    )


def _moved(formula: Node, at: FieldOf) -> Node:
    """The formula's own names, seen from where the field was asked for."""

    def move(node: Node) -> Node | None:
        if isinstance(node, FieldOf):
            return replace(node, row=at.row, hops=(*at.hops, *node.hops))
        return _record(at) if isinstance(node, This) else None

    return rewrite(formula, move)


def _record(at: FieldOf) -> Node:
    if at.hops:
        table, link, target = at.hops[-1]
        return FieldOf(at.row, table, at.hops[:-1], link, Type(TypeKind.RECORD, table=target))
    return This(max(at.row, 0), Type(TypeKind.RECORD, table=at.table))
