"""Routing tables: rows that overlap where only one may hold, records that no row takes, rows that are never reached.

An overlap under `only` is an error, since at run time it stops the routing. What hangs on a construct that cannot be looked
into is noted for overlaps and gaps, because silence there would be taken for a proof; a row that may be shadowed or may never
hold is no fault until it is proved, so nothing is said of those. Under `all` rows are meant to hold together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.definition.messages import diagnose
from engine.definition.prove.moments import at_trigger
from engine.definition.prove.words import rows_words, witness_words
from engine.definition.solver.formula import FALSE, Formula, both, hull
from engine.definition.solver.search import Budget, TooLarge
from engine.definition.solver.solve import Impossible, Prover, Undecided, Witness
from engine.definition.solver.space import Space
from engine.definition.solver.values import Values
from engine.language.logic import conjunction, opposite
from engine.language.walk import walk
from engine.model.app import App, Routing
from engine.model.diagnostic import Diagnostic
from engine.model.text import Text
from engine.model.tree import Node

ONLY, FIRST = "only", "first"
MOST_OVERLAPS = 20
MOST_NOTES = 5
STEPS = 50_000
# Parts of the conditions of all rows: reading more than these would take many seconds by itself.
MOST_PARTS = 30_000


def prove_routing(app: App) -> Iterator[Diagnostic]:
    """All routing tables of an app."""
    for routing in app.routings:
        parts = sum(1 for row in routing.rows for _ in walk(row.condition.node))
        if parts > MOST_PARTS:
            yield diagnose("routing-too-large", routing.span, f"routing.{routing.name}", title=routing.title)
        elif routing.rows:
            yield from _Table(app, routing).problems()


@dataclass(slots=True)
class _Row:
    """`reach`: values outside of which the row cannot hold where the routing runs."""

    node: Node
    formula: Formula
    reach: dict[int, Values]


class _Table:
    def __init__(self, app: App, routing: Routing) -> None:
        self.app, self.routing = app, routing
        self.path = f"routing.{routing.name}"
        conditions = [row.condition for row in routing.rows]
        moment = at_trigger(app, routing.trigger)
        self.space = Space.of(app, routing.table, old=routing.trigger.kind != "created")
        self.prover = Prover(self.space, (each.node for each in conditions), conditions, moment)
        self.budget = Budget(STEPS)
        self.rows = [self._row(each.node) for each in conditions]

    def _row(self, node: Node) -> _Row:
        formula = self.prover.formula(node)
        return _Row(node, formula, dict(hull(both((self.prover.given, formula)))))

    def problems(self) -> Iterator[Diagnostic]:
        dead = [number for number in range(len(self.rows)) if self._never(number)]
        for number in dead:
            span = self.routing.rows[number].condition.span
            yield diagnose("row-never-holds", span, f"{self.path}.rows[{number}]", rows=self._named((number,)))
        live = [number for number in range(len(self.rows)) if number not in dead]
        try:
            if self.routing.policy == ONLY:
                yield from self._overlaps(live)
            if self.routing.policy == FIRST:
                yield from self._shadowed(live)
            if self.routing.otherwise is None:
                yield from self._gap(live)
        except TooLarge:
            yield diagnose("routing-too-large", self.routing.span, self.path, title=self.routing.title)

    def _never(self, number: int) -> bool:
        return not self.prover.possible(self.rows[number].formula)

    def _named(self, numbers: Sequence[int]) -> object:
        return rows_words(numbers, self.routing.rows)

    def _overlaps(self, live: list[int]) -> Iterator[Diagnostic]:
        undecided: dict[str, tuple[Undecided, set[int]]] = {}
        found = 0
        for place, second in enumerate(live):
            for first in live[:place]:
                if found >= MOST_OVERLAPS or _apart(self.rows[first].reach, self.rows[second].reach):
                    continue
                answer = self._together(first, second)
                if isinstance(answer, Witness):
                    found += 1
                    yield self._overlap(first, second, answer)
                elif isinstance(answer, Undecided):
                    undecided.setdefault(answer.construct.en, (answer, set()))[1].update((first, second))
        yield from self._notes(list(undecided.values()))

    def _notes(self, undecided: list[tuple[Undecided, set[int]]]) -> Iterator[Diagnostic]:
        """One for each construct; when these are many, one for all."""
        if len(undecided) > MOST_NOTES:
            answer, several = undecided[0][0], set[int]().union(*(rows for _, rows in undecided))
            more = Text(f"{answer.construct.zh} 等 {len(undecided)} 处", f"{answer.construct.en} and {len(undecided) - 1} more")
            undecided = [(Undecided(more, answer.span), several)]
        for answer, rows in undecided:
            span = answer.span if answer.span.line else self.routing.span
            named = self._named(sorted(rows))
            yield diagnose("overlap-undecided", span, self.path, rows=named, construct=answer.construct)

    def _together(self, first: int, second: int) -> Witness | Impossible | Undecided:
        formula = both((self.rows[first].formula, self.rows[second].formula))
        if formula == FALSE:
            return Impossible()
        if (known := self.prover.at_once(formula)) is not None:
            return known
        condition = conjunction([self.rows[first].node, self.rows[second].node])
        return self.prover.decide(condition, formula, self.budget)

    def _overlap(self, first: int, second: int, witness: Witness) -> Diagnostic:
        found = diagnose(
            "routing-overlap",
            self.routing.rows[second].condition.span,
            f"{self.path}.rows[{second}]",
            rows=self._named((first, second)),
            witness=witness_words(witness.values, self.space),
        )
        return replace(found, witness=witness.values)

    def _shadowed(self, live: list[int]) -> Iterator[Diagnostic]:
        for place, number in enumerate(live):
            row = self.rows[number]
            before = [each for each in live[:place] if not _apart(self.rows[each].reach, row.reach)]
            if not before or self._reached(row, before):
                continue
            for each in tuple(before):
                fewer = [other for other in before if other != each]
                before = before if self._reached(row, fewer) else fewer
            span = self.routing.rows[number].condition.span
            rows = self._named((number,))
            yield diagnose("row-shadowed", span, f"{self.path}.rows[{number}]", rows=rows, earlier=self._named(before))

    def _reached(self, row: _Row, before: Sequence[int]) -> bool:
        """May there be a record that none of those rows takes first?"""
        others = (self.prover.formula(self.rows[each].node, False) for each in before)
        return self.prover.possible(both((row.formula, *others)), self.budget)

    def _gap(self, live: list[int]) -> Iterator[Diagnostic]:
        nodes = [self.rows[each].node for each in live]
        formula = both(self.prover.formula(node, False) for node in nodes)
        answer = self.prover.decide(conjunction(map(opposite, nodes)), formula, self.budget)
        if isinstance(answer, Witness):
            words = witness_words(answer.values, self.space)
            found = diagnose("routing-gap", self.routing.span, self.path, title=self.routing.title, witness=words)
            yield replace(found, witness=answer.values)
        elif isinstance(answer, Undecided):
            span = answer.span if answer.span.line else self.routing.span
            yield diagnose("gap-undecided", span, self.path, title=self.routing.title, construct=answer.construct)


def _apart(one: dict[int, Values], two: dict[int, Values]) -> bool:
    return any(variable in two and values.apart(two[variable]) for variable, values in one.items())
