"""Rows in and out of the real tables. Values are Python values; no permission is asked here: the two doors above do that."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlalchemy.exc import IntegrityError

from engine.storage.prepared import THE_ID, Lock, insert_into, locked, select_by, update_by_id
from engine.storage.tables import whole


class DuplicateKey(Exception):
    """A unique key that another record holds already; `fields` are its columns."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class Overtaken(Exception):
    """Another process has taken a key that was free when it was looked up: the transaction is to be done again."""


def get(connection: Connection, table: Table, id: str, lock: Lock = Lock.NONE) -> dict[str, Any] | None:
    """One record by id."""
    rows = select_by(table, "id", connection.dialect, lock).dicts(connection, {THE_ID: id})
    return rows[0] if rows else None


def get_many(connection: Connection, table: Table, ids: Sequence[str], lock: Lock = Lock.NONE) -> dict[str, dict[str, Any]]:
    """Records by id, those that exist; locked in the order of their ids, so that two who ask for the same never wait for each
    other in a circle."""
    query = select(*whole(table)).where(table.c.id.in_(list(ids))).order_by(table.c.id)
    return {row.id: dict(row._mapping) for row in connection.execute(locked(query, lock))}


def linked(connection: Connection, table: Table, link: str, id: str) -> list[dict[str, Any]]:
    """Records of `table` whose link field points at `id`, oldest first."""
    return select_by(table, link, connection.dialect).dicts(connection, {THE_ID: id})


def add(connection: Connection, table: Table, record: Mapping[str, Any]) -> None:
    """Insert one record. Raises DuplicateKey."""
    with _told(connection, table, record):
        insert_into(table, connection.dialect).run(connection, record)


def add_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows in one statement, in their order. Raises Overtaken."""
    try:
        insert_into(table, connection.dialect).run_many(connection, rows)
    except IntegrityError as error:
        if isinstance(_duplicate(error, table), DuplicateKey):
            raise Overtaken from error
        raise


def change_many(connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> None:
    """Update the same columns of many records; each row has its `id` beside them. None of them is part of a key."""
    statement = update_by_id(table, columns, connection.dialect)
    bound = ({THE_ID: row["id"], **{f"to_{name}": row[name] for name in columns}} for row in rows)
    statement.run_many(connection, list(bound))


def change(connection: Connection, table: Table, id: str, values: Mapping[str, Any]) -> None:
    """Update some columns of one record. Raises DuplicateKey."""
    statement = update_by_id(table, tuple(sorted(values)), connection.dialect)
    with _told(connection, table, values):
        statement.run(connection, {THE_ID: id, **{f"to_{name}": value for name, value in values.items()}})


def remove(connection: Connection, table: Table, id: str) -> None:
    """Delete one record."""
    connection.execute(delete(table).where(table.c.id == bindparam("the_id")), {"the_id": id})


@contextmanager
def _told(connection: Connection, table: Table, values: Collection[str]) -> Iterator[None]:
    """A key that is taken, as DuplicateKey. PostgreSQL gives up the whole transaction for it, so there a write that may meet
    one stands in a savepoint of its own."""
    careful = connection.dialect.name == "postgresql" and not key_columns(table).isdisjoint(values)
    savepoint = connection.begin_nested() if careful else None
    try:
        yield
    except IntegrityError as error:
        if savepoint is not None:
            savepoint.rollback()
        raise _duplicate(error, table) from error
    if savepoint is not None:
        savepoint.commit()


@lru_cache(maxsize=1024)
def key_columns(table: Table) -> frozenset[str]:
    """Columns of unique keys."""
    return frozenset(column.key for index in table.indexes if index.unique for column in index.columns)


def _duplicate(error: IntegrityError, table: Table) -> Exception:
    """SQLite names the columns of the key: `UNIQUE constraint failed: t.a, t.b`; PostgreSQL the index."""
    match = re.search(r"UNIQUE constraint failed: (.+)$", str(error.orig))
    if match is not None:
        fields = {column.name: str(column.key) for column in table.columns}
        columns = (part.strip().rsplit(".", 1)[-1] for part in match.group(1).split(","))
        return DuplicateKey(tuple(fields.get(name, name) for name in columns))
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    index = next((index for index in table.indexes if index.unique and index.name == name), None)
    return error if index is None else DuplicateKey(tuple(column.key for column in index.columns))
