"""Conditions of the language as formulas: what each says of empties is written out, `not` goes to the leaves.

Source of the rules: language.md, 'Expressions'. What has no scalar form becomes a variable that may be true or false."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.definition.solver.formula import FALSE, FAR, TRUE, Formula, Within, both, either, larger, negated
from engine.definition.solver.problem import YES, Problem
from engine.definition.solver.scalars import NOTHING, Scalar, constant
from engine.definition.solver.terms import MOST_FACTS, Terms
from engine.definition.solver.values import EMPTY_ONLY, points
from engine.language.functions.text import following
from engine.language.regions import names_in
from engine.language.walk import walk
from engine.model.tree import (
    Arithmetic,
    Call,
    Compare,
    Constant,
    Extra,
    FieldOf,
    IfElse,
    In,
    Logic,
    Node,
    Not,
    SourceValue,
    This,
    UserFact,
)
from engine.model.types import TypeKind

_RESTLESS = ("now", "today", "flagged")
_WHOLES = frozenset({TypeKind.LIST, TypeKind.JSON})
_PLAIN = FieldOf | UserFact | SourceValue | Extra
_BLANK = points((0,), empty=True)


@dataclass(slots=True)
class Reader:
    """Reads conditions of one problem. `_known`: what joins nothing is read once, since conditions ask for it again."""

    problem: Problem
    terms: Terms = field(init=False)
    _known: dict[tuple[Node, bool], Formula] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.terms = Terms(self.problem, self.read)

    def read(self, node: Node, wanted: bool = True) -> Formula:
        """The condition, or its opposite."""
        match node:
            case Constant(value=value):
                return TRUE if (value is True) is wanted else FALSE
            case Not(operand=operand):
                return self.read(operand, not wanted)
            case Logic(operator=operator, operands=operands):
                parts = [self.read(each, wanted) for each in operands]
                return both(parts) if (operator == "and") is wanted else either(parts)
            case IfElse():
                holds = self.read(node.test)
                cases = ((holds, node.then), (negated(holds), node.otherwise))
                return either(both((guard, self.read(then, wanted))) for guard, then in cases)
        key = (node, wanted)
        if key not in self._known:
            self._known[key] = self._single(node, wanted)
        return self._known[key]

    def _single(self, node: Node, wanted: bool) -> Formula:
        match node:
            case Compare():
                return self._compare(node, wanted)
            case In():
                return self._in(node, wanted)
            case Call():
                return self._call(node, wanted)
            case FieldOf():
                return self._field(node, wanted)
            case UserFact() | SourceValue() | Extra():
                return _signed(Within(self.problem.scalar(node), YES), wanted)
        return self._opaque(node, wanted)

    def _opaque(self, node: Node, wanted: bool) -> Formula:
        return _signed(Within(self.problem.opaque(node), YES), wanted)

    def _field(self, node: FieldOf, wanted: bool) -> Formula:
        with self.problem.formula_of(node) as formula:
            found = self.read(formula, wanted) if formula is not None else None
        if found is None or larger(found, MOST_FACTS):
            found = _signed(Within(self.problem.scalar(node), YES), wanted)
        return found

    def _compare(self, node: Compare, wanted: bool) -> Formula:
        if {node.left.type.kind, node.right.type.kind} & _WHOLES:
            return self._wholes(node, wanted)
        comparing = self.problem.comparing()
        found = []
        for guard, left in self.terms.cases(node.left):
            for other_guard, right in self.terms.cases(node.right):
                holds = comparing.compare(node.operator, left, right)
                found.append(both((guard, other_guard, _signed(holds, wanted))))
        # A sum that cannot be looked into is told by the side on which it is written.
        self.problem.name_sums(next((each for each in (node.left, node.right) if isinstance(each, Arithmetic)), node))
        return either(found)

    def _wholes(self, node: Compare, wanted: bool) -> Formula:
        """Of comparisons of lists or data, only that with nothing is looked into."""
        if node.left.type.kind is node.right.type.kind:
            return self._opaque(node, wanted)
        given = node.left if node.left.type.kind in _WHOLES else node.right
        if not isinstance(given, _PLAIN):
            return self._opaque(node, wanted)
        missing = Within(self.problem.scalar(given), EMPTY_ONLY)
        return _signed(missing, (node.operator == "==") is wanted)

    def _in(self, node: In, wanted: bool) -> Formula:
        if isinstance(node.right, tuple):
            return self._among(node.left, node.right, wanted)
        if node.right.type.kind is not TypeKind.LIST or not isinstance(node.right, _PLAIN):
            return self._opaque(node, wanted)
        holder = self.problem.scalar(node.right)
        found = []
        for guard, value in self.terms.cases(node.left):
            found.append(both((guard, _signed(self._member(node, holder, value), wanted))))
        return either(found)

    def _among(self, node: Node, constants: tuple[Constant, ...], wanted: bool) -> Formula:
        """One of the constants; empty is none of them."""
        comparing = self.problem.comparing()
        listed = [value for each in constants for _, value in self.terms.cases(each)]
        found = []
        for guard, value in self.terms.cases(node):
            holds = both((value.present, either(comparing.equals(value, each) for each in listed)))
            found.append(both((guard, _signed(holds, wanted))))
        return either(found)

    def _member(self, node: In, holder: int, value: Scalar) -> Formula:
        if value == NOTHING:
            return FALSE
        if not value.parts:
            element = self.problem.member(holder, None, value.constant)
        elif value.constant or len(value.parts) > 1 or value.parts[0][1] != 1:
            return self._opaque(node, True)
        else:
            element = self.problem.member(holder, value.parts[0][0], 0)
        return both((value.present, Within(holder, YES), Within(element, YES)))

    def _call(self, node: Call, wanted: bool) -> Formula:
        arguments = node.arguments
        match node.function:
            case "empty":
                return self._empty(node, wanted)
            case "in_region":
                return self._in_region(node, wanted)
            case "starts_with" if isinstance(arguments[1], Constant):
                return self._starts(node, arguments[1].value, wanted)
            case "flagged":
                return self._flagged(node, wanted)
            case "first_of":
                found = [
                    both((guard, _signed(self.problem.comparing().compare("==", value, constant(1)), wanted)))
                    for guard, value in self.terms.cases(node)
                ]
                return either(found)
        return self._opaque(node, wanted)

    def _empty(self, node: Call, wanted: bool) -> Formula:
        given = node.arguments[0]
        if given.type.kind is not TypeKind.LIST:
            return either(both((guard, _signed(value.present, not wanted))) for guard, value in self.terms.cases(given))
        if not isinstance(given, _PLAIN):
            return self._opaque(node, wanted)
        return _signed(Within(self.problem.scalar(given), _BLANK), wanted)

    def _in_region(self, node: Call, wanted: bool) -> Formula:
        place, region = node.arguments
        names = names_in(str(region.value)) if isinstance(region, Constant) else None
        return self._among(place, tuple(Constant(name, place.type) for name in sorted(names or ())), wanted)

    def _starts(self, node: Call, part: str | None, wanted: bool) -> Formula:
        if not part:
            return TRUE if not wanted else FALSE
        after = following(part)
        low = self.problem.coding.encode(part)
        high = FAR if after is None else self.problem.coding.encode(after) - 1
        found = []
        for guard, value in self.terms.cases(node.arguments[0]):
            inside = self.problem.comparing().between(value, low, high)
            found.append(both((guard, _signed(both((value.present, inside)), wanted))))
        return either(found)

    def _flagged(self, node: Call, wanted: bool) -> Formula:
        """A flag says that its check fails. Only a check of the record's own fields is as fresh as the record itself."""
        name, record = node.arguments
        if isinstance(name, Constant) and isinstance(record, This) and record.row == 0:
            check = self.problem.space.app.tables[self.problem.space.table].checks[str(name.value)]
            if not check.must.whole and not any(_restless(each) for each in walk(check.must.node)):
                return self.read(check.must.node, not wanted)
        return self._opaque(node, wanted)


def _restless(node: Node) -> bool:
    return isinstance(node, Call) and node.function in _RESTLESS


def _signed(formula: Formula, wanted: bool) -> Formula:
    return formula if wanted else negated(formula)
