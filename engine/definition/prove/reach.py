"""What may set off what, as far as triggers and fields go: the graph in which circles are looked for. Worked out once for an
app, since a large one has hundreds of rules; conditions are not looked at here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.definition.prove.agents import Act, Agent, Place, reads
from engine.model.app import App


@dataclass(frozen=True, slots=True)
class Reach:
    """`formulas`: of each table, name and what it rests on. `after`: whom each agent may set off, by paths; `after_own`: by
    what it writes to the record itself."""

    app: App
    every: tuple[Agent, ...]
    formulas: Mapping[str, tuple[tuple[str, frozenset[Place]], ...]]
    after: Mapping[str, frozenset[str]]
    after_own: Mapping[str, frozenset[str]]

    @staticmethod
    def of(app: App, every: tuple[Agent, ...]) -> Reach:
        """The graph of these agents."""
        written = {act.table for agent in every for act in agent.acts}
        formulas = {
            name: tuple((f.name, reads(app, f.value.node)) for f in app.tables[name].fields.values() if f.value is not None)
            for name in written
        }
        bare = Reach(app, every, MappingProxyType(formulas), MappingProxyType({}), MappingProxyType({}))
        listening: dict[str, list[Agent]] = {}
        for agent in every:
            listening.setdefault(agent.table, []).append(agent)
        after, own = {}, {}
        for agent in every:
            told = [(act, bare.changes(act)) for act in agent.acts]
            pairs = [(a, other) for a, names in told for other in listening.get(a.table, ()) if bare.hears(other, a, names)]
            after[agent.path] = frozenset(other.path for _, other in pairs)
            own[agent.path] = frozenset(other.path for act, other in pairs if act.own)
        return Reach(app, every, bare.formulas, MappingProxyType(after), MappingProxyType(own))

    def changes(self, act: Act) -> frozenset[Place]:
        """Every field that a write may change, formulas that rest on it included; (table, '') for a new record."""
        table = self.app.tables[act.table]
        if act.kind == "created":
            return frozenset({(act.table, "")})
        names = set(act.values)
        if act.transition is not None and table.flow is not None:
            names |= {table.flow.field, f"{table.flow.transitions[act.transition].target}_at", "waiting"}
        places = {(act.table, name) for name in names}
        rest = self.formulas.get(act.table, ())
        return frozenset(places | {(act.table, name) for name, rests_on in rest if rests_on & places})

    def may_set_off(self, act: Act, agent: Agent) -> bool:
        """Could this write set the agent off, as far as its trigger goes?"""
        return self.hears(agent, act, self.changes(act))

    def hears(self, agent: Agent, act: Act, changed: frozenset[Place]) -> bool:
        """The same with what the write changes, worked out once for all agents that may hear of it."""
        heard = agent.listening
        if act.table != agent.table or act.kind not in heard.kinds:
            return False
        flow = self.app.tables[act.table].flow
        if act.kind == "created":
            return heard.enters is None or self._first_state(act) in (None, heard.enters)
        if heard.enters is not None or heard.leaves is not None:
            if act.transition is None or flow is None:
                return flow is not None and flow.field in act.values
            move = flow.transitions[act.transition]
            return heard.enters in (None, move.target) and (heard.leaves is None or heard.leaves in move.sources)
        return not heard.fields or any(name in heard.fields for _, name in changed)

    def _first_state(self, act: Act) -> Any:
        flow = self.app.tables[act.table].flow
        return flow.initial if flow is not None and flow.field not in act.values else None

    def set_off(self, acts: Sequence[Act]) -> tuple[Agent, ...]:
        """Those that these writes may set off at once."""
        return tuple(each for each in self.every if any(self.may_set_off(act, each) for act in acts))

    def downstream(self, start: Iterable[Agent]) -> tuple[Agent, ...]:
        """The agents named and all that may follow from what they write, in order."""
        found = closure(self.after, {agent.path for agent in start})
        return tuple(agent for agent in self.every if agent.path in found)

    def circles(self) -> list[tuple[Agent, ...]]:
        """Groups of agents each of which may in the end set off all of its group, itself included."""
        following = {path: closure(self.after, after) for path, after in self.after.items()}
        groups, seen = [], set[str]()
        for agent in self.every:
            if agent.path not in seen and agent.path in following[agent.path]:
                group = {path for path in following[agent.path] if agent.path in following[path]}
                seen |= group
                groups.append(tuple(each for each in self.every if each.path in group))
        return groups


def closure(after: Mapping[str, frozenset[str]], start: Iterable[str]) -> set[str]:
    """All that can be come to, the start included."""
    found, waiting = set(start), list(start)
    while waiting:
        more = after.get(waiting.pop(), frozenset()) - found
        found |= more
        waiting += more
    return found
