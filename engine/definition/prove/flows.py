"""Flows that lead nowhere: states that nothing enters or leaves, moves that nobody may make, and roles that a flow asks for
what they cannot do. Each question is put to the solver with the guard, the role's scope and the state together. What cannot be
decided counts as possible: a guard over a list is not suspected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.definition.messages import diagnose
from engine.definition.prove.approvals import approvals
from engine.definition.prove.moments import brought, first_states
from engine.definition.prove.sight import Sight
from engine.definition.solver.solve import Prover
from engine.definition.solver.space import Space
from engine.kinds.registry import Registry
from engine.language.logic import conjunction
from engine.model.app import App, Flow, State, Table, Transition
from engine.model.diagnostic import Diagnostic
from engine.model.text import Text
from engine.model.tree import Compare, Constant, FieldOf, Node
from engine.model.types import BOOLEAN

SYSTEM = "system"
# Worked out or drawn by the engine: no role could fill them in.
_BY_ITSELF = frozenset({"formula", "serial", "state"})


def prove_flows(app: App, registry: Registry) -> Iterator[Diagnostic]:
    """Every flow of the app."""
    for table in app.tables.values():
        if table.flow is not None:
            course = Course(app, registry, table, table.flow)
            yield from _states(course)
            for transition in table.flow.transitions.values():
                yield from _transition(course, transition)


@dataclass(frozen=True, slots=True)
class Course:
    """One table's flow and the questions that are asked of it."""

    app: App
    registry: Registry
    table: Table
    flow: Flow

    def inside(self, state: str) -> Node:
        """The record is in this state."""
        field = self.table.fields[self.flow.field]
        return Compare("==", FieldOf(0, self.table.name, (), field.name, field.type), Constant(state, field.type), BOOLEAN)

    def possible(self, *conditions: Node | None) -> bool:
        """Can there be a record for which all of them hold?"""
        condition = conjunction(conditions)
        prover = Prover(Space.of(self.app, self.table.name), (condition,))
        return prover.possible(prover.formula(condition))

    def opens(self, transition: Transition, state: str) -> bool:
        """Is there a record in this state that the guard lets through?"""
        return self.possible(self.inside(state), _guard(transition))

    def takes(self, role: str, transition: Transition, state: str) -> bool:
        """Does the role see a record in this state that the guard lets through?"""
        scope = Sight(self.app, role).scope(self.table.name)
        return scope is not None and self.possible(scope, self.inside(state), _guard(transition))

    def by_itself(self, transition: Transition) -> bool:
        """Does anything take it as system: a rule, an alert, a connection that brings states?"""
        return SYSTEM in transition.by and (brought(self.app, self.table) or any(self._moves(transition)))

    def _moves(self, transition: Transition) -> Iterator[bool]:
        levels = ((alert.table, level.steps) for alert in self.app.alerts for level in alert.levels)
        for table, steps in (*((rule.trigger.table, rule.steps) for rule in self.app.rules), *levels):
            for step in steps:
                writings = self.registry.steps[step.kind].writes(step, table)
                yield from (w.table == self.table.name and w.transition == transition.name for w in writings)

    def taken(self, transition: Transition, state: str) -> bool:
        """Can anybody, or anything, take it from this state?"""
        if self.by_itself(transition) and self.opens(transition, state):
            return True
        return any(self.takes(role, transition, state) for role in transition.by if role != SYSTEM)


def _guard(transition: Transition) -> Node | None:
    return transition.guard.node if transition.guard is not None else None


def _states(course: Course) -> Iterator[Diagnostic]:
    """States that no record ever enters, and states that no record ever leaves."""
    flow, path = course.flow, f"tables.{course.table.name}.flow.states"
    moves = [(s, t.target) for t in flow.transitions.values() for s in t.sources]
    real = {(t.name, s): course.taken(t, s) for t in flow.transitions.values() for s in t.sources}
    starts = first_states(course.app, course.table, flow)
    drawn = _reached(starts, moves)
    entered = _reached(starts, [(s, flow.transitions[name].target) for (name, s), yes in real.items() if yes])
    for state in flow.states.values():
        leaving = [name for (name, source) in real if source == state.name]
        here = f"{path}.{state.name}"
        if state.name not in drawn:
            yield diagnose("unreachable-state", state.span, here, name=state.name)
        elif not state.final and not leaving:
            yield diagnose("dead-end-state", state.span, here, name=state.name)
        elif state.name not in entered and _first_cut(state, moves, entered):
            into = [name for name, t in flow.transitions.items() if t.target == state.name]
            yield diagnose("never-entered", state.span, here, name=state.name, moves=_listed(into))
        elif state.name in entered and not state.final and not any(real[name, state.name] for name in leaving):
            yield diagnose("never-left", state.span, here, name=state.name, moves=_listed(leaving))


def _first_cut(state: State, moves: Iterable[tuple[str, str]], entered: set[str]) -> bool:
    """Is it the first state behind the break? Those after it would only repeat it."""
    return any(target == state.name and source in entered for source, target in moves)


def _reached(starts: Iterable[str], moves: Iterable[tuple[str, str]]) -> set[str]:
    steps, reached = list(moves), set(starts)
    while more := {target for source, target in steps if source in reached} - reached:
        reached |= more
    return reached


def _transition(course: Course, transition: Transition) -> Iterator[Diagnostic]:
    path = f"tables.{course.table.name}.flow.transitions.{transition.name}"
    if not any(course.opens(transition, state) for state in transition.sources):
        return  # a guard that never holds is told of by engine.definition.prove.never
    roles = [role for role in transition.by if role != SYSTEM]
    if not roles and not course.by_itself(transition):
        yield diagnose("nobody-takes", transition.span, f"{path}.by", name=transition.name)
    for role in roles:
        yield from _role(course, transition, role, path)
    yield from approvals(course.app, course.table, transition, [course.inside(state) for state in transition.sources])


def _role(course: Course, transition: Transition, role: str, path: str) -> Iterator[Diagnostic]:
    """What the flow asks of one role."""
    sight = Sight(course.app, role)
    if sight.permission(course.table.name) is None:
        yield diagnose("role-blind", transition.span, f"{path}.by", role=role, name=transition.name, table=course.table.name)
        return
    states = [state for state in transition.sources if course.takes(role, transition, state)]
    if not states:
        listed = _listed(transition.sources)
        yield diagnose("role-never-there", transition.span, f"{path}.by", role=role, name=transition.name, states=listed)
        return
    for name in transition.needs:
        field = course.table.fields.get(name)
        if field is None or field.kind in _BY_ITSELF or field.required or field.default is not None:
            continue
        grant = course.app.permissions[role][course.table.name]
        if grant.create is not None and name in grant.create.fields:
            continue
        if name not in grant.edit:
            yield diagnose("role-cannot", transition.span, f"{path}.needs", role=role, name=transition.name, field=name)
        elif not any(_fills(course, sight, name, state) for state in states):
            span, when = grant.edit[name].span, _listed(states)
            yield diagnose("role-cannot-then", span, f"{path}.needs", role=role, name=transition.name, field=name, states=when)


def _fills(course: Course, sight: Sight, field: str, state: str) -> bool:
    """May the role set the field while the record is in this state, as it may be when the move is made?"""
    grant = course.app.permissions[sight.role][course.table.name]
    condition = grant.edit[field].condition
    return course.possible(sight.records(grant), course.inside(state), condition.node if condition is not None else None)


def _listed(names: Iterable[str]) -> Text:
    found = list(names)
    return Text("、".join(found), ", ".join(found))
