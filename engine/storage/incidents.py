"""What went wrong and waits for a person: a rule that failed, a row from outside that does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Index, String, Table, Text, select

from engine.language.sqltypes import Instant
from engine.storage.system import metadata
from engine.storage.unit import Unit

incidents = Table(
    "incidents",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("app", String, nullable=False),
    Column("path", String, nullable=False),
    Column("table", String, nullable=False),
    Column("record_id", String, nullable=False),
    Column("entry", String),
    Column("code", String, nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("at", Instant(), nullable=False),
    Index("incidents__by_app", "app", "id"),
)


@dataclass(frozen=True, slots=True)
class Incident:
    """`path` is the place in the definition (`rules.small_orders_pass.then[0]`), `entry` the journal line it belongs to."""

    id: str
    app: str
    path: str
    table: str
    record_id: str
    entry: str | None
    code: str
    zh: str
    en: str
    at: datetime


def add(unit: Unit, incident: Incident) -> None:
    """Keep one."""
    unit.line(incidents, {name: getattr(incident, name) for name in Incident.__slots__})


def of_app(connection: Connection, app: str, limit: int) -> list[Incident]:
    """An app's incidents, newest first."""
    query = select(incidents).where(incidents.c.app == app).order_by(incidents.c.id.desc()).limit(limit)
    return [Incident(**row._mapping) for row in connection.execute(query)]
