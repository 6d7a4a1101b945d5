"""Rules and routing tables that set each other off without end. What may set off what is a graph; where it has a circle, either
every agent on it is done after one round on a record, or the chain is followed until it has come further than the runtime lets
it go. A circle that surely turns is an error at one of its rules; where the answer hangs on what cannot be looked into, that
is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.definition.messages import diagnose
from engine.definition.prove.agents import Agent, agents, downstream, may_set_off
from engine.definition.prove.chains import World
from engine.definition.prove.images import legible
from engine.definition.prove.pursuit import Endless, Pursuit, spent
from engine.kinds.registry import Registry
from engine.model.app import App
from engine.model.change import MAX_DEPTH
from engine.model.diagnostic import Diagnostic
from engine.model.text import Text

# Says nothing to people: any record has one.
_NAMELESS = ("id", "old.id")


def loops(app: App, registry: Registry) -> Iterator[Diagnostic]:
    """Each circle once. The agent that is told of is taken out before the next is looked for, as publishing leaves it out."""
    left = agents(app, registry)
    searching = True
    while searching:
        searching = False
        world = World.of(app, registry, left)
        for circle in _circles(world):
            found = None if _ends(world, circle) else Pursuit(world, circle).endless()
            if found is not None:
                told = _told(found, circle)
                yield _said(found, told)
                left = tuple(agent for agent in left if agent.path != told.path)
                searching = True
                break


def _circles(world: World) -> Iterator[tuple[Agent, ...]]:
    """Groups of agents each of which may in the end set off all of its group, itself included."""
    seen: set[str] = set()
    for agent in world.every:
        if agent.path not in seen:
            after = _following(world, agent, world.every)
            group = tuple(each for each in after if agent in _following(world, each, world.every))
            seen |= {each.path for each in group}
            if agent in group:
                yield group


def _following(world: World, agent: Agent, among: Sequence[Agent], *, own: bool = False) -> tuple[Agent, ...]:
    """Those that may follow from what an agent writes, at whatever distance; `own`: to the record itself only."""
    within = [replace(each, acts=tuple(act for act in each.acts if act.own)) if own else each for each in among]
    acts = [act for act in agent.acts if act.own or not own]
    first = [each for each in within if any(may_set_off(world.app, act, each) for act in acts)]
    return tuple(each for each in among if each.path in {after.path for after in downstream(world.app, within, first)})


def _ends(world: World, group: tuple[Agent, ...]) -> bool:
    """Is every agent on a circle done after one round? On one record only: whoever writes to others may begin anew there."""
    across = (act for agent in group for act in agent.acts if not act.own)
    if len(group) > MAX_DEPTH or any(may_set_off(world.app, act, agent) for act in across for agent in group):
        return False
    reach = downstream(world.app, world.every, group)
    lasting = [agent for agent in group if not spent(world, agent, [each for each in reach if each.path != agent.path])]
    return not any(agent in _following(world, agent, lasting, own=True) for agent in lasting)


def _told(found: Endless, group: tuple[Agent, ...]) -> Agent:
    """The agent that is blamed: the last rule of the circle, which is the one most likely added to what went well before."""
    turning = [agent for agent in group if agent in found.circle]
    return next((agent for agent in reversed(turning) if not agent.choices), turning[-1])


def _said(found: Endless, told: Agent) -> Diagnostic:
    at = found.circle.index(told)
    turned = (*found.circle[at:], *found.circle[: at + 1])
    chain = " → ".join(f"{agent.path} ({agent.span.file}:{agent.span.line})" for agent in turned)
    if found.unsure is None:
        witness = tuple(pair for pair in found.witness if pair[0] not in _NAMELESS)
        return replace(diagnose("rule-loop", told.span, told.path, chain=chain), witness=witness)
    what = Text(legible(found.unsure.zh), legible(found.unsure.en))
    return diagnose("rule-loop-undecided", told.span, told.path, chain=chain, what=what)
