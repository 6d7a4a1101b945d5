"""The one journal: append-only lines of what happened, who did it, from where, and which line led to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
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
    tuple_,
    union,
)

from engine.language.sqltypes import Instant
from engine.model.change import Change, JournalEntry
from engine.storage.former import NOTHING_RENAMED, Former
from engine.storage.prepared import insert_into
from engine.storage.system import metadata
from engine.storage.transactions import horizon, transaction

journal = Table(
    "journal",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("xact", BigInteger, nullable=False, server_default=transaction()),
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
    Index("journal__in_order", "app", "xact", "seq").ddl_if(dialect="postgresql"),
    Index("journal__by_user", "user_id", "kind", "at"),
)


def append(connection: Connection, entry: JournalEntry) -> None:
    """Add one line. Lines are never changed or removed."""
    insert_into(journal, connection.dialect).run(connection, row_of(entry))


def row_of(entry: JournalEntry) -> dict[str, Any]:
    """A line as its table keeps it."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in JournalEntry.__slots__}
    return {**values, "changes": changes_text(entry.changes)}


# Changes as they are kept: a list of [field, before, after].
changes_text = json.JSONEncoder(ensure_ascii=False).encode


def since_version(
    connection: Connection, app: str, table: str, id: str, version: int, former: Former = NOTHING_RENAMED
) -> list[JournalEntry]:
    """A record's lines after a version, oldest first: what somebody else changed meanwhile. `former`: lines older than a
    renaming are read by the names of today."""
    of_table = journal.c.table.in_(former.names_of(table))
    query = (
        select(journal)
        .where(journal.c.app == app, of_table, journal.c.record_id == id, journal.c.version > version)
        .order_by(journal.c.seq)
    )
    return [former.entry(_entry(row)) for row in connection.execute(query)]


def life_of(connection: Connection, app: str, table: str, id: str, former: Former = NOTHING_RENAMED) -> list[JournalEntry]:
    """A record's lines and those that name one of them as their cause, each before what it led to: a line's
    id is drawn when its write begins, so children written meanwhile come after it by id, though not by `seq`."""
    return [former.entry(_entry(row)) for row in connection.execute(life(app, former.names_of(table), id))]


def life(app: str, tables: Sequence[str], id: str) -> Select[Any]:
    """The query of `life_of`, by all names of the table. Two searches put together, since PostgreSQL finds no index for one
    OR the other."""
    own = select(journal.c.id).where(journal.c.app == app, journal.c.table.in_(tables), journal.c.record_id == id)
    caused = select(journal.c.id).where(journal.c.cause.in_(own))
    return select(journal).where(journal.c.id.in_(union(own, caused))).order_by(journal.c.id)


Scopes = Mapping[str, Select[Any]]
# Where many write at once, numbers are drawn in another order than transactions end in: a reader that went by `seq` alone
# would pass lines that are not there yet. By transaction, and no further than the oldest that still runs, none is passed.
_ORDER = (journal.c.xact, journal.c.seq)


def after(
    connection: Connection,
    app: str,
    since: str | None,
    limit: int,
    scopes: Scopes | None = None,
    former: Former = NOTHING_RENAMED,
) -> Sequence[JournalEntry] | None:
    """Lines of an app after the line `since`, oldest first; None when there is no such line. `scopes` (table → query of ids)
    leaves only lines about those records."""
    query = select(journal).where(journal.c.app == app, journal.c.xact < horizon(), _within(scopes, former))
    if since is not None:
        place = connection.execute(select(*_ORDER).where(journal.c.id == since, journal.c.app == app)).first()
        if place is None:
            return None
        query = query.where(tuple_(*_ORDER) > tuple_(*place))
    query = query.order_by(*_ORDER).limit(limit)
    return [former.entry(_entry(row)) for row in connection.execute(query)]


def before(
    connection: Connection,
    app: str,
    entry: str | None,
    limit: int,
    scopes: Scopes | None = None,
    former: Former = NOTHING_RENAMED,
) -> Sequence[JournalEntry]:
    """An app's lines before one of them, newest first; without one its last lines. `scopes` as in `after`."""
    query = select(journal).where(journal.c.app == app, journal.c.xact < horizon(), _within(scopes, former))
    if entry is not None:
        place = connection.execute(select(*_ORDER).where(journal.c.id == entry)).one()
        query = query.where(tuple_(*_ORDER) < tuple_(*place))
    query = query.order_by(*(column.desc() for column in _ORDER)).limit(limit)
    return [former.entry(_entry(row)) for row in connection.execute(query)]


def _within(scopes: Scopes | None, former: Former) -> ColumnElement[bool]:
    if scopes is None:
        return true()
    named = ((journal.c.table.in_(former.names_of(table)), ids) for table, ids in scopes.items())
    return or_(false(), *(and_(table, journal.c.record_id.in_(ids)) for table, ids in named))


def _entry(row: Row[Any]) -> JournalEntry:
    values = dict(row._mapping)
    del values["seq"], values["xact"]
    values["changes"] = tuple(Change(*change) for change in json.loads(values["changes"]))
    return JournalEntry(**values)
