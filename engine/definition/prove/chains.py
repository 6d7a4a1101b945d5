"""Chains of agents that set each other off, followed symbolically: what must be true of the first record for the chain to have
come so far. The runtime stops a chain that is longer than MAX_DEPTH, so following it one step further decides the matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.definition.prove.agents import Act, Agent, Place
from engine.definition.prove.images import NOW, Image, Moment, new_record
from engine.definition.prove.moments import brought
from engine.definition.prove.reach import Reach
from engine.definition.prove.rewriting import own_fields
from engine.definition.solver.space import BEFORE
from engine.definition.solver.written import written
from engine.kinds.protocols import ValueProblem
from engine.kinds.registry import Registry
from engine.language.logic import NO, YES, conjunction, differs, disjunction, same, there
from engine.language.walk import rewrite
from engine.model.app import App, Field, Otherwise, Table, Transition
from engine.model.tree import Aggregate, Compare, Constant, FieldOf, Find, Node, This
from engine.model.types import BOOLEAN, TEXT, TypeKind


@dataclass(frozen=True, slots=True)
class Event:
    """A write that has been done: the record before and after it, and what must hold for each field to have changed by it."""

    kind: str
    moment: Moment
    changed: Mapping[str, Node]

    def sets_off(self, agent: Agent) -> Node:
        """When it sets the agent's trigger off."""
        heard, now = agent.listening, self.moment
        if agent.table != now.now.table or self.kind not in heard.kinds:
            return NO
        told = [self._moved(heard.enters, came=True), self._moved(heard.leaves, came=False)]
        if self.kind == "updated" and heard.enters is None and heard.leaves is None:
            watched = heard.fields or tuple(self.changed)
            told.append(disjunction(self.changed.get(name, NO) for name in watched))
        return conjunction(told)

    def _moved(self, state: str | None, *, came: bool) -> Node:
        flow = self.moment.app.tables[self.moment.now.table].flow
        if state is None or flow is None:
            return YES
        now = self.moment.field(self.moment.now, flow.field)
        before = self.moment.field(self.moment.before, flow.field) if self.moment.before is not None else Constant(None, TEXT)
        inside, outside = (now, before) if came else (before, now)
        named = Constant(state, inside.type)
        return conjunction([same(inside, named), differs(outside, named)])


@dataclass(frozen=True, slots=True)
class World:
    """What all chains of an app have in common. `restless`: every field that agents may change."""

    app: App
    registry: Registry
    every: tuple[Agent, ...]
    reach: Reach
    restless: frozenset[Place]

    @staticmethod
    def of(app: App, registry: Registry, every: tuple[Agent, ...]) -> World:
        """The world of these agents."""
        reach = Reach.of(app, every)
        restless = frozenset(place for agent in every for act in agent.acts for place in reach.changes(act))
        return World(app, registry, every, reach, restless)

    def begins(self, agent: Agent) -> Iterator[tuple[Event, Node]]:
        """The events with which somebody from outside may set an agent off, and what is then true of the record."""
        table = self.app.tables[agent.table]
        now, old = Image(table.name), Image(table.name, base=BEFORE)
        for kind in sorted(agent.listening.kinds):
            before = None if kind == "created" else now if kind == "deleted" else old
            moment = Moment(self.app, now, before, 0, self.restless)
            changed = {name: differs(moment.field(old, name), moment.field(now, name)) for name in table.types.fields}
            event = Event(kind, moment, MappingProxyType({n: c for n, c in changed.items() if n not in ("version", "waiting")}))
            yield event, self._outset(table, event)

    def _outset(self, table: Table, event: Event) -> Node:
        """What is true of any record that somebody has just written."""
        moment = event.moment
        if event.kind == "updated":
            return conjunction([there(FieldOf(BEFORE, table.name, (), "id", TEXT)), self._came_by_the_flow(table, moment)])
        if event.kind == "deleted" or table.flow is None or brought(self.app, table):
            return YES
        state = moment.field(moment.now, table.flow.field)
        return same(state, Constant(table.flow.initial, state.type))

    def _came_by_the_flow(self, table: Table, moment: Moment) -> Node:
        """A state follows another by a transition, or it is the same."""
        if table.flow is None or moment.before is None:
            return YES
        before, now = (moment.field(image, table.flow.field) for image in (moment.before, moment.now))
        moves = {(source, t.target) for t in table.flow.transitions.values() for source in t.sources}
        pairs = [
            conjunction([same(before, Constant(a, before.type)), same(now, Constant(b, now.type))]) for a, b in sorted(moves)
        ]
        return disjunction([same(before, now), *pairs])

    def fires(self, agent: Agent, event: Event) -> Node:
        """When the agent acts on the event."""
        return conjunction([event.sets_off(agent), event.moment.value(agent.condition)])

    def blurred(self, moment: Moment, others: tuple[Agent, ...]) -> Moment:
        """The record after other agents may have written to it in the meantime, so that some fields are no longer known."""
        places = {place for agent in others for act in agent.acts for place in self.reach.changes(act)}
        table = self.app.tables[moment.now.table]
        names = [name for at, name in sorted(places) if at == table.name and name in table.types.fields]
        stored = [name for name in names if name not in table.fields or table.fields[name].value is None]
        hidden = {name: moment.unknown(name, table.types.fields[name]) for name in stored}
        return replace(moment, now=moment.now.given(hidden)) if hidden else moment

    def follows(self, act: Act, moment: Moment) -> tuple[Event, Node] | None:
        """The event of a write and what must hold for it to be one: that it succeeds and changes something. None: never."""
        if act.kind == "created":
            return self._creates(act, moment)
        return self._changes(act, moment) if act.own else self._finds(act, moment)

    def _changes(self, act: Act, moment: Moment) -> tuple[Event, Node] | None:
        table = self.app.tables[act.table]
        given = {name: self._stored(table.fields[name], moment.value(value)) for name, value in act.values.items()}
        facts: list[Node | None] = [moment.value(act.when), *(fact for _, fact in given.values())]
        values = {name: value for name, (value, _) in given.items()}
        if act.transition is not None and table.flow is not None:
            transition = table.flow.transitions[act.transition]
            if transition.approvals:
                return None  # asked for, never made by itself
            facts += self._move(table, transition, replace(moment, now=moment.now.given(values)))
            values |= {table.flow.field: Constant(transition.target, TEXT), f"{transition.target}_at": NOW}
        after = Moment(self.app, moment.now.given(values), moment.now, moment.tick + 1, self.restless)
        touched = {name for at, name in self.reach.changes(act) if at == table.name and name in table.types.fields}
        changed = {
            name: differs(after.field(moment.now, name), after.field(after.now, name)) for name in sorted(touched - {"waiting"})
        }
        facts += [after.value(must) for must in self._musts(table)]
        return Event("updated", after, MappingProxyType(changed)), conjunction([*facts, disjunction(changed.values())])

    def _move(self, table: Table, transition: Transition, moment: Moment) -> Iterator[Node]:
        assert table.flow is not None
        state = moment.field(moment.now, table.flow.field)
        yield disjunction(same(state, Constant(source, state.type)) for source in transition.sources)
        if transition.guard is not None:
            yield moment.value(transition.guard.node)
        yield from (there(moment.field(moment.now, name)) for name in transition.needs)

    def _musts(self, table: Table) -> Iterator[Node]:
        """Checks that refuse, as far as they speak of the record alone."""
        for check in table.checks.values():
            if check.otherwise is Otherwise.REFUSE and own_fields(check.must.node):
                yield check.must.node

    def _creates(self, act: Act, moment: Moment) -> tuple[Event, Node] | None:
        table = self.app.tables[act.table]
        given = {name: self._stored(table.fields[name], moment.value(value)) for name, value in act.values.items()}
        image = new_record(table, {name: value for name, (value, _) in given.items()}, moment)
        after = Moment(self.app, image, None, moment.tick + 1, self.restless)
        facts = [fact for _, fact in given.values()]
        needed = [there(after.field(image, name)) for name, field in table.fields.items() if field.required]
        musts = [after.value(must) for must in self._musts(table)]
        event = Event("created", after, MappingProxyType({}))
        return event, conjunction([moment.value(act.when), *facts, *needed, *musts])

    def _stored(self, field: Field, value: Node) -> tuple[Node, Node | None]:
        """The value as it is kept, and what must hold for it to be taken."""
        if isinstance(value, Constant) and value.value is not None:
            raw = value.value
            kind = self.registry.fields[field.kind]
            try:
                return replace(
                    value, value=kind.parse(raw if isinstance(raw, str | int) else kind.to_json(raw, field), field)
                ), None
            except ValueProblem:
                return value, NO
        bounds = [(sign, field.options.get(key)) for sign, key in ((">=", "min"), ("<=", "max"))]
        limits = [
            Compare(sign, value, Constant(limit, field.type), BOOLEAN)
            for sign, limit in bounds
            if limit is not None and value.type.kind is TypeKind.NUMBER
        ]
        empty = Compare("==", value, Constant(None, field.type), BOOLEAN)
        return value, disjunction([empty, conjunction(limits)]) if limits else None

    def _finds(self, act: Act, moment: Moment) -> tuple[Event, Node] | None:
        """A write to other records: the chain goes on with one of them, of which no more is known than that it was looked for.
        What it was looked for by is of another record then, and no longer known."""
        here = Moment(self.app, Image(act.table), None, moment.tick, self.restless)

        def seen(node: Node) -> Node | None:
            match node:
                case Aggregate() | Find():
                    return here.unknown(node, node.type)
                case FieldOf(row=1) | This(row=1):
                    return replace(node, row=0)
                case FieldOf() | This():
                    value = moment.value(node)
                    return value if isinstance(value, Constant) else here.unknown(f"this.{written(node, self.app)}", node.type)
            return None

        where = rewrite(act.where, seen) if act.where is not None else YES
        values = {name: rewrite(value, seen) for name, value in act.values.items()}
        followed = self._changes(Act(act.table, "updated", True, MappingProxyType(values)), here)
        return None if followed is None else (followed[0], conjunction([where, followed[1]]))
