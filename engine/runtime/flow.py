"""Moves through a flow. One function says what is allowed and why not; pages, REST and the write path all ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.access.decide import SYSTEM, YES, Decision
from engine.language.sentence import sentence
from engine.model.app import Flow, Show, Table, Transition
from engine.model.change import Actor
from engine.model.problem import Fault, Problem, Remedy
from engine.model.text import Text
from engine.runtime.work import Work


@dataclass(frozen=True, slots=True)
class Move:
    """One transition that leaves the record's state. `needs`: fields still empty that it asks for (they may come with it), as
    far as the actor knows of them; `lacks`: there are some at all."""

    transition: Transition
    decision: Decision
    code: str = ""
    needs: tuple[str, ...] = ()
    lacks: bool = False


def moves(work: Work, table: Table, record: Mapping[str, Any], actor: Actor) -> list[Move]:
    """Every transition out of the record's present state, with the decision for this actor, as the record stands."""
    if table.flow is None:
        return []
    state = record[table.flow.field]
    leaving = (t for t in table.flow.transitions.values() if state in t.sources)
    return [_move(work, table, transition, record, actor) for transition in leaving]


def seen_moves(work: Work, table: Table, record: Mapping[str, Any], actor: Actor) -> list[Move]:
    """The same for telling: none to whoever may not read the state that they leave."""
    return moves(work, table, record, actor) if _reads_state(work, table, record, actor) else []


def _reads_state(work: Work, table: Table, record: Mapping[str, Any], actor: Actor) -> bool:
    access, flow = work.program.access, table.flow
    if flow is None or actor.kind == SYSTEM or access.reads_column(actor, table.name, flow.field):
        return True
    return access.shown(actor, table.name, record, work.facts).get(flow.field) is Show.ALWAYS


def _move(work: Work, table: Table, transition: Transition, record: Mapping[str, Any], actor: Actor) -> Move:
    code, decision = _who(work, transition, actor)
    if decision.allowed and transition.guard is not None and not work.program.compiled(transition.guard, record, work.facts):
        if work.program.access.tells(actor, transition.guard):
            when = sentence(transition.guard, work.program.app, table.name)
            reason = Text("「{move}」要求{when}", "{move} requires that {when}").fill(move=transition.title, when=when)
        else:
            reason = Text("现在还不能「{move}」", "{move} is not possible yet").fill(move=transition.title)
        code, decision = "guard", Decision(False, reason, transition.guard.span)
    if decision.allowed and transition.approvals:
        reason = Text(
            "「{move}」需要审批；审批还没有运行，所以现在不能做",
            "{move} needs approvals, which are not running yet, so it cannot be done now",
        ).fill(move=transition.title)
        code, decision = "not_running_yet", Decision(False, reason, transition.approvals[0].span)
    lacking = [name for name in transition.needs if record.get(name) is None]
    known = work.program.access.known(actor, table.name) if lacking else frozenset()
    return Move(transition, decision, code, tuple(n for n in lacking if n in known), len(lacking) > 0)


def _who(work: Work, transition: Transition, actor: Actor) -> tuple[str, Decision]:
    if actor.kind == SYSTEM:
        if SYSTEM in transition.by:
            return "", YES
        reason = Text("「{move}」没有允许系统来做（by 里没有 system）", "{move} does not name system in its `by`").fill(
            move=transition.title
        )
        return "not_for_system", Decision(False, reason, transition.span)
    if actor.roles & set(transition.by):
        return "", YES
    roles = [work.program.app.roles[name].title for name in transition.by if name in work.program.app.roles]
    who = Text("、".join(r.zh for r in roles) or "系统", " or ".join(r.en for r in roles) or "the system")
    reason = Text("「{move}」由{who}来做", "{move} is done by {who}").fill(move=transition.title, who=who)
    return "not_your_transition", Decision(False, reason, transition.span)


def require_move(
    work: Work, table: Table, name: str, before: Mapping[str, Any], record: Mapping[str, Any], actor: Actor
) -> Move:
    """The transition, if this actor may take it now; else the Problem that says why and what would work. `before` holds the
    state; `record` the values that come with the move."""
    flow, told = table.flow, _reads_state(work, table, before, actor)
    wanted = flow.transitions.get(name) if flow is not None else None
    if flow is None or wanted is None or not (told or _who(work, wanted, actor)[1].allowed):
        detail = Text(f"这张表的流程里没有「{name}」", f"There is no transition {name} in this flow")
        raise Problem(404, "unknown_transition", Text("没有这个流转", "No such transition"), detail)
    possible = moves(work, table, {**record, flow.field: before[flow.field]}, actor)
    move = next((m for m in possible if m.transition.name == name), None)
    able = [m.transition for m in possible if m.decision.allowed and told]
    remedies = tuple(Remedy("transition", transition.name, transition.title) for transition in able)
    if move is None:
        raise _no_way(flow, wanted, before[flow.field], remedies) if told else _not_now(wanted)
    if not move.decision.allowed:
        raise _refused(move, remedies)
    if move.lacks:
        raise _lacking(table, move)
    return move


def _not_now(wanted: Transition) -> Problem:
    """For who may take the transition but not read the state."""
    detail = Text("现在不能「{move}」", "{move} cannot be done now").fill(move=wanted.title)
    return Problem(409, "no_such_move", detail, detail, (Fault("", "no_such_move", detail, wanted.span),))


def _no_way(flow: Flow, wanted: Transition, state: str, remedies: tuple[Remedy, ...]) -> Problem:
    here, there = flow.states[state].title, flow.states[wanted.target].title
    title = Text("不能从「{here}」直接到「{there}」", "Cannot go from {here} straight to {there}").fill(here=here, there=there)
    can = [flow.states[flow.transitions[r.name].target].title for r in remedies]
    if can:
        ways = Text("、".join(c.zh for c in can), ", ".join(c.en for c in can))
        detail = Text("状态流转里没有这一步。可以先到：{ways}", "The flow has no such step. Possible from here: {ways}").fill(
            ways=ways
        )
    else:
        detail = Text(
            "状态流转里没有这一步，您在这个状态也没有可做的流转", "The flow has no such step, and you have no move from here"
        )
    return Problem(409, "no_such_move", title, detail, (Fault("", "no_such_move", detail, wanted.span),), remedies)


def _refused(move: Move, remedies: tuple[Remedy, ...]) -> Problem:
    assert move.decision.reason is not None
    title = Text("不能「{move}」", "Cannot {move}").fill(move=move.transition.title)
    fault = Fault("", move.code, move.decision.reason, move.decision.span)
    status = 403 if move.code in ("not_your_transition", "not_for_system") else 409
    return Problem(status, move.code, title, move.decision.reason, (fault,), remedies)


def _lacking(table: Table, move: Move) -> Problem:
    fields = [table.fields[name] for name in move.needs]
    if not fields:
        detail = Text("「{move}」之前还要填的内容，您看不到", "{move} needs something first that you cannot see")
        detail = detail.fill(move=move.transition.title)
        return Problem(
            422, "needs", Text("还缺内容", "Something is missing"), detail, (Fault("", "needed", detail, move.transition.span),)
        )
    names = Text("、".join(f"「{f.title.zh}」" for f in fields), ", ".join(f.title.en for f in fields))
    detail = Text("「{move}」之前要先填{names}", "{move} needs {names} first").fill(move=move.transition.title, names=names)
    faults = tuple(
        Fault(f.name, "needed", Text("请填「{field}」", "{field} is needed").fill(field=f.title), move.transition.span)
        for f in fields
    )
    remedies = tuple(Remedy("fill", f.name, f.title) for f in fields)
    return Problem(422, "needs", Text("还缺内容", "Something is missing"), detail, faults, remedies)
