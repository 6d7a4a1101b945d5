"""Formula fields by what they are worked out from, so that a condition on one meets the conditions on its sources.

Only formulas that are worked out from values of the record and of records it links to; what counts over children or looks
something up stays a value by itself."""

from __future__ import annotations

from dataclasses import replace

from engine.definition.solver.space import BEFORE, Space
from engine.language.walk import walk
from engine.model.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Compare,
    Constant,
    FieldOf,
    Find,
    IfElse,
    In,
    Logic,
    Negative,
    Node,
    Not,
    This,
)
from engine.model.types import BOOLEAN, EMPTY, Type, TypeKind

_NO_RECORD = Constant(None, EMPTY)
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
    there = Compare("!=", start, _NO_RECORD, BOOLEAN)
    return IfElse(there, formula, _NO_RECORD, node.type)


def _plain(node: Node) -> bool:
    parts = list(walk(node))
    return len(parts) <= _SIZE and not any(
        isinstance(each, Aggregate | Find) or (isinstance(each, Call) and each.function == "flagged") for each in parts
    )


def _moved(node: Node, at: FieldOf) -> Node:
    """The formula's own names, seen from where the field was asked for."""

    def move(each: Node) -> Node:
        return _moved(each, at)

    match node:
        case FieldOf(hops=hops):
            return replace(node, row=at.row, hops=(*at.hops, *hops))
        case This():
            return _record(at)
        case Not() | Negative():
            return replace(node, operand=move(node.operand))
        case Logic():
            return replace(node, operands=tuple(move(each) for each in node.operands))
        case Compare() | Arithmetic():
            return replace(node, left=move(node.left), right=move(node.right))
        case In():
            right = node.right if isinstance(node.right, tuple) else move(node.right)
            return replace(node, left=move(node.left), right=right)
        case IfElse():
            return replace(node, test=move(node.test), then=move(node.then), otherwise=move(node.otherwise))
        case Call():
            return replace(node, arguments=tuple(move(each) for each in node.arguments))
    return node


def _record(at: FieldOf) -> Node:
    if at.hops:
        table, link, target = at.hops[-1]
        return FieldOf(at.row, table, at.hops[:-1], link, Type(TypeKind.RECORD, table=target))
    return This(max(at.row, 0), Type(TypeKind.RECORD, table=at.table))
