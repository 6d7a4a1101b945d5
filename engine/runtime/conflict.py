"""Two people, one record: a write is refused only when a field that it writes has changed since its author looked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from engine.access.decide import SYSTEM
from engine.model.app import Table
from engine.model.change import Actor
from engine.model.problem import Fault, Problem, Remedy
from engine.model.text import Text
from engine.runtime.permits import Record
from engine.runtime.work import Work
from engine.storage import journal


def require_unchanged(
    work: Work, table: Table, before: Record, given: Collection[str], expected: int | None, actor: Actor
) -> None:
    """`given`: fields to be written (the state field for a transition); `expected`: the version its author saw."""
    if expected is None or expected == before["version"]:
        return
    if expected > before["version"]:
        detail = Text(
            f"版本 {expected} 还不存在，现在是 {before['version']}",
            f"There is no version {expected}; it is {before['version']}",
        )
        raise Problem(412, "unknown_version", Text("版本不对", "Wrong version"), detail)
    app = work.program.app.name
    faults: dict[str, Fault] = {}
    facts: list[dict[str, Any]] = []
    for entry in journal.since_version(work.connection, app, table.name, before["id"], expected):
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


def _may_know(work: Work, table: Table, before: Record, field: str, actor: Actor) -> bool:
    """That a field has changed is told to who reads or edits it on this record; others are refused the field itself next."""
    access = work.program.access
    if actor.kind == SYSTEM:
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
