"""What acts by itself in an app, rules and routing tables alike: what each listens to, under which condition it acts and what
it writes. The kinds of steps and triggers say so themselves; no kind is known by name here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.definition.build.rules import RUNNING_POLICIES
from engine.definition.prove.rewriting import YES, conjunction, disjunction, opposite
from engine.kinds.protocols import Listening, Writing
from engine.kinds.registry import Registry
from engine.language.walk import walk
from engine.model.app import App, Routing, Rule, Table, Trigger
from engine.model.diagnostic import Span
from engine.model.tree import Aggregate, Constant, FieldOf, Find, Node

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """One write. `when`: in which case it is done at all (a row of a routing table). The rest as in kinds.protocols.Writing,
    with trees for values."""

    table: str
    kind: str
    own: bool
    values: Mapping[str, Node]
    where: Node | None = None
    transition: str | None = None
    when: Node = YES


@dataclass(frozen=True, slots=True)
class Agent:
    """A rule or a routing table. `acts` are done in order; of `choices` (routing) one at most."""

    path: str
    span: Span
    table: str
    listening: Listening
    condition: Node
    acts: tuple[Act, ...]
    choices: bool = False


def agents(app: App, registry: Registry) -> tuple[Agent, ...]:
    """All of them, in the order in which one event sets them off."""
    routings = (_routing(app, each, registry) for each in app.routings if each.policy in RUNNING_POLICIES)
    return (*routings, *(_rule(each, registry) for each in app.rules))


def _listening(trigger: Trigger, registry: Registry) -> Listening:
    return registry.triggers[trigger.kind].listens(trigger)


def _rule(rule: Rule, registry: Registry) -> Agent:
    written = (w for step in rule.steps for w in registry.steps[step.kind].writes(step, rule.trigger.table))
    condition = rule.condition.node if rule.condition is not None else YES
    listening = _listening(rule.trigger, registry)
    return Agent(f"rules.{rule.name}", rule.span, rule.trigger.table, listening, condition, tuple(map(_act, written)))


def _act(writing: Writing) -> Act:
    values = {name: value.node for name, value in writing.values.items()}
    where = writing.where.node if writing.where is not None else None
    return Act(writing.table, writing.kind, writing.own, MappingProxyType(values), where=where, transition=writing.transition)


def _routing(app: App, routing: Routing, registry: Registry) -> Agent:
    """Under `first` a row counts where none before it does, under `only` where no other does."""
    kind = app.tables[routing.table].fields[routing.decides].type
    conditions = [row.condition.node for row in routing.rows]
    acts = []
    for at, row in enumerate(routing.rows):
        others = conditions[:at] if routing.policy == "first" else [*conditions[:at], *conditions[at + 1 :]]
        when = conjunction([conditions[at], *map(opposite, others)])
        acts.append(_decision(routing, Constant(row.then, kind), when))
    if routing.otherwise is not None:
        acts.append(_decision(routing, Constant(routing.otherwise, kind), opposite(disjunction(conditions))))
    path, listening = f"routing.{routing.name}", _listening(routing.trigger, registry)
    return Agent(path, routing.span, routing.table, listening, YES, tuple(acts), choices=True)


def _decision(routing: Routing, value: Node, when: Node) -> Act:
    return Act(routing.table, "updated", True, MappingProxyType({routing.decides: value}), when=when)


def reads(app: App, node: Node) -> frozenset[Place]:
    """Every field that a value rests on, through formulas too. A table as a whole (of a list or a lookup) is (table, '')."""
    found: set[Place] = set()
    waiting = [node]
    while waiting:
        for each in walk(waiting.pop()):
            for place in _places(each):
                if place not in found:
                    found.add(place)
                    field = app.tables[place[0]].fields.get(place[1])
                    waiting += [field.value.node] if field is not None and field.value is not None else []
    return frozenset(found)


def _places(node: Node) -> Iterator[Place]:
    match node:
        case FieldOf():
            yield (node.table, node.name)
            yield from ((table, link) for table, link, _ in node.hops)
        case Aggregate(table=table, link=link):
            yield (table, "")
            yield from ((table, link),) if link is not None else ()
        case Find(table=table):
            yield (table, "")


def changes(app: App, act: Act) -> frozenset[Place]:
    """Every field that a write may change, formulas that rest on it included; (table, '') for a new record."""
    table = app.tables[act.table]
    if act.kind == "created":
        return frozenset({(act.table, "")})
    names = set(act.values)
    if act.transition is not None and table.flow is not None:
        names |= {table.flow.field, f"{table.flow.transitions[act.transition].target}_at", "waiting"}
    places = {(act.table, name) for name in names}
    formulas = {
        (act.table, field.name)
        for field in table.fields.values()
        if field.value is not None and reads(app, field.value.node) & places
    }
    return frozenset(places | formulas)


def may_set_off(app: App, act: Act, agent: Agent) -> bool:
    """Could this write set the agent off, as far as its trigger goes?"""
    heard = agent.listening
    if act.table != agent.table or act.kind not in heard.kinds:
        return False
    if act.kind == "created":
        return heard.enters is None or _initial(app, act) in (None, heard.enters)
    changed = {name for _, name in changes(app, act)}
    flow = app.tables[act.table].flow
    if heard.enters is not None or heard.leaves is not None:
        if act.transition is None or flow is None:
            return flow is not None and flow.field in act.values
        move = flow.transitions[act.transition]
        return (heard.enters in (None, move.target)) and (heard.leaves is None or heard.leaves in move.sources)
    return not heard.fields or bool(changed & set(heard.fields))


def _initial(app: App, act: Act) -> Any:
    flow = app.tables[act.table].flow
    return flow.initial if flow is not None and flow.field not in act.values else None


def downstream(app: App, every: Iterable[Agent], start: Iterable[Agent]) -> tuple[Agent, ...]:
    """The agents named and all that may follow from what they write, in the order of `every`."""
    known, found = list(every), {agent.path for agent in start}
    growing = True
    while growing:
        acts = [act for agent in known if agent.path in found for act in agent.acts]
        more = {agent.path for agent in known if any(may_set_off(app, act, agent) for act in acts)} - found
        found |= more
        growing = bool(more)
    return tuple(agent for agent in known if agent.path in found)


def brought(app: App, table: Table) -> bool:
    """Does a connection bring the state of these records from outside? Then a new one may be in any state."""
    if table.flow is None:
        return False
    pulls = (pull for connection in app.connections.values() for pull in connection.pulls.values())
    return any(pull.into == table.name and table.flow.field in pull.map for pull in pulls)
