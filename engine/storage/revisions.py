"""Published definitions, byte for byte. The active one of each app is what runs; older ones stay for history and roll back."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Dialect,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from engine.language.sqltypes import Instant
from engine.storage.coming import coming_definitions
from engine.storage.prepared import Prepared, prepare
from engine.storage.system import metadata

revisions = Table(
    "revisions",
    metadata,
    Column("app", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("files", Text, nullable=False),
    Column("published_at", Instant(), nullable=False),
    Column("published_by", String, nullable=False),
    Column("active", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Revision:
    """One published definition; `files` by path relative to the app's folder."""

    app: str
    revision: int
    files: Mapping[str, bytes]
    published_at: datetime
    published_by: str


def active_apps(connection: Connection) -> dict[str, int]:
    """App name → its active revision."""
    rows = connection.execute(select(revisions.c.app, revisions.c.revision).where(revisions.c.active).order_by(revisions.c.app))
    return {row.app: row.revision for row in rows}


@dataclass(frozen=True, slots=True)
class Running:
    """The revision that runs; `coming`: the mark of the definition that is about to, if one is."""

    revision: int
    published_at: datetime
    coming: str | None

    def is_that_of(self, revision: int, published_at: datetime) -> bool:
        """Is it this one? After a restore the same number may be another's: its moment tells them apart."""
        return (self.revision, self.published_at) == (revision, published_at)


def active_revision(connection: Connection, app: str) -> int | None:
    """The number of the revision that runs."""
    found = running(connection, app)
    return None if found is None else found.revision


def running(connection: Connection, app: str) -> Running | None:
    """What runs of an app; None: nothing."""
    row = _running(connection.dialect).one(connection, {"the_app": app})
    return None if row is None else Running(row.revision, row.published_at, row.mark)


@lru_cache(maxsize=8)
def _running(dialect: Dialect) -> Prepared:
    after = select(coming_definitions.c.mark).where(coming_definitions.c.app == revisions.c.app).scalar_subquery()
    wanted = revisions.c.app == bindparam("the_app", type_=String())
    columns = (revisions.c.revision, revisions.c.published_at, after.label("mark"))
    return prepare(select(*columns).where(wanted, revisions.c.active), dialect)


def load_revision(connection: Connection, app: str, revision: int) -> Revision:
    """One revision with its files."""
    row = connection.execute(select(revisions).where(revisions.c.app == app, revisions.c.revision == revision)).one()
    files = {name: base64.b64decode(text) for name, text in json.loads(row.files).items()}
    return Revision(row.app, row.revision, files, row.published_at, row.published_by)


def activate(connection: Connection, app: str, files: Mapping[str, bytes], *, now: datetime, by: str) -> int:
    """Store a new revision and make it the active one, in the caller's transaction. Its number comes back."""
    last = connection.scalar(select(func.max(revisions.c.revision)).where(revisions.c.app == app)) or 0
    text = json.dumps({name: base64.b64encode(content).decode() for name, content in sorted(files.items())})
    connection.execute(update(revisions).where(revisions.c.app == app).values(active=False))
    row = {"app": app, "revision": last + 1, "files": text, "published_at": now, "published_by": by, "active": True}
    connection.execute(insert(revisions), row)
    return int(last) + 1
