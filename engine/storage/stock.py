"""Everything that a database of ours holds, as tables whose values can be read and written on either database: the engine's
own, and those of apps with every column they ever had, hidden ones too. What can be made again (indexes, what searching keeps)
is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, MetaData, Table, Text, inspect, select
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.language.sqltypes import Number, words
from engine.storage.column_forms import column_forms
from engine.storage.row_text import write_row
from engine.storage.system import metadata
from engine.storage.transactions import transaction

# Made again after a restore: who leads at the moment, what searching is quick by, what the columns of this database are. And
# what a restore must not bring back to life: sessions that have ended since, codes that were spent.
LEFT_OUT = frozenset({"leases", "search_indexes", column_forms.name, "sessions", "first_codes"})
_AT_ONCE = 1_000
_VARCHAR = re.compile(r'VARCHAR(?:\((\d+)\))?(?: COLLATE "C")?')
_PLAIN: Mapping[str, type[TypeEngine[Any]]] = {
    "INTEGER": Integer,
    "BIGINT": BigInteger,
    "BOOLEAN": Boolean,
    "TEXT": Text,
}


def system_tables() -> list[Table]:
    """The engine's own, each after those that it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def app_tables(connection: Connection) -> list[Table]:
    """Those of apps, as they are in the database."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(select(column_forms)):
        columns.setdefault(row.table, []).append((row.column, row.form))
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    made = []
    for name in sorted(columns.keys() & present):
        there = [str(column["name"]) for column in inspector.get_columns(name)]
        forms = dict(columns[name])
        made.append(table_of(name, {column: forms[column] for column in there if column in forms}))
    return made


def table_of(name: str, forms: Mapping[str, str]) -> Table:
    """A table by its columns' forms."""
    return Table(
        name, MetaData(), *(Column(column, type_of(form), primary_key=column == "id") for column, form in forms.items())
    )


def type_of(form: str) -> TypeEngine[Any]:
    """The type that has this form. Raises LookupError."""
    if number := re.fullmatch(r"Number\((\d+)\)", form):
        return Number(int(number[1]))
    if varchar := _VARCHAR.fullmatch(form):
        return words(int(varchar[1])) if varchar[1] else words()
    if form in _PLAIN:
        return _PLAIN[form]()
    return _decorators(TypeDecorator)[form]()


def _decorators(kind: type[TypeDecorator[Any]]) -> dict[str, type[TypeDecorator[Any]]]:
    """Every type of our own by its name; kinds may bring some."""
    found = {each.__name__: each for each in kind.__subclasses__()}
    for each in list(found.values()):
        found |= _decorators(each)
    return found


def all_of_ours(connection: Connection) -> list[str]:
    """Names of all tables in this database that the engine made."""
    present = set(inspect(connection).get_table_names())
    noted = set(connection.execute(select(column_forms.c.table)).scalars()) if column_forms.name in present else set()
    return sorted(present & (noted | set(metadata.tables)))


def kept_columns(table: Table) -> list[Column[Any]]:
    """Those that mean the same in another database. A transaction's number does not: there they are counted anew, so lines
    that come back are those of the transaction that brings them, in their own order."""
    return [column for column in table.columns if not isinstance(getattr(column.server_default, "arg", None), transaction)]


def lines_of(connection: Connection, table: Table, columns: Sequence[str] | None = None) -> Iterator[bytes]:
    """Every row as a line, some at a time; its columns in this order."""
    by_name = {column.name: column for column in table.columns}
    wanted = [by_name[name] for name in columns] if columns is not None else kept_columns(table)
    for row in connection.execute(select(*wanted), execution_options={"yield_per": _AT_ONCE}):
        yield write_row(row)


def columns_of(table: Table) -> Sequence[str]:
    """Names of the columns, in the order of `lines_of`."""
    return [column.name for column in kept_columns(table)]
