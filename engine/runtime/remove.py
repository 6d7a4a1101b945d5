"""Deleting one record: those that point at it go with it, lose the link, or keep it from going."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.access.decide import SYSTEM
from engine.model.app import Field, Table
from engine.model.change import Actor, Outcome, Write
from engine.model.problem import Fault, Problem
from engine.model.text import Text
from engine.runtime import permits, values
from engine.runtime.checks import judge, judge_parents
from engine.runtime.conflict import require_unchanged
from engine.runtime.permits import Record
from engine.runtime.work import Cause, Event, Saved, Work
from engine.storage.prepared import Lock


def remove(work: Work, table: Table, request: Write, actor: Actor, cause: Cause) -> Saved:
    """Decide, deal with what points here (`on_delete: cascade | clear`, else refuse), remove, journal, judge its parents
    again. What has changed since its author looked is not deleted unseen. The record's own event comes first, then those of
    the records that went with it or lost their link."""
    id = str(request.id)
    before = permits.load(work, table, id, actor, Lock.DELETE)
    decision = work.program.access.may_delete(actor, table.name, before, work.facts)
    if not decision.allowed and decision.reason is not None:
        fault = Fault("", "not_allowed", decision.reason, decision.span)
        raise Problem(403, "not_allowed", Text("不能删除", "Cannot delete"), decision.reason, (fault,))
    require_unchanged(work, table, before, request, actor)
    entry = work.new_id()
    inner = cause.of(entry)
    # From here on it counts as gone, so that records pointing at each other in a circle come to an end.
    work.facts.removed(table.name, id)
    events: list[Event] = []
    for other in work.program.app.tables.values():
        for field in other.fields.values():
            if field.kind == "link" and field.options["to"] == table.name:
                events += _loosen(work, other, field, id, actor, inner)
    work.unit.remove(work.program.tables[table.name], id)
    gone = dict.fromkeys(before) | {"flags": frozenset()}
    changes = values.changes_between(work, table, before, gone)
    work.journal(table.name, before, "deleted", changes, cause, id=entry)
    judge_parents(work, table, (before,), inner)
    event = Event(table.name, "deleted", before, before, entry)
    return Saved((event, *events), Outcome(id, before["version"], deleted=True, entry=entry))


def _loosen(work: Work, table: Table, field: Field, id: str, actor: Actor, cause: Cause) -> tuple[Event, ...]:
    pointing = work.facts.children(table.name, field.name, id)
    how = field.options.get("on_delete", "refuse")
    if pointing and how == "refuse":
        raise _held(work, table, pointing, actor)
    events: list[Event] = []
    for each in pointing:
        if how == "cascade":
            request = Write(work.program.app.name, table.name, each["id"], delete=True)
            events += remove(work, table, request, replace(actor, kind=SYSTEM), cause).events
        elif (record := work.facts.held(table.name, each["id"])) is not None and record[field.name] == id:
            events.append(_clear(work, table, record, field.name, cause))
    return tuple(events)


def _held(work: Work, table: Table, pointing: Sequence[Record], actor: Actor) -> Problem:
    """Only who sees all of them is told how many of what."""
    access = work.program.access
    if all(access.sees(actor, table.name, record, work.facts) for record in pointing):
        detail = Text("还有 {n} 条「{table}」指向它", "{n} records of {table} still point at it")
        detail = detail.fill(n=len(pointing), table=table.title)
    else:
        detail = Text("还有别的记录指向它", "Other records still point at it")
    return Problem(409, "still_linked", Text("不能删除", "Cannot delete"), detail)


def _clear(work: Work, table: Table, record: Record, link: str, cause: Cause) -> Event:
    """The link becomes empty; what is worked out from it follows."""
    after = {**record, link: None, "version": record["version"] + 1}
    values.stored_formulas(work, table, after)
    after["flags"] = judge(work, table, after)
    changed = {name: value for name, value in after.items() if value != record[name]}
    work.unit.change(work.program.tables[table.name], record["id"], changed)
    work.facts.changed(table.name, after)
    changes = values.changes_between(work, table, record, after)
    entry = work.new_id()
    work.journal(table.name, after, "updated", changes, cause, id=entry)
    return Event(table.name, "updated", record, after, entry)
