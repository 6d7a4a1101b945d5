"""Which fields' values come through to the result of an expression, and by which way: over branches, out of lists. What only
decides (a comparison, a lookup, a count) is a yes or no about a value, not the value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.language.logic import opposite
from engine.model.tree import Aggregate, Arithmetic, Call, Compare, Constant, FieldOf, IfElse, In, Logic, Negative, Node, Not
from engine.model.types import TypeKind

_PICKING = frozenset({"min", "max"})


@dataclass(frozen=True, slots=True)
class Carried:
    """`when`: the branches taken on the way. `through`: the aggregates it comes out of, outermost first; `summed`: one of them
    adds it to the values of other records. `as_it_is`: nothing is done to the value on the way."""

    source: FieldOf
    when: tuple[Node, ...] = ()
    through: tuple[Aggregate, ...] = ()
    summed: bool = False
    as_it_is: bool = True


def carried(node: Node) -> Iterator[Carried]:
    """Every field whose value can be read off the result."""
    match node:
        case FieldOf():
            yield Carried(node)
        case IfElse():
            yield from (replace(each, as_it_is=False) for each in carried(node.test))
            yield from (replace(each, when=(node.test, *each.when)) for each in carried(node.then))
            yield from (replace(each, when=(opposite(node.test), *each.when)) for each in carried(node.otherwise))
        case Not(operand=below):
            # A yes or no is known by its opposite as well.
            yield from carried(below)
        case Logic(operands=operands):
            # With nothing but constants beside it, a yes or no comes through; with another value beside it, it only decides.
            free = {each for each in operands if not isinstance(each, Constant)}
            yield from carried(free.pop()) if len(free) == 1 else ()
        case In(left=left, right=tuple()) if left.type.kind is TypeKind.BOOLEAN:
            yield from carried(left)
        case Compare(operator="==" | "!=") if node.left.type.kind is TypeKind.BOOLEAN:
            sides = [side for side in (node.left, node.right) if not isinstance(side, Constant)]
            yield from carried(sides[0]) if len(sides) == 1 else ()
        case Arithmetic():
            yield from (replace(each, as_it_is=False) for side in (node.left, node.right) for each in carried(side))
        case Negative(operand=below):
            yield from (replace(each, as_it_is=False) for each in carried(below))
        case Call() if node.type.kind is not TypeKind.BOOLEAN:
            changed = node.function != "first_of"
            for argument in node.arguments:
                yield from (replace(each, as_it_is=each.as_it_is and not changed) for each in carried(argument))
        case Aggregate(body=body) if body is not None and (node.function in _PICKING or node.function == "sum"):
            summed = node.function == "sum"
            for each in carried(body):
                inside = each.source.row == node.row or each.through
                through = (node, *each.through) if inside else ()
                yield replace(each, through=through, summed=each.summed or (summed and bool(inside)))
