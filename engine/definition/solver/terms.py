"""Values of expressions as sums of variables. A value that depends on a condition (`x if c else y`) is a list of cases whose
guards exclude each other and leave nothing out.

What has no such form (a product of fields, a function, an aggregate) is handed to the problem as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.definition.solver.formula import FALSE, TRUE, Formula, Within, both, negated
from engine.definition.solver.problem import Problem
from engine.definition.solver.scalars import NOTHING, Scalar, constant, plus, times
from engine.definition.solver.space import PRESENT
from engine.language.numbers import safe
from engine.model.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Extra,
    FieldOf,
    IfElse,
    In,
    Logic,
    Negative,
    Node,
    Not,
    SourceValue,
    This,
    UserFact,
)
from engine.model.types import DATE, TypeKind

Case = tuple[Formula, Scalar]
MOST_CASES = 64
_CLOCK = ("now", "today")


@dataclass(frozen=True, slots=True)
class Terms:
    """`condition` reads a condition or its opposite. `known`: formula fields that have been worked out already, since one may
    be asked for again and again by others."""

    problem: Problem
    condition: Callable[[Node, bool], Formula]
    known: dict[FieldOf, list[Case]] = field(default_factory=dict)

    def cases(self, node: Node) -> list[Case]:
        """Guard and value of each case."""
        match node:
            case Constant(value=value):
                known = NOTHING if value is None else constant(self._units(node), node.type.scale)
                return [(TRUE, known)]
            case FieldOf():
                return self._field(node)
            case This() | UserFact() | SourceValue() | Extra():
                return [(TRUE, self._variable(node))]
            case IfElse():
                return self._guarded(node.test, self.cases(node.then), self.cases(node.otherwise))
            case Negative(operand=operand):
                return [(guard, times(value, -1)) for guard, value in self.cases(operand)]
            case Arithmetic():
                return self._arithmetic(node)
            case Call():
                return self._call(node)
            case Compare() | In() | Not() | Logic() | Aggregate(function="any" | "all"):
                return self._truth(node)
        return self._opaque(node)

    def _field(self, node: FieldOf) -> list[Case]:
        if node not in self.known:
            with self.problem.formula_of(node) as formula:
                self.known[node] = self.cases(formula) if formula is not None else [(TRUE, self._variable(node))]
        return self.known[node]

    def _units(self, node: Constant) -> int:
        return self.problem.coding.encode(node.value, node.type.scale)

    def _variable(self, node: Node) -> Scalar:
        variable = self.problem.scalar(node)
        return Scalar(((variable, 1),), 0, node.type.scale, Within(variable, PRESENT))

    def _opaque(self, node: Node) -> list[Case]:
        variable = self.problem.opaque(node)
        return [(TRUE, Scalar(((variable, 1),), 0, node.type.scale, Within(variable, PRESENT)))]

    def _truth(self, node: Node) -> list[Case]:
        """A condition as a value: true or false, never empty."""
        holds = self.condition(node, True)
        return [(holds, constant(1)), (negated(holds), constant(0))]

    def _guarded(self, test: Node, then: list[Case], otherwise: list[Case]) -> list[Case]:
        # Read once and turned round: reading it twice at every level would double the work with each.
        holds = self.condition(test, True)
        fails = negated(holds)
        found = [(both((holds, guard)), value) for guard, value in then]
        found += [(both((fails, guard)), value) for guard, value in otherwise]
        return [(guard, value) for guard, value in found if guard != FALSE]

    def _call(self, node: Call) -> list[Case]:
        if node.function == "first_of":
            *front, last = node.arguments
            found = self.cases(last)
            for each in reversed(front):
                found = _first(self.cases(each), found)
            return found if len(found) <= MOST_CASES else self._opaque(node)
        if node.function in _CLOCK:
            variable = self.problem.clock(node)
            return [(TRUE, Scalar(((variable, 1),), 0, 0, TRUE))]
        if node.function == "add_days":
            return self._joined(node, node.arguments[0], node.arguments[1], "+")
        if node.function == "days_between" and all(each.type == DATE for each in node.arguments):
            return self._joined(node, node.arguments[1], node.arguments[0], "-")
        return self._truth(node) if node.type.kind is TypeKind.BOOLEAN else self._opaque(node)

    def _arithmetic(self, node: Arithmetic) -> list[Case]:
        number = node.type.kind is TypeKind.NUMBER
        if node.operator == "/" or (number and not safe(node)):
            return self._opaque(node)
        return self._joined(node, node.left, node.right, node.operator)

    def _joined(self, node: Node, left: Node, right: Node, operator: str) -> list[Case]:
        """Every case of one side with every case of the other."""
        one, two = self.cases(left), self.cases(right)
        found: list[Case] = []
        for guard, value in one:
            for other_guard, other in two:
                joined = _apply(operator, value, other)
                if joined is None or len(found) > MOST_CASES:
                    return self._opaque(node)
                found.append((both((guard, other_guard)), self._in_range(node, joined)))
        return found

    def _in_range(self, node: Node, value: Scalar) -> Scalar:
        """What leaves the calendar, or a duration past all bounds, is empty."""
        if node.type.kind is TypeKind.NUMBER:
            return value
        spans = self.problem.coding.everything(node.type).spans
        low, high = spans[0][0], spans[-1][1]
        fits = self.problem.comparing().between(value, low, high)
        return Scalar(value.parts, value.constant, value.scale, both((value.present, fits)))


def _first(cases: list[Case], rest: list[Case]) -> list[Case]:
    """The first value where it is there, else what comes after it."""
    found: list[Case] = []
    for guard, value in cases:
        there = value.present
        found.append((both((guard, there)), value))
        missing = both((guard, negated(there)))
        found += [(both((missing, other_guard)), other) for other_guard, other in rest]
    return [(guard, value) for guard, value in found if guard != FALSE]


def _apply(operator: str, left: Scalar, right: Scalar) -> Scalar | None:
    """The sum, or the product with a constant; None for a product of variables."""
    if NOTHING in (left, right):
        return NOTHING
    if operator in ("+", "-"):
        return plus(left, right, 1 if operator == "+" else -1)
    if left.parts and right.parts:
        return None
    value, factor = (left, right) if not right.parts else (right, left)
    product = times(value, factor.constant, factor.scale)
    return Scalar(product.parts, product.constant, product.scale, both((left.present, right.present)))
