"""What acts by itself in an app, rules and routing tables alike: what each listens to, under which condition it acts and what
it writes. The kinds of steps and triggers say so themselves; no kind is known by name here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.definition.build.rules import RUNNING_POLICIES
from engine.kinds.protocols import Listening, Writing
from engine.kinds.registry import Registry
from engine.language.logic import YES, conjunction, disjunction, opposite
from engine.language.walk import walk
from engine.model.app import App, Routing, Rule, Trigger
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
