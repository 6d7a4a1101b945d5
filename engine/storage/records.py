"""Rows in and out of the real tables. Values are Python values; no permission is asked here: the two doors above do that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlalchemy.exc import IntegrityError

from engine.storage.prepared import THE_ID, insert_into, select_by, update_by_id
from engine.storage.tables import whole


class DuplicateKey(Exception):
    """A unique key that another record holds already; `fields` are its columns."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


def get(connection: Connection, table: Table, id: str) -> dict[str, Any] | None:
    """One record by id."""
    rows = select_by(table, "id", connection.dialect).dicts(connection, {THE_ID: id})
    return rows[0] if rows else None


def get_many(connection: Connection, table: Table, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Records by id, those that exist."""
    rows = connection.execute(select(*whole(table)).where(table.c.id.in_(list(ids))))
    return {row.id: dict(row._mapping) for row in rows}


def linked(connection: Connection, table: Table, link: str, id: str) -> list[dict[str, Any]]:
    """Records of `table` whose link field points at `id`, oldest first."""
    return select_by(table, link, connection.dialect).dicts(connection, {THE_ID: id})


def add(connection: Connection, table: Table, record: Mapping[str, Any]) -> None:
    """Insert one record. Raises DuplicateKey."""
    try:
        insert_into(table, connection.dialect).run(connection, record)
    except IntegrityError as error:
        raise _duplicate(table, error) from error


def change(connection: Connection, table: Table, id: str, values: Mapping[str, Any]) -> None:
    """Update some columns of one record. Raises DuplicateKey."""
    try:
        statement = update_by_id(table, tuple(sorted(values)), connection.dialect)
        statement.run(connection, {THE_ID: id, **{f"to_{name}": value for name, value in values.items()}})
    except IntegrityError as error:
        raise _duplicate(table, error) from error


def remove(connection: Connection, table: Table, id: str) -> None:
    """Delete one record."""
    connection.execute(delete(table).where(table.c.id == bindparam("the_id")), {"the_id": id})


def _duplicate(table: Table, error: IntegrityError) -> Exception:
    """SQLite names the columns of the key: `UNIQUE constraint failed: t.a, t.b`."""
    match = re.search(r"UNIQUE constraint failed: (.+)$", str(error.orig))
    if match is None:
        return error
    fields = {column.name: str(column.key) for column in table.columns}
    columns = (part.strip().rsplit(".", 1)[-1] for part in match.group(1).split(","))
    return DuplicateKey(tuple(fields.get(name, name) for name in columns))
