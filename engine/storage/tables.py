"""The real table behind each table of an app: typed columns, unique keys, and the indexes chosen for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Column, Index, Integer, MetaData, String, Table

from engine.kinds.protocols import Sought
from engine.kinds.registry import Registry
from engine.language.sqltypes import Flags, Instant
from engine.model.app import App
from engine.model.app import Table as AppTable
from engine.storage.indexes import chosen
from engine.storage.naming import fitting
from engine.storage.search_side import SEARCHED

# The key in an index's `info` under which stands what it is for, a Text.
WHY = "why"
# So much of a name is a table's, that an index named after it can still say its fields.
LONGEST_TABLE = 40
SYSTEM_FIELDS = ("id", "version", "created_at", "created_by", "updated_at", "updated_by", "flags")


def physical_tables(app: App, registry: Registry) -> Mapping[str, Table]:
    """Table name → SQLAlchemy table, columns named like fields."""
    metadata = MetaData()
    return {name: _table(app, table, registry, metadata) for name, table in app.tables.items()}


def _table(app: App, table: AppTable, registry: Registry, metadata: MetaData) -> Table:
    physical = fitting(f"{app.name}__{table.name}", LONGEST_TABLE)
    columns = [*_system_columns(table), *_field_columns(table, registry)]
    made = Table(physical, metadata, *columns, *_indexes(app, table, physical))
    made.info[SEARCHED] = tuple(
        name for name, field in table.fields.items() if name in made.c and isinstance(registry.fields[field.kind], Sought)
    )
    return made


def _system_columns(table: AppTable) -> Iterator[Column[object]]:
    yield Column("id", String(26), primary_key=True)
    yield Column("version", Integer, nullable=False)
    yield Column("created_at", Instant(), nullable=False)
    yield Column("created_by", String, nullable=False)
    yield Column("updated_at", Instant(), nullable=False)
    yield Column("updated_by", String, nullable=False)
    yield Column("flags", Flags())
    if table.flow:
        for state in table.flow.states:
            yield Column(f"{state}_at", Instant())


def _field_columns(table: AppTable, registry: Registry) -> Iterator[Column[object]]:
    for field in table.fields.values():
        if field.value is not None and not field.stored:
            continue
        kind = registry.fields[field.kind].column(field)
        if kind is not None:
            yield Column(field.name, kind)


def _indexes(app: App, table: AppTable, physical: str) -> Iterator[Index]:
    """NULL is never equal to NULL in a unique index, so keys bind only where all their fields are there. PostgreSQL is told to
    put empty first, as lists do (runtime/cursor.py): an index in another order would not serve them."""
    for each in chosen(app, table):
        name = fitting(f"{physical}__{'key' if each.key else 'by'}_{'_'.join(each.fields)}")
        first = {} if each.key else {field: "NULLS FIRST" for field in each.fields if field != "id"}
        yield Index(name, *each.fields, unique=each.key, info={WHY: each.why}, postgresql_ops=first)
