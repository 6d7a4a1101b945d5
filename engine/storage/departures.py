"""Journal lines of records that a reader does not see now: what the feed of changes looks through for those that they saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Select, and_, false, func, or_, select

from engine.model.change import JournalEntry
from engine.storage.former import NOTHING_RENAMED, Former
from engine.storage.journal import BEGIN, ORDER, Place, after_place, among, entry_of, journal
from engine.storage.transactions import horizon


def position(connection: Connection, app: str, line: str) -> Place:
    """Where a line stands in the journal. One that is not there stands where it would: behind the last with a smaller id, so
    that nobody can ask whether a line is there. '' stands before all."""
    own = journal.c.app == app
    known = connection.execute(select(*ORDER).where(journal.c.id == line, own)).first()
    if known is None and line != "":
        last = select(*ORDER).where(journal.c.id <= line, own).order_by(*(column.desc() for column in ORDER)).limit(1)
        known = connection.execute(last).first()
    return (known[0], known[1]) if known is not None else BEGIN


def candidates(
    connection: Connection,
    app: str,
    since: Place,
    scopes: Mapping[str, tuple[Select[Any], Iterable[str]]],
    limit: int,
    former: Former = NOTHING_RENAMED,
) -> list[tuple[str, str]]:
    """(table, record id) of records out of sight that were deleted, or of which a field that decides on sight changed, after a
    place. `scopes`: table → ids in sight as a query, and those fields; `former`: what they were called before."""
    found = []
    today: dict[str, str] = {}
    for table, (ids, fields) in scopes.items():
        today |= dict.fromkeys(former.names_of(table), table)
        spelled = {name for field in fields for name in former.fields_of(table, field)}
        named = (journal.c.changes.contains(f'["{name}",', autoescape=True) for name in sorted(spelled))
        touched = [journal.c.kind == "deleted", *named]
        found.append(and_(journal.c.table.in_(former.names_of(table)), ~among(ids), or_(*touched)))
    lines = (journal.c.app == app, after_place(since), journal.c.xact < horizon(), or_(false(), *found))
    query = select(journal.c.table, journal.c.record_id).where(*lines).group_by(journal.c.table, journal.c.record_id)
    rows = connection.execute(query.order_by(func.min(journal.c.seq)).limit(limit))
    return list(dict.fromkeys((today[row[0]], row[1]) for row in rows))


def lines_after(
    connection: Connection, app: str, table: str, id: str, since: Place, former: Former = NOTHING_RENAMED
) -> list[tuple[Place, JournalEntry]]:
    """A record's lines after a place, each with its own, in the order in which they were written: of two transactions the one
    with the lower number may have waited for the record and written it last."""
    own = (journal.c.app == app, journal.c.table.in_(former.names_of(table)), journal.c.record_id == id)
    rows = connection.execute(select(journal).where(*own, after_place(since)).order_by(journal.c.seq))
    return [((row.xact, row.seq), former.entry(entry_of(row))) for row in rows]


def begun(connection: Connection, line: JournalEntry) -> Place:
    """Where the first line stands of those that led to this one."""
    id, cause = line.id, line.cause
    while cause is not None:
        id = cause
        cause = connection.scalar(select(journal.c.cause).where(journal.c.id == id))
    row = connection.execute(select(*ORDER).where(journal.c.id == id)).one()
    return (row[0], row[1])


def end(connection: Connection) -> Place:
    """The place that every line stands before which the feed may tell of now."""
    return (int(connection.scalar(select(horizon())) or 0), 0)
