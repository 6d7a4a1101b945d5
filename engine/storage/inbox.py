"""Lines in people's inboxes. A line keeps the text as it stands in the definition and the record it is about; it is rendered
when it is read, through the reader's own view, so a right taken away is gone from old lines as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Index, String, Table, Text, func, select, update

from engine.language.sqltypes import Instant
from engine.storage.system import metadata
from engine.storage.unit import Unit

inbox = Table(
    "inbox",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("user_id", String, nullable=False),
    Column("app", String, nullable=False),
    Column("table", String, nullable=False),
    Column("record_id", String, nullable=False),
    Column("entry", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("at", Instant(), nullable=False),
    Column("read_at", Instant()),
    Index("inbox__by_user", "user_id", "id"),
)


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One line for one person; `zh`, `en` are templates; `rule` the step's path that sent it, `entry` the journal's line."""

    id: str
    user_id: str
    app: str
    table: str
    record_id: str
    entry: str
    rule: str
    zh: str
    en: str
    at: datetime
    read_at: datetime | None


def put(unit: Unit, lines: Sequence[InboxLine]) -> None:
    """Add lines."""
    for line in lines:
        unit.line(inbox, {name: getattr(line, name) for name in InboxLine.__slots__})


def of_user(connection: Connection, user_id: str, limit: int) -> list[InboxLine]:
    """A person's newest lines."""
    query = select(inbox).where(inbox.c.user_id == user_id).order_by(inbox.c.id.desc()).limit(limit)
    return [InboxLine(**row._mapping) for row in connection.execute(query)]


def unread(connection: Connection, user_id: str) -> int:
    """How many lines a person has not read."""
    query = select(func.count()).select_from(inbox).where(inbox.c.user_id == user_id, inbox.c.read_at.is_(None))
    return int(connection.scalar(query) or 0)


def mark_read(connection: Connection, user_id: str, id: str, now: datetime) -> bool:
    """Mark one of the person's own lines; False when there is no such line."""
    where = (inbox.c.user_id == user_id, inbox.c.id == id)
    if connection.scalar(select(inbox.c.id).where(*where)) is None:
        return False
    connection.execute(update(inbox).where(*where, inbox.c.read_at.is_(None)).values(read_at=now))
    return True
