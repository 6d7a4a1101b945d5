"""How much SQL a tree becomes. Some forms write a part several times (rounding a quotient, a comparison's empties), and nested
they would multiply; too heavy an expression is refused at publish instead of being slow or failing later."""

from __future__ import annotations

from engine.language.numbers import safe
from engine.language.report import Report
from engine.language.walk import children
from engine.model.text import Text
from engine.model.tree import Arithmetic, Call, Compare, In, Node
from engine.model.types import TypeKind

HEAVIEST = 5_000
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
}


def weight(node: Node) -> int:
    """About the number of SQL nodes; each part counted as often as it is written."""
    parts = [weight(child) for child in children(node)]
    total = 1 + sum(parts)
    match node:
        case Compare() | In():
            return 1 + 2 * sum(parts)
        case Arithmetic(type=given):
            if given.kind is not TypeKind.NUMBER:
                return 1 + 6 * sum(parts)
            times = 1 if safe(node) else 2
            return times * (1 + (2 * parts[0] + 4 * parts[1] if node.operator == "/" else sum(parts)))
        case Call(function=called):
            return 1 + _CALLS.get(called, 1) * sum(parts)
    return total


def check_weight(node: Node, report: Report) -> None:
    """Report a tree that is too heavy."""
    if weight(node) > HEAVIEST:
        message = Text("表达式太复杂，数据库里会很慢", "The expression is too complicated to run fast in the database")
        report.add("too-complex", 0, message, Text("拆成几个公式字段", "Split it into several formula fields"))
