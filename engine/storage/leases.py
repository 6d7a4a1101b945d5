"""A lease in the database: any number of processes may try, one holds it until it lapses. Time is the database's own."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Float, String, Table, text

from engine.storage.system import metadata
from engine.storage.upsert import insert

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("until", Float, nullable=False),
)

_NOW = {
    "sqlite": text("SELECT (julianday('now') - 2440587.5) * 86400.0"),
    "postgresql": text("SELECT extract(epoch FROM clock_timestamp())"),
}


def now(connection: Connection) -> float:
    """The database's own clock, in seconds since 1970."""
    return float(connection.execute(_NOW[connection.dialect.name]).scalar_one())


def take(connection: Connection, name: str, holder: str, seconds: float) -> bool:
    """Take or renew; True when `holder` has it now."""
    seconds_now = now(connection)
    statement = insert(leases, connection.dialect).values(name=name, holder=holder, until=seconds_now + seconds)
    statement = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "until": seconds_now + seconds},
        where=(leases.c.holder == holder) | (leases.c.until < seconds_now),
    )
    return connection.execute(statement.returning(leases.c.name)).first() is not None
