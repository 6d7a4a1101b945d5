"""Records as they were at a position of the journal, worked out backwards from what they are, and whether an actor saw them
then. Where that cannot be told for sure the answer is no: nobody is told of a record that was perhaps never in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.access.decide import eyes, reads_something
from engine.kinds.protocols import ValueProblem
from engine.language.walk import walk
from engine.model.app import Permission, Table
from engine.model.change import Actor, JournalEntry
from engine.model.tree import Aggregate, Call, Expression, Find
from engine.runtime.values import stored_formulas
from engine.runtime.work import Work
from engine.storage.departures import lines_after
from engine.storage.journal import Place

Record = Mapping[str, Any]
_SET_ONCE = ("id", "created_at", "created_by")
_CLOCK = ("now", "today", "workhours_between")


def traceable(work: Work, condition: Expression) -> bool:
    """Does the journal hold all that this condition asks? It holds declared fields, not stamps, nor what is worked out over
    other records, and not the clock."""
    if any(isinstance(n, Aggregate | Find) or (isinstance(n, Call) and n.function in _CLOCK) for n in walk(condition.node)):
        return False
    tables = work.program.app.tables
    return not condition.flags and all(
        field in _SET_ONCE or (field in tables[table].fields and field not in tables[table].types.computed)
        for table, field in condition.reads
    )


class Past:
    """An Env (the part of it that a traceable condition asks) at a position."""

    def __init__(self, work: Work, position: Place) -> None:
        self._work = work
        self._position = position
        self.now, self.calendar, self.user = work.facts.now, work.facts.calendar, work.facts.user
        self.source: Mapping[str, Any] = {}
        self.extra: Mapping[str, Any] = {}
        self.old: Record | None = None

    def link(self, table: str, id: str | None) -> Record | None:
        """A record as it was; None when it was not there or cannot be worked out."""
        if id is None:
            return None
        record = self._work.facts.link(table, id)
        program = self._work.program
        lines = lines_after(self._work.connection, program.app.name, table, id, self._position, program.former)
        return undone(self._work, program.app.tables[table], record, [entry for _, entry in lines])

    def children(self, table: str, link_field: str, id: str) -> Sequence[Record]:
        """Not asked by what is traceable."""
        raise NotImplementedError(table)

    def computed(self, table: str, field: str, record: Record) -> Any:
        """Not asked by what is traceable."""
        raise NotImplementedError(field)

    def query(self, node: Aggregate | Find, rows: tuple[Record | None, ...]) -> Any:
        """Not asked by what is traceable."""
        raise NotImplementedError(node)


def undone(work: Work, table: Table, record: Record | None, lines: Sequence[JournalEntry]) -> dict[str, Any] | None:
    """The record as it was before these lines, which are its last ones."""
    past = dict(record) if record is not None else None
    for entry in reversed(lines):
        if entry.kind == "created":
            return None
        if entry.kind == "deleted":
            past = {**dict.fromkeys(work.program.tables[table.name].columns.keys()), "id": entry.record_id}
        if past is None or not _take_back(work, table, past, entry):
            return None
    if past is not None and lines:
        stored_formulas(work, table, past)
    return past


def _take_back(work: Work, table: Table, past: dict[str, Any], entry: JournalEntry) -> bool:
    """False when a value of then is none of the field as it is declared now."""
    for change in entry.changes:
        field = table.fields.get(change.field)
        if field is None or change.field not in past:
            continue
        kind = work.program.registry.fields[field.kind]
        try:
            text = change.before is None or field.kind in ("state", "serial", "formula")
            past[change.field] = change.before if text else kind.parse(change.before, field)
        except ValueProblem:
            return False
    return True


def saw(work: Work, actor: Actor, table: str, record: Record | None, position: Place) -> bool:
    """Was the record, as it was at that position, in the sight that the actor has today?"""
    if record is None:
        return False
    env = Past(work, position)
    return all(any(_held(work, grant, record, env) for grant in _reading(work, each, table)) for each in eyes(actor))


def _reading(work: Work, actor: Actor, table: str) -> list[Permission]:
    return [grant for grant in work.program.access.grants(actor, table) if reads_something(grant)]


def _held(work: Work, grant: Permission, record: Record, env: Past) -> bool:
    if grant.records is None:
        return True
    if not traceable(work, grant.records):
        return False
    return work.program.access.holds(grant, record, env)


def deciding(work: Work, actor: Actor, table: str) -> set[str]:
    """The fields of a table on which it depends whether its records are in sight."""
    conditions = [grant.records for each in eyes(actor) for grant in _reading(work, each, table)]
    return {field for condition in conditions if condition is not None for name, field in condition.reads if name == table}
