"""Writes that come while new columns are filled: a trigger in the database notes which records changed, so that none is lost
whoever wrote it, and whether or not the process that fills them still lives. Also the books of work that is not finished."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
    update,
)

from engine.storage.migrate.steps import Filling
from engine.storage.names import UNFINISHED, HeldColumn, note_column
from engine.storage.naming import fitting
from engine.storage.system import metadata

moved_rows = Table(
    "moved_rows",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("physical", String, nullable=False),
    Column("id", String(26), nullable=False),
    Index("moved_rows__by_table", "physical", "seq"),
)
unfinished_fillings = Table(
    "unfinished_fillings",
    metadata,
    Column("physical", String, primary_key=True),
    Column("app", String, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("columns", Text, nullable=False),
    Column("done_to", String, nullable=False),
)
unfinished_indexes = Table(
    "unfinished_indexes",
    metadata,
    Column("name", String, primary_key=True),
    Column("physical", String, nullable=False),
    Column("app", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A filling that was broken off. `columns`: field → the column made for it; `done_to`: the last id that is done."""

    recipe: str
    columns: Mapping[str, str]
    done_to: str


def unfinished(connection: Connection, app: str) -> dict[str, Unfinished]:
    """Physical table → what was begun there."""
    rows = connection.execute(select(unfinished_fillings).where(unfinished_fillings.c.app == app))
    return {row.physical: Unfinished(row.recipe, json.loads(row.columns), row.done_to) for row in rows}


def begin(connection: Connection, app: str, filling: Filling, now: datetime) -> str:
    """Add the columns, set the trigger, open the books; or take up what was begun. The last id done comes back."""
    physical = filling.table.name
    known = unfinished(connection, app).get(physical)
    columns = {key: filling.table.c[key].name for key in filling.keys}
    if known is not None and known.recipe == filling.recipe and dict(known.columns) == columns:
        return known.done_to
    if known is not None:
        give_up(connection, physical)
    for key, column in columns.items():
        note_column(connection, physical, HeldColumn(column, key, now, UNFINISHED))
    watch(connection, filling)
    row = {"physical": physical, "app": app, "recipe": filling.recipe, "columns": json.dumps(columns), "done_to": ""}
    connection.execute(insert(unfinished_fillings), row)
    return ""


def give_up(connection: Connection, physical: str) -> None:
    """Stop watching; the columns made stay, unused, until purge."""
    unwatch(connection, physical)
    connection.execute(delete(unfinished_fillings).where(unfinished_fillings.c.physical == physical))
    connection.execute(delete(moved_rows).where(moved_rows.c.physical == physical))


def finished(connection: Connection, physical: str) -> None:
    """The new columns have taken over; what is left to do is give_up()."""
    connection.execute(update(unfinished_fillings).where(unfinished_fillings.c.physical == physical).values(recipe=""))


def done_to(connection: Connection, physical: str, id: str) -> None:
    """All records up to this id have their new values."""
    connection.execute(update(unfinished_fillings).where(unfinished_fillings.c.physical == physical).values(done_to=id))


def watch(connection: Connection, filling: Filling) -> None:
    """From now on every new record, and every change of a column that the new values come from, is noted."""
    quote = connection.dialect.identifier_preparer.quote
    table, of = quote(filling.table.name), ", ".join(quote(each) for each in filling.watched)
    unwatch(connection, filling.table.name)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION dajian_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO moved_rows (physical, id) VALUES (TG_TABLE_NAME, NEW.id); RETURN NULL; END $$"
        )
        events = f"INSERT OR UPDATE OF {of}" if of else "INSERT"
        name = quote(fitting(f"{filling.table.name}__moved"))
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER {events} ON {table} FOR EACH ROW EXECUTE FUNCTION dajian_moved()"
        )
        return
    literal = filling.table.name.replace("'", "''")
    for what, event in (("new", "INSERT"), *([("set", f"UPDATE OF {of}")] if of else [])):
        name = quote(fitting(f"{filling.table.name}__moved_{what}"))
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN "  # noqa: S608
            f"INSERT INTO moved_rows (physical, id) VALUES ('{literal}', NEW.id); END"
        )


def unwatch(connection: Connection, physical: str) -> None:
    """Take the trigger away, where there is one."""
    quote = connection.dialect.identifier_preparer.quote
    if connection.dialect.name == "postgresql":
        if inspect(connection).has_table(physical):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {quote(fitting(f'{physical}__moved'))} ON {quote(physical)}")
        return
    for what in ("new", "set"):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {quote(fitting(f'{physical}__moved_{what}'))}")


def moved(connection: Connection, physical: str, limit: int | None = None) -> list[tuple[int, str]]:
    """(number, id) of noted records, oldest first."""
    query = select(moved_rows.c.seq, moved_rows.c.id).where(moved_rows.c.physical == physical).order_by(moved_rows.c.seq)
    return [(row.seq, row.id) for row in connection.execute(query.limit(limit))]


def note_moved(connection: Connection, physical: str, ids: Sequence[str]) -> None:
    """Records to look at again."""
    if ids:
        connection.execute(insert(moved_rows), [{"physical": physical, "id": id} for id in ids])


def settled(connection: Connection, numbers: Sequence[int]) -> None:
    """These notes are dealt with."""
    for start in range(0, len(numbers), 500):
        connection.execute(delete(moved_rows).where(moved_rows.c.seq.in_(numbers[start : start + 500])))
