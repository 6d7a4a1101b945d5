"""Journal lines of records that a reader does not see now: what the feed of changes looks through for those that they saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Select, and_, false, func, or_, select

from engine.model.change import JournalEntry
from engine.storage.journal import among, entry_of, journal


def position(connection: Connection, app: str, line: str) -> int:
    """Where a line stands in the journal. One that is not there stands where it would: behind the last with a smaller id, so
    that nobody can ask whether a line is there. 0 for none."""
    if line == "":
        return 0
    own = journal.c.app == app
    known = connection.scalar(select(journal.c.seq).where(journal.c.id == line, own))
    if known is not None:
        return int(known)
    return int(connection.scalar(select(func.max(journal.c.seq)).where(journal.c.id <= line, own)) or 0)


def candidates(
    connection: Connection,
    app: str,
    since: int,
    scopes: Mapping[str, tuple[Select[Any], Iterable[str]]],
    limit: int,
) -> list[tuple[str, str]]:
    """(table, record id) of records out of sight that were deleted, or of which a field that decides on sight changed, after a
    position. `scopes`: table → ids in sight as a query, and those fields."""
    found = []
    for table, (ids, fields) in scopes.items():
        touched = [
            journal.c.kind == "deleted",
            *(journal.c.changes.contains(f'["{name}",', autoescape=True) for name in fields),
        ]
        found.append(and_(journal.c.table == table, ~among(ids), or_(*touched)))
    query = select(journal.c.table, journal.c.record_id).where(
        journal.c.app == app, journal.c.seq > since, or_(false(), *found)
    )
    query = query.group_by(journal.c.table, journal.c.record_id).order_by(func.min(journal.c.seq)).limit(limit)
    return [(row[0], row[1]) for row in connection.execute(query)]


def lines_after(connection: Connection, app: str, table: str, id: str, since: int) -> list[tuple[int, JournalEntry]]:
    """A record's lines after a position, oldest first, each with its own."""
    own = (journal.c.app == app, journal.c.table == table, journal.c.record_id == id, journal.c.seq > since)
    rows = connection.execute(select(journal).where(*own).order_by(journal.c.seq))
    return [(row.seq, entry_of(row)) for row in rows]


def begun(connection: Connection, line: JournalEntry) -> int:
    """Where the first line stands of those that led to this one."""
    id, cause = line.id, line.cause
    while cause is not None:
        id = cause
        cause = connection.scalar(select(journal.c.cause).where(journal.c.id == id))
    return int(connection.scalar(select(journal.c.seq).where(journal.c.id == id)) or 0)
