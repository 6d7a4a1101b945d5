"""Bring the database to what a definition needs. What is safe is done (new tables, columns, indexes); what would copy or lose
data is refused with its reason, since this version has no way to do it without risk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Index, Table, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

from engine.model.text import Text
from engine.storage.column_forms import form, keep_forms, known_forms
from engine.storage.tables import WHY


class Risk(StrEnum):
    SAFE = "safe"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Dropped:
    """An index that the definition no longer asks for: a key must not bind after it is taken out."""

    name: str


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One thing to do to one table. `what` is the table, column or index itself."""

    risk: Risk
    table: Table
    what: Table | Column[object] | Index | Dropped
    message: Text


class Refused(Exception):
    """A step that turned out not to be possible."""

    def __init__(self, step: PlanStep) -> None:
        super().__init__(step.message.en)
        self.step = step


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
    forms = known_forms(connection, table.name)
    steps: list[PlanStep] = []
    for column in table.columns:
        if column.name not in present:
            message = Text(f"表 {table.name} 增加列 {column.name}", f"Add column {column.name} to {table.name}")
            steps.append(PlanStep(Risk.SAFE, table, column, message))
        elif not _same(connection, present[column.name], forms.get(column.name), column):
            message = Text(
                f"表 {table.name} 的字段 {column.name} 换了类型，这一版还不能搬数据；请换一个字段名",
                f"Field {column.name} of {table.name} changes its type; data cannot be moved yet: use a new field name",
            )
            steps.append(PlanStep(Risk.REFUSED, table, column, message))
    return steps + _index_changes(table, {str(index["name"]) for index in inspector.get_indexes(table.name)})


def _index_changes(table: Table, present: set[str]) -> list[PlanStep]:
    wanted = {str(index.name): index for index in table.indexes}
    ours = {name for name in present if name.startswith((f"{table.name}__key_", f"{table.name}__by_"))}
    steps = [
        PlanStep(Risk.SAFE, table, Dropped(name), Text(f"去掉索引 {name}", f"Drop index {name}"))
        for name in sorted(ours - wanted.keys())
    ]
    return steps + [
        PlanStep(Risk.SAFE, table, wanted[name], _index_words(wanted[name])) for name in sorted(wanted.keys() - present)
    ]


def _index_words(index: Index) -> Text:
    """With what it is for, where that is known."""
    why = index.info.get(WHY)
    said = Text(f"建索引 {index.name}", f"Create index {index.name}")
    return Text("{said}（{why}）", "{said} ({why})").fill(said=said, why=why) if why else said


def _same(connection: Connection, present: TypeEngine[object], made_as: str | None, column: Column[object]) -> bool:
    dialect = connection.dialect
    if made_as is not None:
        return made_as == form(column.type, dialect)
    return str(present.compile(dialect)).upper() == str(column.type.compile(dialect)).upper()


def apply(connection: Connection, steps: Sequence[PlanStep]) -> None:
    """Do the safe steps inside the caller's transaction. The caller has looked for refused ones. Raises Refused where the
    records themselves do not allow one."""
    operations = Operations(MigrationContext.configure(connection))
    for step in steps:
        match step.what:
            case Table() as table:
                table.create(connection)
                keep_forms(connection, table.name, table.columns)
            case Index() as index:
                _create_index(connection, step, index)
            case Dropped(name):
                operations.drop_index(name, step.table.name)
            case Column() as column:
                operations.add_column(step.table.name, Column(column.name, column.type))
                keep_forms(connection, step.table.name, [column])


def _create_index(connection: Connection, step: PlanStep, index: Index) -> None:
    try:
        index.create(connection)
    except IntegrityError as error:
        names = ", ".join(column.name for column in index.columns)
        message = Text(
            f"表 {step.table.name} 里已有重复的 {names}，不能设为唯一；请先改掉重复的记录",
            f"{step.table.name} holds records with the same {names}, so that cannot be unique: change those records first",
        )
        raise Refused(replace(step, risk=Risk.REFUSED, message=message)) from error
