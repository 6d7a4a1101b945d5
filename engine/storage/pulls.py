"""Where each pull of a connection stands, and every row it brought: what was written from it, or why it waits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Index, Integer, String, Table, Text, delete, select

from engine.language.sqltypes import Instant
from engine.storage.prepared import Prepared, prepare, text_parameter
from engine.storage.system import metadata
from engine.storage.upsert import insert

pulls = Table(
    "pulls",
    metadata,
    Column("app", String, primary_key=True),
    Column("connection", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("cursor", Text),
    Column("next_at", Instant()),
    Column("last_at", Instant()),
    Column("last_ok_at", Instant()),
    Column("error_zh", Text),
    Column("error_en", Text),
    Column("received", Integer, nullable=False, default=0),
)

source_rows = Table(
    "source_rows",
    metadata,
    Column("app", String, primary_key=True),
    Column("connection", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("table", String, nullable=False),
    Column("record_id", String(26)),
    Column("mapped", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("waiting", Text),
    Column("at", Instant(), nullable=False),
    Index("source_rows__by_record", "app", "table", "record_id"),
    Index("source_rows__waiting", "app", "connection", "stream", "waiting"),
)


@dataclass(frozen=True, slots=True)
class PullState:
    """`cursor` is what the connector gave with the last stored page; `received` counts rows ever brought."""

    cursor: Mapping[str, Any] | None
    next_at: datetime | None
    last_at: datetime | None
    last_ok_at: datetime | None
    error_zh: str | None
    error_en: str | None
    received: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row from outside. `key`: its match values as JSON; `mapped`: what `map` gave last (field → JSON), by which a later
    change at the source is told from a correction made here; `payload`: the row itself as JSON; `waiting`: why not written."""

    key: str
    table: str
    record_id: str | None
    mapped: Mapping[str, Any]
    payload: str
    waiting: str | None
    at: datetime


Place = tuple[str, str, str]


def state(connection: Connection, place: Place) -> PullState:
    """How a pull stands; `place` is (app, connection, stream)."""
    row = connection.execute(select(pulls).where(*_at(pulls, place))).first()
    if row is None:
        return PullState(None, None, None, None, None, None, 0)
    values = dict(row._mapping)
    cursor = json.loads(values["cursor"]) if values["cursor"] else None
    return PullState(cursor, **{name: values[name] for name in PullState.__slots__ if name != "cursor"})


def save(connection: Connection, place: Place, **values: Any) -> None:
    """Change some columns of a pull's state; `cursor` as a mapping."""
    if "cursor" in values:
        values["cursor"] = json.dumps(values["cursor"])
    app, name, stream = place
    statement = insert(pulls, connection.dialect).values(app=app, connection=name, stream=stream, **{"received": 0, **values})
    statement = statement.on_conflict_do_update(index_elements=["app", "connection", "stream"], set_=values)
    connection.execute(statement)


def row(connection: Connection, place: Place, key: str) -> SourceRow | None:
    """What is known of one row."""
    found = connection.execute(select(source_rows).where(*_at(source_rows, place), source_rows.c.key == key)).first()
    return _row(found) if found is not None else None


def waiting(connection: Connection, place: Place, limit: int) -> list[SourceRow]:
    """Rows that could not be written yet, oldest first."""
    query = select(source_rows).where(*_at(source_rows, place), source_rows.c.waiting.is_not(None))
    return [_row(found) for found in connection.execute(query.order_by(source_rows.c.at).limit(limit))]


def keep(connection: Connection, place: Place, given: SourceRow) -> None:
    """Insert or replace one row."""
    app, name, stream = place
    values = {n: getattr(given, n) for n in SourceRow.__slots__}
    values["mapped"] = json.dumps(given.mapped, ensure_ascii=False)
    statement = insert(source_rows, connection.dialect).values(app=app, connection=name, stream=stream, **values)
    updated = {n: v for n, v in values.items() if n != "key"}
    keys = ["app", "connection", "stream", "key"]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=updated))


def drop(connection: Connection, place: Place, key: str) -> None:
    """Forget one row: it is known under its real key now."""
    connection.execute(delete(source_rows).where(*_at(source_rows, place), source_rows.c.key == key))


def owner(connection: Connection, app: str, table: str, record_id: str, names: tuple[str, ...]) -> str | None:
    """The connection among `names` that matched this record, if one did."""
    return next((name for name in _matched(connection, app, table, record_id) if name in names), None)


def _matched(connection: Connection, app: str, table: str, record_id: str) -> list[str]:
    of_record = {"the_app": app, "the_table": table, "the_record": record_id}
    return [row["connection"] for row in _of_record(connection.dialect).dicts(connection, of_record)]


def matched(connection: Connection, app: str, table: str, ids: Sequence[str]) -> dict[str, list[str]]:
    """Record → the connections that matched it, for those of these records that any did."""
    if len(ids) == 1:
        names = _matched(connection, app, table, ids[0])
        return {ids[0]: names} if names else {}
    c = source_rows.c
    found: dict[str, list[str]] = {}
    where = (c.app == app, c.table == table, c.record_id.in_(ids))
    for row in connection.execute(select(c.record_id, c.connection).where(*where)):
        found.setdefault(row.record_id, []).append(row.connection)
    return found


@lru_cache(maxsize=8)
def _of_record(dialect: Dialect) -> Prepared:
    c = source_rows.c
    where = (
        c.app == text_parameter("the_app"),
        c.table == text_parameter("the_table"),
        c.record_id == text_parameter("the_record"),
    )
    return prepare(select(c.connection).where(*where), dialect)


def _at(table: Table, place: Place) -> tuple[Any, Any, Any]:
    app, name, stream = place
    return (table.c.app == app, table.c.connection == name, table.c.stream == stream)


def _row(found: Any) -> SourceRow:
    values = {n: getattr(found, n) for n in SourceRow.__slots__}
    values["mapped"] = json.loads(values["mapped"])
    return SourceRow(**values)
