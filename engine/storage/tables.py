"""The real table behind each table of an app: typed columns, unique keys, and the indexes chosen for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Integer, MetaData, Table

from engine.kinds.protocols import Sought
from engine.kinds.registry import Registry
from engine.language.sqltypes import Flags, Instant, words
from engine.model.app import App
from engine.model.app import Table as AppTable
from engine.storage.indexes import chosen
from engine.storage.names import Names
from engine.storage.naming import fitting
from engine.storage.search_side import SEARCHED

# The key in an index's `info` under which stands what it is for, a Text.
WHY = "why"
SYSTEM_FIELDS = ("id", "version", "created_at", "created_by", "updated_at", "updated_by", "flags")


def physical_tables(app: App, registry: Registry, names: Names | None = None) -> Mapping[str, Table]:
    """Table name → SQLAlchemy table; `table.c` goes by field names, whatever the columns are called."""
    metadata = MetaData()
    kept = names or Names(app.name)
    return {name: _table(app, table, registry, metadata, kept) for name, table in app.tables.items()}


def whole(table: Table) -> list[ColumnElement[Any]]:
    """Every column under its field's name, to select whole records."""
    return [column.label(column.key) for column in table.columns]


def _table(app: App, table: AppTable, registry: Registry, metadata: MetaData, names: Names) -> Table:
    columns = [
        Column(names.column(table.name, name), type, key=name, primary_key=name == "id", nullable=nullable)
        for name, type, nullable in (*_system_columns(table), *_field_columns(table, registry))
    ]
    made = Table(names.table(table.name), metadata, *columns)
    _add_indexes(app, table, made)
    made.info[SEARCHED] = tuple(
        name for name, field in table.fields.items() if name in made.c and isinstance(registry.fields[field.kind], Sought)
    )
    return made


def _system_columns(table: AppTable) -> Iterator[tuple[str, Any, bool]]:
    yield "id", words(26), False
    yield "version", Integer(), False
    yield "created_at", Instant(), False
    yield "created_by", words(), False
    yield "updated_at", Instant(), False
    yield "updated_by", words(), False
    yield "flags", Flags(), True
    if table.flow:
        for state in table.flow.states:
            yield f"{state}_at", Instant(), True


def _field_columns(table: AppTable, registry: Registry) -> Iterator[tuple[str, Any, bool]]:
    for field in table.fields.values():
        if field.value is not None and not field.stored:
            continue
        kind = registry.fields[field.kind].column(field)
        if kind is not None:
            yield field.name, kind, True


def _add_indexes(app: App, table: AppTable, made: Table) -> None:
    """Named after their columns, so that a renamed field keeps its index. NULL is never equal to NULL in a unique index, so
    keys bind only where all their fields are there. PostgreSQL is told to put empty first, as lists do (runtime/cursor.py): an
    index in another order would not serve them."""
    for each in chosen(app, table):
        columns = [made.c[field] for field in each.fields]
        name = fitting(f"{made.name}__{'key' if each.key else 'by'}_{'_'.join(column.name for column in columns)}")
        first = {} if each.key else {field: "NULLS FIRST" for field in each.fields if field != "id"}
        Index(name, *columns, unique=each.key, info={WHY: each.why}, postgresql_ops=first)
