"""What is known of a record at the moment when something is judged: the state that a trigger or a transition starts from.

A rule judges the record as it is when its turn comes, after routing and earlier rules of the same event. So a state counts as
known only as far as no other rule can have moved the record on."""

from __future__ import annotations

from collections.abc import Iterable, Set

from engine.definition.solver.space import BEFORE
from engine.language.logic import differs, same, there
from engine.model.app import App, Flow, Table, Transition, Trigger
from engine.model.tree import Constant, FieldOf, In, Node
from engine.model.types import BOOLEAN


def at_trigger(app: App, trigger: Trigger, name: str = "") -> tuple[Node, ...]:
    """Conditions that hold when rules or routing of this trigger are judged; `name`: of the rule itself."""
    table = app.tables[trigger.table]
    flow = table.flow
    if flow is None:
        return ()
    if trigger.kind == "created":
        return (_among(table, flow, _moved(app, table, first_states(app, table, flow), name)),)
    if trigger.kind == "enters" and trigger.state is not None:
        states = _moved(app, table, {trigger.state}, name)
        return (
            _among(table, flow, states),
            differs(_state(table, flow, BEFORE), _constant(table, flow, trigger.state)),
        )
    if trigger.kind == "leaves" and trigger.state is not None:
        return (same(_state(table, flow, BEFORE), _constant(table, flow, trigger.state)),)
    return ()


def at_transition(table: Table, flow: Flow, transition: Transition) -> tuple[Node, ...]:
    """Conditions that hold when the guard of a transition is judged and it may go on: the state, and what it needs."""
    needed = (there(FieldOf(0, table.name, (), each, table.types.fields[each])) for each in transition.needs)
    return (_among(table, flow, transition.sources), *needed)


def first_states(app: App, table: Table, flow: Flow) -> set[str]:
    """The states in which records of a table are made; everybody but a connection begins at the beginning."""
    return set(flow.states) if brought(app, table) else {flow.initial}


def brought(app: App, table: Table) -> bool:
    """Does a connection bring the state of these records from outside? Then a new one may be in any state."""
    if table.flow is None:
        return False
    pulls = (pull for connection in app.connections.values() for pull in connection.pulls.values())
    return any(pull.into == table.name and table.flow.field in pull.map for pull in pulls)


def _state(table: Table, flow: Flow, row: int = 0) -> FieldOf:
    return FieldOf(row, table.name, (), flow.field, table.types.fields[flow.field])


def _constant(table: Table, flow: Flow, state: str) -> Constant:
    return Constant(state, table.types.fields[flow.field])


def _among(table: Table, flow: Flow, states: Iterable[str]) -> In:
    return In(_state(table, flow), tuple(_constant(table, flow, each) for each in sorted(states)), BOOLEAN)


def _moved(app: App, table: Table, start: Set[str], name: str) -> set[str]:
    """States into which other rules can have moved the record; once they can, the rule itself may have run before, too."""
    reached = _reached(app, table, start, name)
    return reached if reached == start else _reached(app, table, reached, "")


def _reached(app: App, table: Table, start: Set[str], without: str) -> set[str]:
    flow = table.flow
    assert flow is not None
    taken = {
        str(step.options["transition"])
        for rule in app.rules
        if rule.trigger.table == table.name and rule.name != without
        for step in rule.steps
        if "transition" in step.options
    }
    moves = [flow.transitions[each] for each in taken if each in flow.transitions]
    reached = set(start)
    growing = True
    while growing:
        more = {move.target for move in moves if reached & set(move.sources)} - reached
        reached |= more
        growing = bool(more)
    return reached
