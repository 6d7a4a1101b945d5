"""A lease in the database: any number of processes may try, one holds it until it lapses. Time is the database's own."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Float, String, Table, text
from sqlalchemy.dialects.sqlite import insert

from engine.storage.system import metadata

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("until", Float, nullable=False),
)

_NOW = text("SELECT (julianday('now') - 2440587.5) * 86400.0")


def take(connection: Connection, name: str, holder: str, seconds: float) -> bool:
    """Take or renew; True when `holder` has it now."""
    now = float(connection.execute(_NOW).scalar_one())
    statement = insert(leases).values(name=name, holder=holder, until=now + seconds)
    statement = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "until": now + seconds},
        where=(leases.c.holder == holder) | (leases.c.until < now),
    )
    return connection.execute(statement).rowcount == 1
