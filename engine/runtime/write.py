"""The one write door. Page, API, import, connection and rule are clients of it: load, decide, parse, work out, move, check,
save, journal, then routing and rules, all in the caller's transaction. A Problem leaves it to the caller to roll back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.model.app import Table
from engine.model.change import Actor, Outcome, Write
from engine.model.problem import Fault, Problem, invalid, missing
from engine.model.text import Text
from engine.model.types import Children
from engine.runtime import children, permits, values
from engine.runtime.checks import judge, judge_parents
from engine.runtime.conflict import require_unchanged
from engine.runtime.flow import require_move
from engine.runtime.match import resolve
from engine.runtime.remove import remove
from engine.runtime.work import Cause, Event, Saved, Work
from engine.storage.records import DuplicateKey


def save(work: Work, request: Write, actor: Actor, cause: Cause, connection: str | None = None) -> Saved:
    """Steps 2 to 8 of one write. `connection` is the name of the connection that writes, if one does."""
    work.count(cause)
    table = work.program.app.tables.get(request.table)
    if table is None:
        raise missing()
    if request.delete:
        return remove(work, table, replace(request, id=_id(request)), actor, cause)
    try:
        if request.match:
            return _matched(work, table, request, actor, cause, connection)
        if request.id is None:
            return _create(work, table, request, actor, cause)
        return _update(work, table, request, actor, cause, connection)
    except DuplicateKey as duplicate:
        raise _taken(work, table, duplicate, actor) from duplicate


def _matched(work: Work, table: Table, request: Write, actor: Actor, cause: Cause, connection: str | None) -> Saved:
    """By key: as the record that holds it, or as a new one. Another process may take the key between the two."""
    meant = resolve(work, table, request, actor)
    if isinstance(meant, Saved):
        return meant
    if meant.id is not None:
        return _update(work, table, meant, actor, cause, connection)
    try:
        with work.unit.savepoint():
            return _create(work, table, meant, actor, cause)
    except DuplicateKey:
        meant = resolve(work, table, request, actor)
        if isinstance(meant, Saved):
            return meant
        if meant.id is None:
            raise
        return _update(work, table, meant, actor, cause, connection)


def _id(request: Write) -> str:
    if request.id is None:
        raise missing()
    return request.id


def _create(work: Work, table: Table, request: Write, actor: Actor, cause: Cause) -> Saved:
    work.probe("decide")
    given = [*request.values, *request.children]
    permits.require_creator(work, table, actor)
    permits.require_known(work, table, given, actor)
    if request.transition is not None:
        raise invalid((Fault("transition", "new_record", Text("新记录不能同时流转", "A new record cannot be moved at once")),))
    work.probe("parse")
    parsed, faults = values.parse_values(work, table, request.values, actor)
    record = values.with_defaults(work, table, parsed, work.author(cause))
    faults += values.missing_required(work, table, record, faults)
    faults += children.faults(work, table, request.children, actor)
    if faults:
        raise invalid(tuple(faults))
    values.stored_formulas(work, table, record)
    # Before the keys are tried: whoever may not create learns nothing of whom a key belongs to.
    permits.require_create(work, table, record, given, actor)
    values.number(work, table, record)
    work.probe("save")
    work.unit.add(work.program.tables[table.name], record)
    work.facts.added(table.name, record)
    entry = work.new_id()
    events = _children(work, table, record["id"], request.children, actor, cause.of(entry))
    _finish(work, table, None, record, entry, cause, "created", None)
    event = Event(table.name, "created", None, record, entry)
    return Saved((event, *events), Outcome(record["id"], 1, created=True, entry=entry))


def _update(work: Work, table: Table, request: Write, actor: Actor, cause: Cause, connection: str | None) -> Saved:
    work.probe("load")
    before = permits.load(work, table, _id(request), actor)
    permits.require_known(work, table, [*request.values, *request.children], actor)
    require_unchanged(work, table, before, request, actor)
    work.probe("decide")
    given = [name for name in request.values if name in table.fields]
    permits.require_edits(work, table, before, given, actor, connection)
    work.probe("parse")
    parsed, faults = values.parse_values(work, table, request.values, actor)
    after = {**before, **parsed}
    faults += [fault for fault in values.missing_required(work, table, after, faults) if fault.path in parsed]
    faults += children.faults(work, table, request.children, actor)
    if faults:
        raise invalid(tuple(faults))
    values.stored_formulas(work, table, after)
    work.probe("flow")
    if request.transition is not None:
        move = require_move(work, table, request.transition, before, after, actor)
        permits.require_scope(work, table, before, after, given, actor)
        assert table.flow is not None  # require_move has found the transition in it
        after |= {table.flow.field: move.transition.target, f"{move.transition.target}_at": work.instant}
        values.stored_formulas(work, table, after)
    else:
        permits.require_scope(work, table, before, after, given, actor)
        _stamp(table, before, after, work)
    if after == before and not request.children:
        return Saved((), Outcome(before["id"], before["version"]))
    return _store(work, table, before, after, request, actor, cause)


def _stamp(table: Table, before: Mapping[str, Any], after: dict[str, Any], work: Work) -> None:
    """A state given from outside, on creation's terms, is stamped like one that was moved to."""
    if table.flow and after[table.flow.field] != before[table.flow.field]:
        after[f"{after[table.flow.field]}_at"] = work.instant


def _store(
    work: Work, table: Table, before: Mapping[str, Any], after: dict[str, Any], request: Write, actor: Actor, cause: Cause
) -> Saved:
    after["version"] = before["version"] + 1
    after["updated_at"], after["updated_by"] = work.instant, work.author(cause)
    work.probe("save")
    changed = {name: value for name, value in after.items() if value != before[name]}
    work.unit.change(work.program.tables[table.name], before["id"], changed)
    work.facts.changed(table.name, after)
    entry = work.new_id()
    events = _children(work, table, before["id"], request.children, actor, cause.of(entry))
    _finish(work, table, before, after, entry, cause, "updated", request.transition)
    event = Event(table.name, "updated", before, after, entry)
    return Saved((event, *events), Outcome(after["id"], after["version"], entry=entry))


def _finish(
    work: Work,
    table: Table,
    before: Mapping[str, Any] | None,
    record: dict[str, Any],
    entry: str,
    cause: Cause,
    kind: str,
    transition: str | None,
) -> None:
    """Checks over the record with its children, its journal line, and the checks of its parents."""
    work.probe("check")
    flags = judge(work, table, record)
    if flags != record["flags"]:
        record["flags"] = flags
        work.unit.change(work.program.tables[table.name], record["id"], {"flags": flags})
    work.probe("journal")
    changes = values.changes_between(work, table, before, record)
    work.journal(table.name, record, kind, changes, cause, id=entry, transition=transition)
    judge_parents(work, table, (before or {}, record), cause.of(entry))


def _children(
    work: Work, table: Table, parent: str, lists: Mapping[str, Sequence[Mapping[str, Any]]], actor: Actor, cause: Cause
) -> tuple[Event, ...]:
    """Child records through the same door, each decided and parsed like any record; problems of all rows together."""
    events: list[Event] = []
    faults: list[Fault] = []
    refusal: Problem | None = None
    work.open.add(parent)
    for name, rows in lists.items():
        child = table.children[name]
        for position, row in enumerate(rows):
            request = Write(work.program.app.name, child.table, values={**row, child.link: parent})
            try:
                _require_own_parent(work, child, row, parent)
                events += save(work, request, actor, cause).events
            except Problem as problem:
                refusal = problem if problem.status != 422 or refusal is None else refusal
                own = problem.errors or (Fault("", problem.code, problem.detail),)
                faults += [replace(f, path=f"{name}[{position}].{f.path}".rstrip(".")) for f in own]
    work.open.discard(parent)
    if refusal is not None:
        raise replace(invalid(tuple(faults)), status=refusal.status, code=refusal.code, title=refusal.title)
    return tuple(events)


def _require_own_parent(work: Work, child: Children, row: Mapping[str, Any], parent: str) -> None:
    """A row sent with its parent belongs to that parent; a link to another is refused, not overlooked."""
    if row.get(child.link, parent) != parent:
        message = Text("「{field}」就是这条记录，不能另填", "{field} is this very record and cannot be another")
        title = work.program.app.tables[child.table].fields[child.link].title
        raise invalid((Fault(child.link, "other_parent", message.fill(field=title)),))


def _taken(work: Work, table: Table, duplicate: DuplicateKey, actor: Actor) -> Problem:
    """That a key is taken cannot be kept from who may write it; by which record is never said, nor any field that the actor
    does not know."""
    names = [name for name in duplicate.fields if name in work.program.access.known(actor, table.name)]
    titles = [table.fields[name].title for name in names]
    message = Text("这样的记录已经有一条了，不能重复", "There is such a record already")
    if titles:
        joined = Text(" + ".join(t.zh for t in titles), " + ".join(t.en for t in titles))
        message = Text("「{names}」已经有一条了，不能重复", "There is a record with this {names} already").fill(names=joined)
    faults = tuple(Fault(name, "duplicate", message) for name in names or ("",))
    return Problem(409, "duplicate", Text("重复了", "Already there"), message, faults)
