"""Two people, one record: a write is refused only when a field that it writes has changed since its author looked; a move also
when its guard, its `needs` or the conditions of its approvals read such a field, and a removal when any field has."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from engine.access.decide import SYSTEM
from engine.model.app import Table
from engine.model.change import Actor, Write
from engine.model.problem import Fault, Problem, Remedy
from engine.model.text import Text
from engine.model.tree import Expression
from engine.runtime.permits import Record
from engine.runtime.work import Work
from engine.storage import journal


def require_unchanged(work: Work, table: Table, before: Record, request: Write, actor: Actor) -> None:
    """`request.expected_version` is the version that its author saw. Raises Problem 412 with who changed what."""
    expected = request.expected_version
    if expected is None or expected == before["version"]:
        return
    if expected > before["version"]:
        detail = Text(
            f"版本 {expected} 还不存在，现在是 {before['version']}",
            f"There is no version {expected}; it is {before['version']}",
        )
        raise Problem(412, "unknown_version", Text("版本不对", "Wrong version"), detail)
    app, given = work.program.app.name, _rests_on(work, table, request)
    faults: dict[str, Fault] = {}
    facts: list[dict[str, Any]] = []
    former = work.program.former
    work.unit.settle(journal.journal)
    for entry in journal.since_version(work.connection, app, table.name, before["id"], expected, former):
        for change in entry.changes:
            if change.field in given and _may_know(work, table, before, change.field, actor):
                who = Text("规则", "a rule") if entry.rule else Text.of(entry.actor_name)
                message = Text("「{field}」刚被{who}改过", "{field} was changed meanwhile by {who}")
                title = table.fields[change.field].title
                faults[change.field] = Fault(change.field, "changed_meanwhile", message.fill(field=title, who=who))
                facts.append(
                    _fact(work, table, before, change.field, change.after, entry.actor_name, entry.at.isoformat(), actor)
                )
    if faults:
        detail = Text("；".join(f.message.zh for f in faults.values()), "; ".join(f.message.en for f in faults.values()))
        remedy = Remedy("reload", "", Text("看看最新的", "See the latest"))
        raise Problem(
            412,
            "conflict",
            Text("别人刚改过这条记录", "Somebody else has just changed this"),
            detail,
            tuple(faults.values()),
            (remedy,),
            {"version": before["version"], "changes": facts},
        )


def _rests_on(work: Work, table: Table, request: Write) -> Collection[str]:
    """The fields whose values the author of this write had in mind."""
    if request.delete:
        return table.fields.keys()
    given = set(request.values)
    if request.transition is None or table.flow is None:
        return given
    given.add(table.flow.field)
    move = table.flow.transitions.get(request.transition)
    if move is not None:
        conditions = [move.guard, *(approval.condition for approval in move.approvals)]
        given.update(move.needs, *(_own_fields(work, table, c) for c in conditions if c is not None))
    return given


def _own_fields(work: Work, table: Table, expression: Expression) -> set[str]:
    """The fields of the record itself that an expression reads, through formulas too."""
    found: set[str] = set()
    for other, name in expression.reads:
        if other == table.name and name in table.fields:
            found.add(name)
            formula = table.fields[name].value
            found |= _own_fields(work, table, formula) if formula is not None else set()
    return found


def _may_know(work: Work, table: Table, before: Record, field: str, actor: Actor) -> bool:
    """That a field has changed is told to who reads or edits it on this record; others are refused the field itself next."""
    access = work.program.access
    if actor.kind == SYSTEM or (table.flow is not None and field == table.flow.field):
        return True
    return field in access.shown(actor, table.name, before, work.facts) or bool(
        access.editors(actor, table.name, field, before, work.facts)
    )


def _fact(work: Work, table: Table, before: Record, field: str, after: Any, who: str, at: str, actor: Actor) -> dict[str, Any]:
    """Who changed what to what; the value only for those who may read it."""
    shown = work.program.access.shown(actor, table.name, before, work.facts)
    fact: dict[str, Any] = {"field": field, "who": who, "at": at}
    if shown.get(field) == "always":
        fact["value"] = after
    return fact
