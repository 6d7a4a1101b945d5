"""Rewriting conditions: fields replaced by what stands in them, conditions of a linked record seen from the record that points
at it. Here, because every proof that looks past one record needs it; nothing is decided or searched in this module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from engine.language.walk import walk
from engine.model.app import App
from engine.model.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Expression,
    FieldOf,
    Find,
    IfElse,
    In,
    Logic,
    Negative,
    Node,
    Not,
    This,
    UserFact,
)
from engine.model.types import BOOLEAN, EMPTY, Type, TypeKind

Change = Callable[[Node], Node | None]
Hop = tuple[str, str, str]
OLD = -1
YES: Node = Constant(True, BOOLEAN)
NO: Node = Constant(False, BOOLEAN)
NOTHING: Node = Constant(None, EMPTY)


def rewrite(node: Node, change: Change) -> Node:
    """The tree with every node that `change` answers for replaced, from the top down; what is put in is not looked at again."""
    new = change(node)
    if new is not None:
        return new
    match node:
        case Not(operand=below) | Negative(operand=below):
            return replace(node, operand=rewrite(below, change))
        case Logic(operands=operands):
            return replace(node, operands=tuple(rewrite(each, change) for each in operands))
        case Call(arguments=arguments):
            return replace(node, arguments=tuple(rewrite(each, change) for each in arguments))
        case Compare() | Arithmetic():
            return replace(node, left=rewrite(node.left, change), right=rewrite(node.right, change))
        case In(right=tuple()):
            return replace(node, left=rewrite(node.left, change))
        case In(left=left, right=right) if not isinstance(right, tuple):
            return replace(node, left=rewrite(left, change), right=rewrite(right, change))
        case IfElse():
            test, then, otherwise = (rewrite(each, change) for each in (node.test, node.then, node.otherwise))
            return IfElse(test, then, otherwise, node.type)
        case Aggregate(body=body) if body is not None:
            return replace(node, body=rewrite(body, change))
        case Find(condition=condition):
            return replace(node, condition=rewrite(condition, change))
    return node


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


def seen_from(condition: Node, hops: tuple[Hop, ...]) -> Node | None:
    """A condition about the record at the end of a path, as a condition about the record at its beginning; None where it asks
    for more than fields and links of that record."""
    if any(isinstance(each, (Aggregate, Find)) or _of_flags(each) for each in walk(condition)):
        return None
    table, link, target = hops[-1]
    itself = FieldOf(0, table, hops[:-1], link, Type(TypeKind.RECORD, table=target))

    def change(node: Node) -> Node | None:
        if isinstance(node, FieldOf):
            return replace(node, hops=(*hops, *node.hops))
        return itself if isinstance(node, This) else None

    return rewrite(condition, change)


def _of_flags(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "flagged"


def seen_from_parent(condition: Node, table: str, link: str, parent: str) -> Node | None:
    """A condition about a child, as a condition about its parent; None where it asks for anything of the child itself."""
    if any(isinstance(each, (Aggregate, Find, This)) or _of_flags(each) for each in walk(condition)):
        return None
    fields = [each for each in walk(condition) if isinstance(each, FieldOf)]
    if any((each.hops[0][:2] if each.hops else (table, each.name)) != (table, link) for each in fields):
        return None

    def change(node: Node) -> Node | None:
        if not isinstance(node, FieldOf):
            return None
        return replace(node, hops=node.hops[1:]) if node.hops else This(0, Type(TypeKind.RECORD, table=parent))

    return rewrite(condition, change)


def given_to_new(app: App, values: Mapping[str, Expression], table: str, condition: Node) -> Node | None:
    """A condition about a record of `table` that is about to be made with `values`, as a condition about the record that they
    come from; None where it asks for more than the new record's own fields."""
    if any(isinstance(each, (Aggregate, Find, This)) or _of_flags(each) for each in walk(condition)):
        return None
    fields = app.tables[table].fields
    asked = [each for each in walk(condition) if isinstance(each, FieldOf)]
    if any(each.hops or each.name not in fields or fields[each.name].value is not None for each in asked):
        return None

    def change(node: Node) -> Node | None:
        if not isinstance(node, FieldOf):
            return None
        if node.name in values:
            return values[node.name].node
        if fields[node.name].kind == "state":
            flow = app.tables[table].flow
            return Constant(flow.initial if flow is not None else None, node.type)
        return Constant(fields[node.name].default, node.type)

    return rewrite(condition, change)


def own_fields(node: Node, row: int = 0) -> bool:
    """Does it speak of nothing but one record's stored and implicit fields, constants and the user?"""
    return all(
        isinstance(each, UserFact) or not isinstance(each, (Aggregate, Find, This, FieldOf)) or _own(each, row)
        for each in walk(node)
    )


def _own(node: Node, row: int) -> bool:
    return isinstance(node, FieldOf) and node.row == row and not node.hops


def folded(node: Node) -> Node:
    """The tree with sums of constants worked out, so that `n + 1 + 1` is `n + 2` however often a rule has added to it."""
    return rewrite(node, _folded)


def _folded(node: Node) -> Node | None:
    if not isinstance(node, Arithmetic) or node.operator not in ("+", "-") or node.type.kind is not TypeKind.NUMBER:
        return None
    left, right = folded(node.left), folded(node.right)
    if not isinstance(right, Constant) or right.value is None:
        return replace(node, left=left, right=right)
    more = right.value if node.operator == "+" else -right.value
    if isinstance(left, Constant) and left.value is not None:
        return _number(left.value + more, node.type)
    if isinstance(left, Arithmetic) and left.operator == "+" and left.type == node.type and isinstance(left.right, Constant):
        return replace(left, right=_number(left.right.value + more, right.type))
    return Arithmetic("+", left, _number(more, right.type), node.type)


def _number(value: Decimal | int, kind: Type) -> Constant:
    return Constant(value if kind.scale == 0 else Decimal(value).quantize(Decimal(1).scaleb(-kind.scale)), kind)
