"""The gate's questions on the write path: may this actor set these fields, and does the record stay in the actor's scope?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.access import words
from engine.access.decide import SYSTEM, Decision, reads_something
from engine.model.app import Table
from engine.model.change import Actor
from engine.model.problem import Fault, Problem, Remedy, invalid, missing, refused
from engine.model.text import Text
from engine.runtime.flow import seen_moves
from engine.runtime.values import unknown
from engine.runtime.work import Work
from engine.storage import pulls
from engine.storage.prepared import Lock

Record = Mapping[str, Any]


def load(work: Work, table: Table, id: str, actor: Actor, lock: Lock = Lock.WRITE) -> Record:
    """The record before the write, which from here on is ours; one out of sight is missing."""
    before = work.facts.held(table.name, id, lock)
    if before is None or not work.program.access.sees(actor, table.name, before, work.facts):
        raise missing()
    return before


def require_known(work: Work, table: Table, given: Collection[str], actor: Actor) -> None:
    """Names that do not exist and names out of sight answer alike."""
    known = work.known.get((actor.kind, actor.roles, table.name))
    if known is None:
        known = work.known[actor.kind, actor.roles, table.name] = work.program.access.known(actor, table.name)
    faults = tuple(unknown(table, name) for name in given if name not in known)
    if faults:
        raise invalid(faults)


def require_edits(
    work: Work, table: Table, before: Record, given: Collection[str], actor: Actor, connection: str | None
) -> None:
    """Every field given must be open to the actor on the record as it is, and not owned by a connection that matched it."""
    problems: list[tuple[str, Decision]] = []
    for name in given:
        owner = _owner(work, table, before, name, connection)
        if owner is not None:
            problems.append((name, owner))
        elif table.fields[name].kind not in ("formula", "serial", "state"):
            decision = work.program.access.may_edit(actor, table.name, name, before, work.facts)
            if not decision.allowed:
                problems.append((name, decision))
    _refuse(work, table, before, problems, actor)


def _owner(work: Work, table: Table, record: Record, field: str, connection: str | None) -> Decision | None:
    names = tuple(name for name in work.program.owned[table.name].get(field, ()) if name != connection)
    owner = pulls.owner(work.connection, work.program.app.name, table.name, record["id"], names) if names else None
    if owner is None:
        return None
    keeper = work.program.app.connections[owner]
    span = next(p.span for p in keeper.pulls.values() if field in p.owns)
    reason = Text(
        "「{field}」由连接「{owner}」维护，这里不能改", "{field} is kept by the connection {owner} and cannot be changed here"
    )
    return Decision(False, reason.fill(field=table.fields[field].title, owner=keeper.title), span)


def require_creator(work: Work, table: Table, actor: Actor) -> None:
    """Some role of the actor makes records here; else not even what a new one would need is told. A table of which the actor
    sees nothing is missing."""
    if actor.kind == SYSTEM:
        return
    grants = work.program.access.grants(actor, table.name)
    if not any(grant.create is not None or reads_something(grant) for grant in grants):
        raise missing()
    if not any(grant.create is not None for grant in grants):
        _refuse(work, table, None, [("", work.program.access.cannot_create(actor, table.name))], actor)


def require_create(work: Work, table: Table, record: Record, given: Collection[str], actor: Actor) -> None:
    """The actor may make this record with these fields."""
    problems = work.program.access.may_create(actor, table.name, given, record, work.facts)
    _refuse(work, table, None, problems, actor)


def require_scope(work: Work, table: Table, before: Record, after: Record, given: Collection[str], actor: Actor) -> None:
    """After field edits, with the state as before, the record must still be where the role that edits may work."""
    if actor.kind == SYSTEM or not given:
        return
    access = work.program.access
    still = {grant.role for grant in access.in_scope(actor, table.name, after, work.facts)}
    for name in given:
        editors = access.editors(actor, table.name, name, before, work.facts)
        if not any(grant.role in still for grant in editors):
            condition = next(grant.records for grant in editors if grant.records is not None)
            told = condition if access.tells(actor, condition) else None
            reason = words.outside_scope(work.program.app, table.name, told)
            raise refused("outside_scope", reason, span=condition.span, path=name)


def _refuse(work: Work, table: Table, before: Record | None, problems: list[tuple[str, Decision]], actor: Actor) -> None:
    if not problems:
        return
    faults = tuple(Fault(name, "not_allowed", d.reason or Text("", ""), d.span) for name, d in problems)
    detail = Text("；".join(f.message.zh for f in faults), "; ".join(f.message.en for f in faults))
    remedies: tuple[Remedy, ...] = ()
    if before is not None:
        possible = [m.transition for m in seen_moves(work, table, before, actor) if m.decision.allowed]
        remedies = tuple(Remedy("transition", t.name, t.title) for t in possible)
    raise Problem(403, "not_allowed", Text("不能这样做", "Not allowed"), detail, faults, remedies)
