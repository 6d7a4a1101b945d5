"""The one question that proofs ask: is there a record for which a condition holds?

Scalar comparisons joined by and / or / not are always decided (below the budget). What cannot be looked into - aggregates,
lookups, products of fields, functions - is free: the same construct has the same value everywhere, and nothing else is known
of it. So `Impossible` is a proof whatever they do; a `Witness` does not depend on them; all else is `Undecided` and names the
construct on which the answer hangs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.definition.solver.coding import Coding
from engine.definition.solver.conditions import Reader
from engine.definition.solver.evidence import Evidence
from engine.definition.solver.formula import Formula, both, certain, is_product, negated, replaced, variables
from engine.definition.solver.problem import Problem
from engine.definition.solver.search import Budget, Model, Search, TooLarge
from engine.definition.solver.space import Space
from engine.definition.solver.texts import texts
from engine.definition.solver.written import place, written
from engine.model.app import Otherwise
from engine.model.diagnostic import Span
from engine.model.text import Text
from engine.model.tree import Expression, Node

_ROUNDS = 6
_RUN_COST = 60  # of generating and compiling a function, in steps of a search
_TOO_LARGE = Text("条件太大，算不完", "the condition is too large")


@dataclass(frozen=True, slots=True)
class Witness:
    """A record for which it holds: (field or path, JSON value) of all that matters."""

    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Impossible:
    """There is none."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """`construct`: what stands in the way, as it is written; `span`: where."""

    construct: Text
    span: Span


Answer = Witness | Impossible | Undecided


def solve(condition: Node, space: Space, *sources: Expression, given: Iterable[Node] = ()) -> Answer:
    """Is there a possible record for which the condition holds? `sources`: the expressions that it was made of, so that what
    stands in the way can be shown at its place. `given`: see Prover."""
    return Prover(space, (condition,), sources, given).answer(condition)


class Prover:
    """Answers about several conditions on records of one space; each is read once. `given`: what holds for all of these
    records anyway, such as the state at the moment in question; a witness does not repeat it."""

    def __init__(
        self, space: Space, conditions: Iterable[Node], sources: Iterable[Expression] = (), given: Iterable[Node] = ()
    ) -> None:
        conditions, given = tuple(conditions), tuple(given)
        self.space = space
        self.sources = tuple(sources)
        checks = [each for each in space.app.tables[space.table].checks.values() if each.otherwise is Otherwise.REFUSE]
        must = [check.must.node for check in checks]
        self.problem = Problem(space, Coding(texts((*conditions, *must, *given), space)))
        self.reader = Reader(self.problem)
        # By identity: a condition is large, and comparing it would cost more than reading it again.
        self._read: dict[tuple[int, bool], tuple[Node, Formula]] = {}
        self._said: dict[Node, Undecided] = {}
        for condition in conditions:
            self.formula(condition)
        self.given = both(self.formula(each) for each in given)
        self._facts: tuple[Formula, ...] = ()
        self._facts = self._consistent(tuple(self._enforced(must)))

    def _enforced(self, must: Iterable[Node]) -> Iterator[Formula]:
        """Checks that refuse hold for every record; those that ask for more than fields are left aside."""
        for node in must:
            formula = self.formula(node)
            if not any(self.problem.variables[each].opaque for each in variables(formula)):
                yield formula

    def _consistent(self, facts: tuple[Formula, ...]) -> tuple[Formula, ...]:
        """Checks that let no record through at all are a fault of their own; nothing else is concluded from them."""
        return facts if not facts or self.possible(both(facts)) else ()

    def formula(self, condition: Node, wanted: bool = True) -> Formula:
        """The condition, or its opposite, as the search takes it."""
        key = (id(condition), wanted)
        if key not in self._read:
            self._read[key] = (condition, self.reader.read(condition, wanted))
        return self._read[key][1]

    def possible(self, formula: Formula, budget: Budget | None = None) -> bool:
        """May there be a record for which it holds? False is a proof that there is none."""
        try:
            return Search(self.problem, budget or Budget()).find(self._known(formula)) is not None
        except TooLarge:
            return True

    def answer(self, condition: Node) -> Answer:
        """The answer for one condition."""
        try:
            return self.decide(condition, self.formula(condition), Budget())
        except TooLarge:
            return Undecided(_TOO_LARGE, self.sources[0].span if self.sources else Span())

    def _known(self, formula: Formula) -> list[Formula]:
        return [formula, self.given, *self.problem.ties, *self._facts]

    def decide(self, condition: Node, formula: Formula, budget: Budget) -> Answer:
        """The answer for a condition that has been put together as a formula already. Raises TooLarge."""
        search = Search(self.problem, budget)
        known = self._known(formula)
        model = search.find(known)
        if model is None:
            return Impossible()
        first = model
        for _ in range(_ROUNDS):
            leans = self._leans(formula, model)
            # Where the model alone proves nothing, the condition itself can still be run on the whole of it.
            wanted = variables(formula) if leans else self._needed(formula, model)
            evidence = Evidence(self.problem, model, self._clear(wanted))
            run = self._run(evidence, condition, formula, budget)
            if run or (run is None and not leans):
                return Witness(evidence.shown())
            if not leans or is_product(formula):
                break
            against = search.find([negated(replaced(formula, self._given(formula, model)))])
            if against is None:
                return Witness(Evidence(self.problem, model, self._clear(variables(formula))).shown())
            opaque = {v: against[v] for v in variables(formula) if self.problem.variables[v].opaque}
            known.append(replaced(formula, opaque))
            model = search.find(known)
            if model is None:
                break
        return self._undecided(self._blamed(formula, first), condition)

    def at_once(self, formula: Formula) -> Undecided | None:
        """The answer without any search, where each variable is free of the others and one cannot be looked into; the formula
        must be possible variable by variable. None: it takes `decide` to tell."""
        if self.problem.ties or self._facts or not is_product(formula):
            return None
        blind = next((v for v in sorted(variables(formula)) if self.problem.variables[v].blind), None)
        node = self.problem.variables[blind].node if blind is not None else None
        return self._undecided(node, node) if node is not None else None

    def _run(self, evidence: Evidence, condition: Node, formula: Formula, budget: Budget) -> bool | None:
        if any(self.problem.variables[v].blind for v in variables(formula)):
            return None
        budget.spend(_RUN_COST)
        return evidence.holds(condition)

    def _needed(self, formula: Formula, model: Model) -> set[int]:
        """Variables without which the formula would not be certain; what cannot be looked into is given up first."""
        of = self.problem.variables
        needed = {v: model[v] for v in variables(formula)}
        for variable in sorted(needed, key=lambda v: (not of[v].opaque, of[v].element is None, -v)):
            without = {v: value for v, value in needed.items() if v != variable}
            if certain(formula, without):
                needed = without
        return set(needed)

    def _leans(self, formula: Formula, model: Model) -> bool:
        return not certain(formula, self._given(formula, model))

    def _given(self, formula: Formula, model: Model) -> dict[int, int | None]:
        return {v: model[v] for v in variables(formula) if not self.problem.variables[v].opaque}

    def _clear(self, wanted: Iterable[int]) -> set[int]:
        """Those of which a record can tell the value; a sum is told by its parts."""
        of = self.problem.variables
        told = {part for v in wanted for part in ([each for each, _ in of[v].parts] or [v])}
        return {v for v in told if not of[v].opaque}

    def _blamed(self, formula: Formula, model: Model) -> Node | None:
        needed = sorted(self._needed(formula, model))
        return next((self.problem.variables[v].node for v in needed if self.problem.variables[v].opaque), None)

    def _undecided(self, blamed: Node | None, condition: Node) -> Undecided:
        node = blamed if blamed is not None else condition
        if node not in self._said:
            text = written(node, self.space.app)
            places = (place(node, self.space.app, each) for each in self.sources)
            found = (span for each, span in zip(self.sources, places, strict=True) if span != each.span)
            begin = self.sources[0].span if self.sources else Span()
            self._said[node] = Undecided(Text(text, text), next(found, begin))
        return self._said[node]
