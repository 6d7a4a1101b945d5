"""Deleting one record: those that point at it go with it, lose the link, or keep it from going."""

from __future__ import annotations

from dataclasses import replace

from engine.access.decide import SYSTEM
from engine.model.app import Table
from engine.model.change import Actor, Outcome
from engine.model.problem import Fault, Problem
from engine.model.text import Text
from engine.runtime import permits, values
from engine.runtime.conflict import require_unchanged
from engine.runtime.work import Cause, Work
from engine.storage import records


def remove(work: Work, table: Table, id: str, actor: Actor, cause: Cause, *, expected: int | None = None) -> Outcome:
    """Decide (nothing of it may have changed since the version `expected`), deal with what points here
    (`on_delete: cascade | clear`, else refuse), remove, journal."""
    before = permits.load(work, table, id, actor)
    require_unchanged(work, table, before, table.fields, expected, actor)
    decision = work.program.access.may_delete(actor, table.name, before, work.facts)
    if not decision.allowed and decision.reason is not None:
        fault = Fault("", "not_allowed", decision.reason, decision.span)
        raise Problem(403, "not_allowed", Text("不能删除", "Cannot delete"), decision.reason, (fault,))
    entry = work.new_id()
    inner = replace(cause, entry=entry)
    for other in work.program.app.tables.values():
        for field in other.fields.values():
            if field.kind == "link" and field.options["to"] == table.name:
                _loosen(work, other, field.name, id, str(field.options.get("on_delete", "refuse")), actor, inner)
    records.remove(work.connection, work.program.tables[table.name], id)
    work.facts.removed(table.name, id)
    gone = dict.fromkeys(before) | {"flags": frozenset()}
    changes = values.changes_between(work, table, before, gone)
    work.journal(table.name, before, "deleted", changes, cause, id=entry)
    return Outcome(id, before["version"], deleted=True, entry=entry)


def _loosen(work: Work, table: Table, link: str, id: str, how: str, actor: Actor, cause: Cause) -> None:
    pointing = work.facts.children(table.name, link, id)
    if not pointing:
        return
    if how == "refuse":
        detail = Text("还有 {n} 条「{table}」指向它", "{n} records of {table} still point at it").fill(
            n=len(pointing), table=table.title
        )
        raise Problem(409, "still_linked", Text("不能删除", "Cannot delete"), detail)
    for record in pointing:
        if how == "cascade":
            remove(work, table, record["id"], replace(actor, kind=SYSTEM), cause)
        else:
            after = {**record, link: None, "version": record["version"] + 1}
            physical = work.program.tables[table.name]
            records.change(work.connection, physical, record["id"], {link: None, "version": after["version"]})
            work.facts.changed(table.name, after)
            changes = values.changes_between(work, table, record, after)
            work.journal(table.name, after, "updated", changes, cause, id=work.new_id())
