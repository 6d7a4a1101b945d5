"""What is known of each attached file: whose it is, what it is and how far its life has gone. The bytes lie in `blobs`.

    pending   uploaded, in no record yet; only its uploader can put it into one; gone after a day
    kept      in a field of a record
    deleted   taken out of the field, or the record is gone; the bytes stay until somebody purges on purpose
    purged    the bytes are gone, by a purge or an erasure; the row stays, since the journal names it

A row is written after its bytes are on the disk, and bytes are removed after their row says so: a row never lacks its bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from engine.language.sqltypes import Instant
from engine.storage.system import metadata

PENDING, KEPT, DELETED, PURGED = "pending", "kept", "deleted", "purged"

files = Table(
    "files",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("app", String, nullable=False),
    Column("table", String, nullable=False),
    Column("field", String, nullable=False),
    Column("record", String),
    Column("name", String, nullable=False),
    Column("type", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("uploaded_by", String, nullable=False),
    Column("at", Instant(), nullable=False),
    Column("state", String(10), nullable=False),
    Column("changed_at", Instant(), nullable=False),
    Index("files__by_state", "state", "changed_at"),
    Index("files__by_record", "app", "table", "record"),
)


@dataclass(frozen=True, slots=True)
class File:
    """One row. `width` and `height` in points, of pictures as they are shown; `uploaded_by` a user's id."""

    id: str
    app: str
    table: str
    field: str
    record: str | None
    name: str
    type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    uploaded_by: str
    at: datetime
    state: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Spot:
    """A field of a record."""

    app: str
    table: str
    field: str
    record: str


def add(connection: Connection, file: File) -> None:
    """A file whose bytes are on the disk."""
    connection.execute(insert(files), {name: getattr(file, name) for name in File.__slots__})


def get(connection: Connection, ids: Collection[str]) -> dict[str, File]:
    """Files by id, those that exist."""
    if not ids:
        return {}
    return {row.id: _file(row) for row in connection.execute(select(files).where(files.c.id.in_(sorted(ids))))}


def keep(connection: Connection, ids: Collection[str], spot: Spot, user: str | None, now: datetime) -> int:
    """Put files into a field: those that this user uploaded for it, and those that were in this very field before. How many
    of them there were."""
    c = files.c
    own = and_(c.state == PENDING, c.uploaded_by == (user or ""))
    back = and_(c.state == DELETED, c.record == spot.record)
    there = and_(c.id.in_(sorted(ids)), c.app == spot.app, c.table == spot.table, c.field == spot.field)
    kept = update(files).where(there, or_(own, back)).values(state=KEPT, record=spot.record, changed_at=now)
    return connection.execute(kept).rowcount


def drop(connection: Connection, ids: Collection[str], now: datetime) -> None:
    """These are in no field any more. Their bytes stay."""
    kept = and_(files.c.id.in_(sorted(ids)), files.c.state == KEPT)
    connection.execute(update(files).where(kept).values(state=DELETED, changed_at=now))


def waiting_of(connection: Connection, user: str) -> int:
    """How many uploads of a user are in no record yet."""
    query = select(func.count()).where(files.c.state == PENDING, files.c.uploaded_by == user)
    return int(connection.execute(query).scalar_one())


def older(connection: Connection, state: str, before: datetime, limit: int) -> Sequence[File]:
    """Files that have been in a state since before that moment, oldest first."""
    query = select(files).where(files.c.state == state, files.c.changed_at < before).order_by(files.c.changed_at).limit(limit)
    return [_file(row) for row in connection.execute(query)]


def forget(connection: Connection, ids: Collection[str]) -> set[str]:
    """Uploads that nothing ever named leave no row. Which went: not those that a record has taken meanwhile."""
    gone = delete(files).where(files.c.id.in_(sorted(ids)), files.c.state == PENDING).returning(files.c.id)
    return set(connection.execute(gone).scalars())


def forget_bytes(connection: Connection, ids: Collection[str], now: datetime, *, erased: bool = False) -> set[str]:
    """Say that these files have no bytes any more; the caller removes them after the commit. Which they are: not those that
    have come back into a record meanwhile. Of `erased` ones, wherever they are, what tells of the content goes as well."""
    values: dict[str, Any] = {"state": PURGED, "changed_at": now}
    meant = update(files).where(files.c.id.in_(sorted(ids)))
    if erased:
        values |= {"name": "", "sha256": ""}
    else:
        meant = meant.where(files.c.state == DELETED)
    return set(connection.execute(meant.values(values).returning(files.c.id)).scalars())


def with_bytes(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of these ids whose bytes must be there."""
    query = select(files.c.id).where(files.c.id.in_(sorted(ids)), files.c.state != PURGED)
    return set(connection.execute(query).scalars())


def _file(row: Row[Any]) -> File:
    return File(**row._asdict())
