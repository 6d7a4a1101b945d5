"""The variables of one problem: each field, path, fact or construct that cannot be looked into has a number and its values.

Beside the conditions there is what ties variables together whatever a condition says (`ties`): a path is empty when its link
is, a before image may be missing as a whole, two links to the same record lead to the same values."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from engine.definition.solver.coding import Coding
from engine.definition.solver.formula import FALSE, FAR, Formula, Gap, Within, both, either, negated
from engine.definition.solver.inlined import inlined
from engine.definition.solver.scalars import Comparing, Parts
from engine.definition.solver.space import BEFORE, PRESENT, Space
from engine.definition.solver.values import EMPTY_ONLY, Values, numbers, points
from engine.language.walk import walk
from engine.model.tree import Aggregate, Call, FieldOf, Find, Node, This
from engine.model.types import BOOLEAN, INTEGER, Type, TypeKind

YES = points((1,))
TRUTHS = points((0, 1))
_COUNTED = ("count", "len")
_MOST_NESTED = 20


@dataclass(frozen=True, slots=True)
class Variable:
    """`node`: what it stands for (None: the before image as a whole). `opaque`: it could not be looked into, so any value is
    assumed that may not be possible. `parts`: the variables of a sum with their weights. `element`: a list and what it may
    hold, a variable or (None) a constant."""

    node: Node | None
    type: Type
    values: Values
    opaque: bool = False
    parts: tuple[tuple[int, int], ...] = ()
    element: tuple[int, int | None, int] | None = None

    @property
    def blind(self) -> bool:
        """Does its value depend on other records than a witness tells of?"""
        if not self.opaque or self.node is None or self.parts:
            return False
        if isinstance(self.node, FieldOf):
            return True
        return any(isinstance(each, Aggregate | Find) for each in walk(self.node))


@dataclass(slots=True)
class Problem:
    """Grows while conditions are read."""

    space: Space
    coding: Coding
    variables: list[Variable] = field(default_factory=list)
    ties: list[Formula] = field(default_factory=list)
    _known: dict[Hashable, int] = field(default_factory=dict)
    _targets: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    _old: int | None = None
    _nested: int = 0

    def comparing(self) -> Comparing:
        """How sums of these variables compare."""
        return Comparing(lambda v: self.variables[v].type.scale, self._sum)

    @contextmanager
    def formula_of(self, node: FieldOf) -> Iterator[Node | None]:
        """What a formula field is worked out from; None for other fields, and for formulas in formulas beyond any use: these
        can be anything."""
        self._nested += 1
        try:
            yield inlined(node, self.space) if self._nested <= _MOST_NESTED else None
        finally:
            self._nested -= 1

    @property
    def before(self) -> int | None:
        """The variable that says whether there is a before image, where somebody asked."""
        return self._old

    def find(self, node: Node) -> int | None:
        """The variable of a field or record, where somebody asked for it."""
        return self._known.get(_key(node))

    def scalar(self, node: Node) -> int:
        """The variable of a field, path, record, fact or value of a source."""
        key = _key(node)
        if key in self._known:
            return self._known[key]
        given = self.space.type_of(node)
        declared = isinstance(node, FieldOf) and self.space.field(node.table, node.name) is not None
        full = self.coding.everything(given, field=declared)
        narrow = self.space.narrowed(node, full)
        distant = isinstance(node, FieldOf) and (bool(node.hops) or node.row == BEFORE)
        # A field that is worked out over other records can be anything, as far as is known here.
        opaque = isinstance(node, FieldOf) and self.space.worked_out(node.table, node.name)
        own = self._add(key, Variable(node, given, narrow | EMPTY_ONLY if distant else narrow, opaque))
        if isinstance(node, FieldOf):
            self._tie(node, own, narrow)
        return own

    def opaque(self, node: Node) -> int:
        """The variable of what cannot be looked into: the same construct has the same value."""
        if node in self._known:
            return self._known[node]
        full = TRUTHS if node.type == BOOLEAN else self.coding.everything(node.type, field=False)
        counts = isinstance(node, Aggregate | Call) and node.function in _COUNTED
        return self._add(node, Variable(node, node.type, full & numbers(((0, FAR),)) if counts else full, True))

    def clock(self, node: Call) -> int:
        """now() or today(): bound once, never empty."""
        if node in self._known:
            return self._known[node]
        return self._add(node, Variable(node, node.type, self.coding.everything(node.type) & PRESENT))

    def member(self, holder: int, element: int | None, constant: int) -> int:
        """Whether a list holds an element: a variable's value, or (None) a constant."""
        key = ("member", holder, element, constant)
        if key not in self._known:
            self._add(key, Variable(None, BOOLEAN, TRUTHS, element=(holder, element, constant)))
        return self._known[key]

    def _sum(self, parts: Parts) -> int:
        if parts not in self._known:
            self._add(parts, Variable(None, INTEGER, numbers(((-FAR, FAR),)), True, parts))
        return self._known[parts]

    def name_sums(self, node: Node) -> None:
        """How the sums that are new were written, should one stand in the way of an answer."""
        for at in range(len(self.variables) - 1, -1, -1):
            if self.variables[at].parts and self.variables[at].node is None:
                self.variables[at] = replace(self.variables[at], node=node)

    def _add(self, key: Hashable, variable: Variable) -> int:
        self._known[key] = len(self.variables)
        self.variables.append(variable)
        return len(self.variables) - 1

    def _tie(self, node: FieldOf, own: int, narrow: Values) -> None:
        if node.hops:
            table, link, target = node.hops[-1]
            start = self.scalar(FieldOf(node.row, table, node.hops[:-1], link, Type(TypeKind.RECORD, table=target)))
            gone: Formula = Within(start, EMPTY_ONLY)
        elif node.row == BEFORE:
            gone = Within(self._before(), points((0,)))
            start = None
        else:
            start = self.scalar(This(node.row, Type(TypeKind.RECORD, table=node.table)))
            gone = FALSE
        if gone != FALSE:
            self.ties.append(either((negated(gone), Within(own, EMPTY_ONLY))))
            self.ties.append(either((gone, Within(own, narrow))))
        if start is not None:
            self._same_record(node, own, start)

    def _same_record(self, node: FieldOf, own: int, start: int) -> None:
        others = self._targets.setdefault((node.table, node.name), [])
        for value, link in others:
            if link != start:
                self.ties.append(either((negated(equal(link, start)), same(value, own))))
        others.append((own, start))

    def _before(self) -> int:
        if self._old is None:
            self._old = self._add("old", Variable(None, BOOLEAN, TRUTHS))
        return self._old


def _key(node: Node) -> Hashable:
    return (node.row, node.hops, node.name) if isinstance(node, FieldOf) else node


def equal(one: int, two: int) -> Formula:
    """Both are there and the same."""
    there = (Within(one, PRESENT), Within(two, PRESENT))
    return both((*there, Gap(one, 1, two, 1, 0), Gap(two, 1, one, 1, 0)))


def same(one: int, two: int) -> Formula:
    """Equal, or both empty."""
    return either((both((Within(one, EMPTY_ONLY), Within(two, EMPTY_ONLY))), equal(one, two)))
