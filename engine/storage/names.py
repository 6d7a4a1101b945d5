"""Under which physical name each table and field is kept. A physical name is readable, given when the column is made, and
kept for life: a rename changes a line here and no column. What no definition names any more is hidden here, with its date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, and_, delete, insert, select, update

from engine.language.sqltypes import Instant
from engine.storage.naming import fitting
from engine.storage.system import metadata

# So much of a name is a table's or a column's, that an index named after them can still say its fields.
ROOM = 40

stored_tables = Table(
    "stored_tables",
    metadata,
    Column("physical", String, primary_key=True),
    Column("app", String, nullable=False),
    Column("name", String, nullable=False),
    Column("hidden_at", Instant()),
)
stored_columns = Table(
    "stored_columns",
    metadata,
    Column("physical", String, primary_key=True),
    Column("column", String, primary_key=True),
    Column("field", String, nullable=False),
    Column("hidden_at", Instant()),
    Column("why", String),
)
former_names = Table(
    "former_names",
    metadata,
    Column("app", String, primary_key=True),
    Column("table", String, primary_key=True),
    Column("field", String, primary_key=True),
    Column("until", Integer, primary_key=True),
    Column("former", String, nullable=False),
)

# Why a column is hidden: no field names it; another column took its place; a publish that was never finished made it.
DROPPED, REPLACED, UNFINISHED = "dropped", "replaced", "unfinished"


@dataclass(frozen=True, slots=True)
class HeldColumn:
    """One physical column that the engine made for a field. `hidden_at` None: in use."""

    column: str
    field: str
    hidden_at: datetime | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class HeldTable:
    """One physical table with its columns, those of the engine's own fields left out where nothing was ever noted."""

    physical: str
    name: str
    hidden_at: datetime | None
    columns: tuple[HeldColumn, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Field ↔ column of one app as it runs. What is not listed is kept under its own name."""

    app: str
    tables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def table(self, name: str) -> str:
        """The physical name of a table."""
        return self.tables.get(name) or plain_table(self.app, name)

    def column(self, table: str, name: str) -> str:
        """The physical name of a field's column."""
        return self.columns.get(self.table(table), {}).get(name, name)


def plain_table(app: str, name: str) -> str:
    """What a table is called unless that is taken or too long."""
    return fitting(f"{app}__{name}", ROOM)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or with the first number that nobody has."""
    used, number, name = set(taken), 1, wanted
    while name in used:
        number += 1
        name = f"{wanted}_{number}"
    return name


def read_names(connection: Connection, app: str) -> Names:
    """The names of what is in use."""
    held = [each for each in held_tables(connection, app) if each.hidden_at is None]
    columns = {each.physical: {c.field: c.column for c in each.columns if c.hidden_at is None} for each in held}
    return Names(app, {each.name: each.physical for each in held}, columns)


def held_tables(connection: Connection, app: str) -> list[HeldTable]:
    """Everything noted of an app, hidden things too, in the order of their names."""
    columns: dict[str, list[HeldColumn]] = {}
    of_app = select(stored_tables.c.physical).where(stored_tables.c.app == app)
    query = select(stored_columns).where(stored_columns.c.physical.in_(of_app)).order_by(stored_columns.c.column)
    for row in connection.execute(query):
        columns.setdefault(row.physical, []).append(HeldColumn(row.column, row.field, row.hidden_at, row.why))
    tables = connection.execute(select(stored_tables).where(stored_tables.c.app == app).order_by(stored_tables.c.physical))
    return [HeldTable(row.physical, row.name, row.hidden_at, tuple(columns.get(row.physical, ()))) for row in tables]


def all_physical(connection: Connection) -> set[str]:
    """Physical tables of all apps, so that a new one takes no name of theirs."""
    return set(connection.execute(select(stored_tables.c.physical)).scalars())


def keep_tables(connection: Connection, app: str, tables: Iterable[HeldTable]) -> None:
    """Note these tables and exactly these columns of theirs."""
    for table in tables:
        row = {"physical": table.physical, "app": app, "name": table.name, "hidden_at": table.hidden_at}
        connection.execute(delete(stored_tables).where(stored_tables.c.physical == table.physical))
        connection.execute(insert(stored_tables), row)
        connection.execute(delete(stored_columns).where(stored_columns.c.physical == table.physical))
        rows: list[dict[str, Any]] = [
            {"physical": table.physical, "column": c.column, "field": c.field, "hidden_at": c.hidden_at, "why": c.why}
            for c in table.columns
        ]
        if rows:
            connection.execute(insert(stored_columns), rows)


def note_column(connection: Connection, physical: str, column: HeldColumn) -> None:
    """Note one column, whatever was noted of it before."""
    at = and_(stored_columns.c.physical == physical, stored_columns.c.column == column.column)
    connection.execute(delete(stored_columns).where(at))
    row = {"physical": physical, "column": column.column, "field": column.field}
    connection.execute(insert(stored_columns), {**row, "hidden_at": column.hidden_at, "why": column.why})


def forget_column(connection: Connection, physical: str, column: str) -> None:
    """It is gone for good."""
    at = and_(stored_columns.c.physical == physical, stored_columns.c.column == column)
    connection.execute(delete(stored_columns).where(at))


def forget_table(connection: Connection, physical: str) -> None:
    """It is gone for good, with its columns."""
    connection.execute(delete(stored_columns).where(stored_columns.c.physical == physical))
    connection.execute(delete(stored_tables).where(stored_tables.c.physical == physical))


def rename_field(connection: Connection, app: str, table: str, old: str, new: str, revision: int) -> None:
    """From `revision` on, what was `old` is `new`; older lines of the journal are read by this. `table` as it is called now."""
    known = and_(former_names.c.app == app, former_names.c.table == table, former_names.c.field == old)
    connection.execute(update(former_names).where(known).values(field=new))
    row = {"app": app, "table": table, "field": new, "until": revision, "former": old}
    connection.execute(insert(former_names), row)


def rename_table(connection: Connection, app: str, old: str, new: str, revision: int) -> None:
    """The same for a table: all that is known of its names goes along."""
    known = and_(former_names.c.app == app, former_names.c.table == old)
    connection.execute(update(former_names).where(known).values(table=new))
    connection.execute(insert(former_names), {"app": app, "table": new, "field": "", "until": revision, "former": old})
