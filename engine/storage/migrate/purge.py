"""Delete for good what was put away: columns and tables that no definition names any more. On purpose only, never by a
publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, MetaData, String, Table, delete, inspect, select, update

from engine.model.problem import Problem
from engine.storage import names, search_index
from engine.storage.alone import alone
from engine.storage.database import Database
from engine.storage.migrate import capture, counting
from engine.storage.migrate.briefly import briefly
from engine.storage.migrate.pacing import Chunks, Pace


@dataclass(frozen=True, slots=True)
class Hidden:
    """`column` None: the whole table. `name`: what it was called last; `rows`: records with something in it; `why`: dropped,
    replaced by a column of another type, or left by a publish that was broken off."""

    table: str
    physical: str
    column: str | None
    name: str
    since: datetime
    why: str
    rows: int


def hidden(connection: Connection, app: str, before: datetime | None = None) -> list[Hidden]:
    """What could be deleted, put away before a time; by table, then by name."""
    found: list[Hidden] = []
    begun = {column for each in capture.unfinished(connection, app).values() for column in each.columns.values()}
    for table in names.held_tables(connection, app):
        if table.hidden_at is not None:
            count = counting.rows(connection, table.physical)
            found.append(Hidden(table.name, table.physical, None, table.name, table.hidden_at, names.DROPPED, count))
            continue
        for each in table.columns:
            if each.hidden_at is None or (each.why == names.UNFINISHED and each.column in begun):
                continue
            count = counting.values(connection, table.physical, each.column)
            why = each.why or names.DROPPED
            found.append(Hidden(table.name, table.physical, each.column, each.field, each.hidden_at, why, count))
    return [each for each in found if before is None or each.since < before]


def purge(database: Database, pace: Pace, what: Hidden, probe: Callable[[str], None]) -> None:
    """Delete one of them. Large ones on SQLite go in chunks, since it would rewrite the whole table at once: the values are
    gone, and a column that is empty for good stays behind."""
    chunked = database.engine.dialect.name == "sqlite" and what.rows > pace.small
    if chunked:
        _in_chunks(database, pace, what, probe)
    with database.write() as connection:
        if what.column is None:
            search_index.drop(connection, Table(what.physical, MetaData()))
            Table(what.physical, MetaData()).drop(connection)
            names.forget_table(connection, what.physical)
        else:
            large = chunked or counting.rows(connection, what.physical) > pace.small
            if not large or connection.dialect.name != "sqlite":
                Operations(MigrationContext.configure(connection)).drop_column(what.physical, what.column)
            names.forget_column(connection, what.physical, what.column)
        probe("purged")


def _in_chunks(database: Database, pace: Pace, what: Hidden, probe: Callable[[str], None]) -> None:
    columns = [Column("id", String(26), primary_key=True)] + ([Column(what.column, String)] if what.column else [])
    table = Table(what.physical, MetaData(), *columns)
    chunks, last = Chunks(pace), ""
    while True:
        with chunks.chunk() as size, database.write() as connection:
            ids = list(
                connection.execute(select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(size)).scalars()
            )
            if not ids:
                return
            these = table.c.id.between(ids[0], ids[-1])
            if what.column is None:
                connection.execute(delete(table).where(these))
            else:
                connection.execute(update(table).where(these, table.c[what.column].is_not(None)).values({what.column: None}))
            probe("chunk")
        last = ids[-1]


def clear_left_over(database: Database) -> int:
    """Indexes that a publish made ahead and that died before its definition took over: until they go, they could refuse what
    the running definition allows. Where somebody publishes now they are his. How many went."""
    with database.read() as connection:
        left = connection.execute(select(capture.unfinished_indexes)).all()
    for app in dict.fromkeys(row.app for row in left):
        try:
            with alone(database, app, patience=0):
                briefly(database, app, partial(_clear, names=[row.name for row in left if row.app == app]))
        except Problem as problem:
            if problem.code != "publishing":
                raise
    return len(left)


def _clear(connection: Connection, names: list[str]) -> None:
    of_names = capture.unfinished_indexes.c.name.in_(names)
    for row in connection.execute(select(capture.unfinished_indexes).where(of_names)).all():
        there = {each["name"] for each in inspect(connection).get_indexes(row.physical)}
        if row.name in there:
            Operations(MigrationContext.configure(connection)).drop_index(row.name, row.physical)
    connection.execute(delete(capture.unfinished_indexes).where(of_names))
