"""Where the tables of the engine itself are declared: one metadata for all of them, whichever layer declares one."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, MetaData, inspect

metadata = MetaData()


def bring_up(connection: Connection) -> None:
    """Create the engine's own tables where they are missing, and what a newer version has added to them. A column that is
    added must allow for the rows that are there: be nullable or have a default of the database's."""
    present = set(inspect(connection).get_table_names())
    metadata.create_all(connection)
    operations = Operations(MigrationContext.configure(connection))
    for table in metadata.sorted_tables:
        if table.name not in present:
            continue
        known = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                added = Column(column.name, column.type, nullable=column.nullable, server_default=column.server_default)
                operations.add_column(table.name, added)
