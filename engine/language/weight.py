"""How much SQL a tree becomes, and how deep. Some forms write a part several times (rounding a quotient, a comparison's
empties), and nested they would multiply; and SQLite's parser holds only a hundred open parts. An expression past either is
refused at publish instead of being slow or failing later."""

from __future__ import annotations

from engine.language.numbers import outgrows, safe
from engine.language.report import Report
from engine.language.walk import children
from engine.model.tree import Aggregate, Arithmetic, Call, Compare, FieldOf, Find, IfElse, In, Logic, Negative, Node, Not
from engine.model.types import TypeKind

HEAVIEST = 5_000
# Of 100; the rest is for the query around the expression.
DEEPEST = 70
_IF = 5
_CALLS = {
    "hours": 2,
    "minutes": 2,
    "days": 2,
    "add_days": 5,
    "contains": 2,
    "starts_with": 4,
    "ends_with": 4,
    "in_region": 2,
    "round": 3,
    "workhours_between": 8,
}

_HEIGHTS = {
    "add_days": 20,
    "days_between": 12,
    "workhours_between": 30,
    "concat": 12,
    "time_of": 12,
    "date_of": 12,
    "weekday": 12,
    "ends_with": 9,
}


def weight(node: Node, *, inside: bool = False) -> int:
    """About the number of SQL nodes; each part counted as often as it is written. `inside`: within arithmetic, where only
    the outermost result is checked."""
    arithmetic = isinstance(node, Arithmetic)
    parts = [weight(child, inside=arithmetic) for child in children(node)]
    if isinstance(node, IfElse) or (isinstance(node, Call) and node.function == "first_of"):
        return 1 + sum(
            part * (2 if outgrows(child, node.type.scale) else 1) for child, part in zip(children(node), parts, strict=True)
        )
    match node:
        case Compare() | In():
            return 1 + 2 * sum(parts)
        case Arithmetic(type=given):
            if given.kind is not TypeKind.NUMBER:
                return 1 + 6 * sum(parts)
            times = 1 if inside or safe(node) else 2
            return times * (1 + (2 * parts[0] + 4 * parts[1] if node.operator == "/" else sum(parts)))
        case Call(function=called):
            return 1 + _CALLS.get(called, 1) * sum(parts)
    return 1 + sum(parts)


def height(node: Node, *, inside: bool = False) -> int:
    """About how many parts SQLite's parser has open at the deepest point."""
    if isinstance(node, IfElse):
        rest = height(node.otherwise)
        # A chain of else-branches is one CASE.
        own = rest if isinstance(node.otherwise, IfElse) else rest + _IF
        return max(own, _IF + max(height(node.test), height(node.then)))
    below = max((height(child, inside=isinstance(node, Arithmetic)) for child in children(node)), default=0)
    return _step(node, inside) + below


def _step(node: Node, inside: bool) -> int:
    match node:
        case Arithmetic(type=given):
            if given.kind is not TypeKind.NUMBER:
                return 24 if given.kind is TypeKind.DATETIME else 14
            checked = 0 if inside or safe(node) else 5
            return checked + (9 if node.operator == "/" else 3)
        case Compare() | In():
            return 7
        case Call(function=called):
            return _HEIGHTS.get(called, 6)
        case Aggregate() | Find():
            return 14
        case FieldOf(hops=hops):
            return 10 if hops else 1
        case Negative():
            return 2
        case Not() | Logic():
            return 2 if isinstance(node, Logic) else 0
    return 1


def check_weight(node: Node, report: Report) -> None:
    """Report a tree that is too heavy or too high."""
    if weight(node) > HEAVIEST or height(node) > DEEPEST:
        report.add("too-complex", 0)
