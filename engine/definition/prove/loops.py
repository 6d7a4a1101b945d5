"""Rules and routing tables that set each other off without end. What may set off what is a graph; where it has a circle, either
every agent on it is done after one round on a record, or the chain is followed until it has come further than the runtime lets
it go. A circle that surely turns is an error at one of its rules; where the answer hangs on what cannot be looked into, that
is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.definition.messages import diagnose
from engine.definition.outline import IMPLICIT
from engine.definition.prove.agents import Agent, agents
from engine.definition.prove.chains import World
from engine.definition.prove.effort import Effort
from engine.definition.prove.images import legible
from engine.definition.prove.pursuit import Endless, Pursuit, spent
from engine.definition.prove.reach import closure
from engine.kinds.registry import Registry
from engine.model.app import App
from engine.model.change import MAX_DEPTH
from engine.model.diagnostic import Diagnostic
from engine.model.text import Text

# Any record has these, and a loop hardly hangs on them.
_NAMELESS = frozenset(f"{image}{name}" for name in IMPLICIT for image in ("", "old."))


def prove_loops(app: App, registry: Registry) -> Iterator[Diagnostic]:
    """Each circle once. The agent that is told of is taken out before the next is looked for, as publishing leaves it out. When
    the effort is spent, what is left of the graph is told of as it stands."""
    left, effort = agents(app, registry), Effort()
    searching = True
    while searching:
        searching = False
        world = World.of(app, registry, left)
        for circle in world.reach.circles():
            effort.begin()
            found = None if _ends(world, circle, effort) else Pursuit(world, circle, effort).endless()
            if found is not None:
                told = _told(found, circle)
                yield _said(found, told)
                left = tuple(agent for agent in left if agent.path != told.path)
                searching = not effort.exhausted
                if searching:
                    break


def _ends(world: World, group: tuple[Agent, ...], effort: Effort) -> bool:
    """Is every agent on a circle done after one round? On one record only: whoever writes to others may begin anew there."""
    across = (act for agent in group for act in agent.acts if not act.own)
    if len(group) > MAX_DEPTH or any(world.reach.may_set_off(act, agent) for act in across for agent in group):
        return False
    reached = world.reach.downstream(group)
    lasting = [
        agent for agent in group if not spent(world, agent, [each for each in reached if each.path != agent.path], effort)
    ]
    left = {agent.path for agent in lasting}
    after = {path: world.reach.after_own[path] & left for path in left}
    return not any(path in closure(after, after[path]) for path in left)


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
