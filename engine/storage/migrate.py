"""Bring the database to what a definition needs. What is safe is done (new tables, columns, indexes); what would copy or lose
data is refused with its reason, since this version has no way to do it without risk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Index, Table, inspect
from sqlalchemy.types import TypeEngine

from engine.model.text import Text


class Risk(StrEnum):
    SAFE = "safe"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One thing to do to one table. `what` is the table, column or index itself."""

    risk: Risk
    table: Table
    what: Table | Column[object] | Index
    message: Text


def plan(connection: Connection, tables: Iterable[Table]) -> Sequence[PlanStep]:
    """What publishing would do, in order. Columns that no field names any more stay untouched and are not listed."""
    existing = set(inspect(connection).get_table_names())
    steps: list[PlanStep] = []
    for table in tables:
        if table.name not in existing:
            steps.append(PlanStep(Risk.SAFE, table, table, Text(f"新建表 {table.name}", f"Create table {table.name}")))
        else:
            steps += _changes(connection, table)
    return steps


def _changes(connection: Connection, table: Table) -> list[PlanStep]:
    inspector = inspect(connection)
    present = {column["name"]: column["type"] for column in inspector.get_columns(table.name)}
    indexes = {index["name"] for index in inspector.get_indexes(table.name)}
    steps: list[PlanStep] = []
    for column in table.columns:
        if column.name not in present:
            message = Text(f"表 {table.name} 增加列 {column.name}", f"Add column {column.name} to {table.name}")
            steps.append(PlanStep(Risk.SAFE, table, column, message))
        elif not _same(connection, present[column.name], column):
            message = Text(
                f"表 {table.name} 的字段 {column.name} 换了类型，这一版还不能搬数据；请换一个字段名",
                f"Field {column.name} of {table.name} changes its type; data cannot be moved yet: use a new field name",
            )
            steps.append(PlanStep(Risk.REFUSED, table, column, message))
    for index in sorted(table.indexes, key=lambda i: str(i.name)):
        if index.name not in indexes:
            steps.append(PlanStep(Risk.SAFE, table, index, Text(f"建索引 {index.name}", f"Create index {index.name}")))
    return steps


def _same(connection: Connection, present: TypeEngine[object], column: Column[object]) -> bool:
    dialect = connection.dialect
    return str(present.compile(dialect)).upper() == str(column.type.compile(dialect)).upper()


def apply(connection: Connection, steps: Sequence[PlanStep]) -> None:
    """Do the safe steps inside the caller's transaction. The caller has looked for refused ones."""
    operations = Operations(MigrationContext.configure(connection))
    for step in steps:
        if isinstance(step.what, Table | Index):
            step.what.create(connection)
        else:
            operations.add_column(step.table.name, Column(step.what.name, step.what.type))
