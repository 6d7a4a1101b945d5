"""Following the chains of one circle of agents, deeper than the runtime would let them go, or until each comes to its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.definition.prove.agents import Agent
from engine.definition.prove.chains import Event, World
from engine.definition.prove.images import Moment
from engine.definition.prove.rewriting import NO, YES, conjunction, same
from engine.definition.solver.solve import Answer, Impossible, Undecided, Witness, solve
from engine.definition.solver.space import Space
from engine.language.walk import walk
from engine.model.change import MAX_DEPTH
from engine.model.text import Text
from engine.model.tree import Constant, Node

# Parts of conditions that the solver reads for one circle, and for all circles of an app.
MOST_PARTS, MOST_PARTS_OF_ALL = 50_000, 200_000
_TOO_MANY = Text("要查的先后次序太多", "too many orders of events")


@dataclass(frozen=True, slots=True)
class Endless:
    """A circle that turns, in order. `unsure`: what the answer hangs on, where it is not sure. `witness`: a record with which
    it begins."""

    circle: tuple[Agent, ...]
    unsure: Text | None
    witness: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A chain so far. `table`: of the record its facts are about; `doubt`: what earlier parts of it, about other records, hang
    on; `witness`: the record of the first part."""

    chain: tuple[Agent, ...]
    table: str
    facts: Node
    doubt: Text | None = None
    witness: tuple[tuple[str, Any], ...] | None = None


@dataclass(slots=True)
class Pursuit:
    """One search. `asked` counts the parts of all questions put to the solver; one that asks `most` ends undecided."""

    world: World
    group: tuple[Agent, ...]
    most: int = MOST_PARTS
    asked: int = 0
    unsure: Endless | None = None
    _known: dict[tuple[str, Node], Answer] = field(default_factory=dict)

    def endless(self) -> Endless | None:
        """A circle that surely turns; else one that may; else None, and then there is none."""
        for agent in self.group:
            for event, facts in self.world.begins(agent):
                found = self._fire(Path((), agent.table, facts), agent, event)
                if found is not None:
                    return found
        if self.asked > self.most and self.unsure is None:
            return Endless(self.group, _TOO_MANY, ())
        return self.unsure

    def _ask(self, table: str, facts: Node) -> Answer:
        if (table, facts) not in self._known:
            self.asked += sum(1 for _ in walk(facts))
            self._known[table, facts] = solve(facts, Space.of(self.world.app, table, old=True))
        return self._known[table, facts]

    def _fire(self, path: Path, agent: Agent, event: Event) -> Endless | None:
        """The agent acts on an event, and all that may follow."""
        if self.asked > self.most:
            return None
        moment = self._meanwhile(path, agent, event)
        condition = moment.value(agent.condition)
        facts = conjunction([path.facts, event.sets_off(agent), condition])
        answer = self._ask(path.table, facts)
        if isinstance(answer, Impossible):
            return None
        here = replace(path, chain=(*path.chain, agent), facts=facts)
        if len(here.chain) > MAX_DEPTH:
            return self._turns(here, answer)
        for position in range(len(agent.acts)):
            found = self._act(here, agent, moment, position)
            if found is not None:
                return found
        return None

    def _meanwhile(self, path: Path, agent: Agent, event: Event) -> Moment:
        """The record when its turn comes: agents before it may have written what it reads, and what follows from them."""
        others: list[Agent] = []
        for other in self.world.every[: self.world.every.index(agent)]:
            if event.sets_off(other) == NO or not _writes(self.world, other, event.moment.now.table):
                continue
            facts = conjunction([path.facts, self.world.fires(other, event)])
            if not isinstance(self._ask(path.table, facts), Impossible):
                others.append(other)
        return self.world.blurred(event.moment, self.world.reach.downstream(others)) if others else event.moment

    def _act(self, path: Path, agent: Agent, moment: Moment, position: int) -> Endless | None:
        """The chain goes on from one of the agent's writes; those before it have been done, with what followed from them."""
        for facts, reached in _before(self.world, agent, moment, position):
            step = self.world.follows(agent.acts[position], reached)
            if step is None:
                return None
            event, more = step
            next_path = self._onward(path, agent.acts[position].own, event, (facts, more))
            for other in self.group if next_path is not None else ():
                assert next_path is not None
                if event.sets_off(other) != NO and (found := self._fire(next_path, other, event)) is not None:
                    return found
        return None

    def _onward(self, path: Path, own: bool, event: Event, facts: tuple[Node, Node]) -> Path | None:
        """The path after a write. Where it goes on with another record that was there before, its facts begin anew."""
        before, more = facts
        if own or event.kind == "created":
            return replace(path, facts=conjunction([path.facts, before, more]))
        answer = self._ask(path.table, conjunction([path.facts, before]))
        if isinstance(answer, Impossible):
            return None
        doubt = path.doubt or (answer.construct if isinstance(answer, Undecided) else None)
        witness = path.witness if path.witness is not None else answer.values if isinstance(answer, Witness) else ()
        return Path(path.chain, event.moment.now.table, more, doubt, witness)

    def _turns(self, path: Path, answer: Answer) -> Endless | None:
        """It has come further than the runtime would let it."""
        circle = _circle(path.chain)
        doubt = path.doubt or (answer.construct if isinstance(answer, Undecided) else None)
        if doubt is not None:
            self.unsure = self.unsure or Endless(circle, doubt, ())
            return None
        told = answer.values if isinstance(answer, Witness) else ()
        return Endless(circle, None, path.witness if path.witness is not None else told)


def _circle(chain: Sequence[Agent]) -> tuple[Agent, ...]:
    """The last round of a chain that is longer than there are agents."""
    paths = [agent.path for agent in chain]
    last = max(at for at, path in enumerate(paths) if path in paths[:at])
    first = max(at for at in range(last) if paths[at] == paths[last])
    return tuple(chain[first:last])


def _writes(world: World, agent: Agent, table: str) -> bool:
    """Does anything that follows from the agent write to records of this table?"""
    after = world.reach.downstream([agent])
    return any(at == table and name for each in after for act in each.acts for at, name in world.reach.changes(act))


def _before(world: World, agent: Agent, moment: Moment, position: int) -> Iterator[tuple[Node, Moment]]:
    """The record after the writes before one of an agent's, and what must hold for that: each may have changed nothing. A
    routing table makes one choice only."""
    if agent.choices or position == 0:
        yield YES, moment
        return
    for facts, reached in _before(world, agent, moment, position - 1):
        act = agent.acts[position - 1]
        step = world.follows(act, reached)
        if step is None:
            return
        if not act.own:
            yield facts, _later(world, agent, position, reached)
            continue
        event, _ = step
        yield facts, _later(world, agent, position, replace(event.moment, before=moment.before))


def _later(world: World, agent: Agent, position: int, moment: Moment) -> Moment:
    """What followed from the writes before may have written too, the agent itself included."""
    done = agent.acts[:position]
    after = world.reach.downstream(world.reach.set_off(done))
    return world.blurred(moment, after) if after else moment


def spent(world: World, agent: Agent, others: Sequence[Agent]) -> bool:
    """Once it has acted on a record, is there nothing left to do for it there, whatever the others write?"""
    if agent.listening.kinds == {"created"}:
        return True
    return not any(_again(world, agent, tuple(others), facts, event) for event, facts in world.begins(agent))


def _again(world: World, agent: Agent, others: tuple[Agent, ...], facts: Node, event: Event) -> bool:
    space = Space.of(world.app, agent.table, old=True)
    # When its turn comes the first time, others may have written before it already.
    moment = world.blurred(event.moment, others)
    first = conjunction([facts, event.sets_off(agent), moment.value(agent.condition)])
    for position in range(len(agent.acts)):
        for before, reached in _before(world, agent, moment, position):
            step = world.follows(agent.acts[position], reached)
            if step is None:
                continue
            later = world.blurred(step[0].moment, others)
            known = conjunction([first, before, step[1], _in_state(world, agent, later), later.value(agent.condition)])
            for again in range(len(agent.acts)):
                for more, once in _before(world, agent, later, again):
                    second = world.follows(agent.acts[again], once)
                    if second is None:
                        continue
                    if not isinstance(solve(conjunction([known, more, second[1]]), space), Impossible):
                        return True
    return False


def _in_state(world: World, agent: Agent, moment: Moment) -> Node:
    flow = world.app.tables[agent.table].flow
    if agent.listening.enters is None or flow is None:
        return YES
    state = moment.field(moment.now, flow.field)
    return same(state, Constant(agent.listening.enters, state.type))
