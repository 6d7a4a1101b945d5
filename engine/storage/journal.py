"""The one journal: append-only lines of what happened, who did it, from where, and which line led to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    false,
    or_,
    select,
    true,
)

from engine.language.sqltypes import Instant
from engine.model.change import Change, JournalEntry
from engine.storage.prepared import insert_into
from engine.storage.system import metadata

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(26), nullable=False, unique=True),
    Column("app", String, nullable=False),
    Column("table", String, nullable=False),
    Column("record_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("transition", String),
    Column("version", Integer, nullable=False),
    Column("changes", Text, nullable=False),
    Column("actor_kind", String, nullable=False),
    Column("actor_name", String, nullable=False),
    Column("user_id", String),
    Column("channel", String, nullable=False),
    Column("ip", String, nullable=False),
    Column("device", String, nullable=False),
    Column("cause", String),
    Column("rule", String),
    Column("depth", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Instant(), nullable=False),
    Index("journal__by_record", "app", "table", "record_id", "seq"),
    Index("journal__by_cause", "cause"),
    Index("journal__by_user", "user_id", "kind", "at"),
)


def append(connection: Connection, entry: JournalEntry) -> None:
    """Add one line. Lines are never changed or removed."""
    changes = [[c.field, c.before, c.after] for c in entry.changes]
    values: dict[str, Any] = {name: getattr(entry, name) for name in JournalEntry.__slots__ if name != "changes"}
    values["changes"] = json.dumps(changes, ensure_ascii=False)
    insert_into(journal, connection.dialect).run(connection, values)


def since_version(connection: Connection, app: str, table: str, id: str, version: int) -> list[JournalEntry]:
    """A record's lines after a version, oldest first: what somebody else changed meanwhile."""
    query = (
        select(journal)
        .where(journal.c.app == app, journal.c.table == table, journal.c.record_id == id, journal.c.version > version)
        .order_by(journal.c.seq)
    )
    return [entry_of(row) for row in connection.execute(query)]


def life_of(connection: Connection, app: str, table: str, id: str) -> list[JournalEntry]:
    """A record's lines and those that name one of them as their cause, each before what it led to: a line's
    id is drawn when its write begins, so children written meanwhile come after it by id, though not by `seq`."""
    own = (journal.c.app == app, journal.c.table == table, journal.c.record_id == id)
    caused = journal.c.cause.in_(select(journal.c.id).where(*own))
    query = select(journal).where(or_(and_(*own), caused)).order_by(journal.c.id)
    return [entry_of(row) for row in connection.execute(query)]


Scopes = Mapping[str, Select[Any]]


def numbered_after(
    connection: Connection, app: str, position: int, limit: int, scopes: Scopes | None = None
) -> list[tuple[int, JournalEntry]]:
    """Lines of an app after a position (0: from the first), oldest first, each with its own. `scopes` (table → query of ids)
    leaves only lines about those records."""
    query = select(journal).where(journal.c.app == app, journal.c.seq > position, _within(scopes))
    return [(row.seq, entry_of(row)) for row in connection.execute(query.order_by(journal.c.seq).limit(limit))]


def before(
    connection: Connection, app: str, entry: str | None, limit: int, scopes: Scopes | None = None
) -> Sequence[JournalEntry]:
    """An app's lines before one of them, newest first; without one its last lines. `scopes` as in `after`."""
    query = select(journal).where(journal.c.app == app, _within(scopes)).order_by(journal.c.seq.desc()).limit(limit)
    if entry is not None:
        query = query.where(journal.c.seq < select(journal.c.seq).where(journal.c.id == entry).scalar_subquery())
    return [entry_of(row) for row in connection.execute(query)]


def _within(scopes: Scopes | None) -> ColumnElement[bool]:
    if scopes is None:
        return true()
    return or_(false(), *(and_(journal.c.table == table, among(ids)) for table, ids in scopes.items()))


def among(ids: Select[Any]) -> ColumnElement[bool]:
    """Is the line's record one of these? Asked line by line, since there may be a million of them."""
    return ids.where(ids.selected_columns[0] == journal.c.record_id).correlate(journal).exists()


def entry_of(row: Row[Any]) -> JournalEntry:
    """A row of the journal as a line."""
    values = dict(row._mapping)
    del values["seq"]
    values["changes"] = tuple(Change(*change) for change in json.loads(values["changes"]))
    return JournalEntry(**values)
