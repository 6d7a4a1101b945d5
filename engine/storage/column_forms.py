"""What each column of an app's table was made as. The database itself keeps amounts of two places and of three, pieces and
durations all as whole numbers, times and links all as text: only this tells that a new definition would misread them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Connection, Dialect, String, Table, inspect, select
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.language.sqltypes import Number
from engine.storage.system import metadata
from engine.storage.upsert import insert

column_forms = Table(
    "column_forms",
    metadata,
    Column("table", String, primary_key=True),
    Column("column", String, primary_key=True),
    Column("form", String, nullable=False),
)


def form(type: TypeEngine[object], dialect: Dialect) -> str:
    """A type's name with all that decides how its values are read."""
    if isinstance(type, Number):
        return f"Number({type.scale})"
    return type.__class__.__name__ if isinstance(type, TypeDecorator) else str(type.compile(dialect)).upper()


def known_forms(connection: Connection, table: str) -> dict[str, str]:
    """Column → form, of those columns that were made here."""
    if not inspect(connection).has_table(column_forms.name):
        return {}
    rows = connection.execute(select(column_forms.c.column, column_forms.c.form).where(column_forms.c.table == table))
    return {row.column: row.form for row in rows}


def keep_forms(connection: Connection, table: str, columns: Iterable[Column[object]]) -> None:
    """Note columns just made."""
    rows = [{"table": table, "column": c.name, "form": form(c.type, connection.dialect)} for c in columns]
    statement = insert(column_forms, connection.dialect)
    replaced = statement.on_conflict_do_update(index_elements=["table", "column"], set_={"form": statement.excluded.form})
    connection.execute(replaced, rows)
