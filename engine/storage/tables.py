"""The real table behind each table of an app: typed columns, unique keys, indexes for links, states and sorted boards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Integer, MetaData, String, Table

from engine.kinds.registry import Registry
from engine.language.sqltypes import Flags, Instant
from engine.model.app import App
from engine.model.app import Table as AppTable
from engine.storage.names import Names, short

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
    physical = names.table(table.name)
    columns = [
        Column(names.column(table.name, name), type, key=name, primary_key=name == "id", nullable=nullable)
        for name, type, nullable in (*_system_columns(table), *_field_columns(table, registry))
    ]
    made = Table(physical, metadata, *columns)
    for kind, unique, fields in _indexes(app, table):
        column_names = "_".join(made.c[name].name for name in fields)
        Index(short(f"{physical}__{kind}_{column_names}"), *(made.c[name] for name in fields), unique=unique)
    return made


def _system_columns(table: AppTable) -> Iterator[tuple[str, Any, bool]]:
    yield "id", String(26), False
    yield "version", Integer(), False
    yield "created_at", Instant(), False
    yield "created_by", String(), False
    yield "updated_at", Instant(), False
    yield "updated_by", String(), False
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


def _indexes(app: App, table: AppTable) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """(key or by, is it unique, fields). NULL is never equal to NULL in a unique index, so keys bind only where all their
    fields are there."""
    keys = [(name,) for name, field in table.fields.items() if field.unique] + list(table.keys)
    for key in dict.fromkeys(keys):
        yield "key", True, tuple(key)
    plain: dict[tuple[str, ...], None] = {(f.name,): None for f in table.fields.values() if f.kind == "link"}
    if table.flow:
        plain[(table.flow.field, "id")] = None
    for board in app.boards.values():
        if board.table == table.name and board.sort:
            first = board.sort[0].lstrip("-")
            if first in table.fields and first not in table.types.computed:
                plain[(first, "id")] = None
    for columns in plain:
        yield "by", False, columns
