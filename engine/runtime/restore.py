"""Filling an empty database from a backup: the engine's tables, those of each app as its running definition has them and with
what they held beyond it, row by row, and then the proof that what is there now is what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Table, func, insert, select, text, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, StatementError

from engine.definition.load import load
from engine.kinds.registry import Registry
from engine.model.connector import Catalogue
from engine.model.text import Text
from engine.storage import files, revisions, search_index
from engine.storage.archive import ArchiveReader, bad_backup
from engine.storage.column_forms import keep_forms
from engine.storage.journal import journal
from engine.storage.names import read_names
from engine.storage.row_text import Sum, read_row
from engine.storage.stock import lines_of, table_of
from engine.storage.system import metadata
from engine.storage.tables import physical_tables

_AT_ONCE = 500

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stocked:
    """What was restored."""

    tables: int
    rows: int
    apps: tuple[str, ...]
    journal: int


def fill(connection: Connection, archive: ArchiveReader, registry: Registry, catalogue: Catalogue) -> Stocked:
    """Everything from the backup into a database without tables of ours, in the caller's transaction. Raises Problem 422."""
    told: Sequence[Told] = archive.manifest["tables"]
    metadata.create_all(connection)
    own = {table["name"]: table for table in told if table["of"] == "system"}
    others = {table["name"] for table in told if table["of"] != "system"}
    if strange := sorted((own.keys() - metadata.tables.keys()) | (others & metadata.tables.keys())):
        raise bad_backup(_STRANGE.fill(tables=", ".join(strange)))
    for table in metadata.sorted_tables:
        if table.name in own:
            _require_known(table, own[table.name])
            _load(connection, table, archive, own[table.name])
    apps = _make_tables(connection, registry, catalogue)
    for each in told:
        if each["of"] == "app":
            _load(connection, _made(connection, each, apps), archive, each)
    search_index.ensure(connection, apps.values())
    _count_on(connection)
    _forget_files(connection, archive.manifest["gone"])
    lines = int(connection.execute(select(func.count()).select_from(journal)).scalar_one())
    return Stocked(len(told), sum(each["rows"] for each in told), tuple(sorted(revisions.active_apps(connection))), lines)


def _require_known(table: Table, told: Told) -> None:
    """A column that is unknown here comes from a newer version."""
    unknown = [name for name in told["columns"] if name not in table.c]
    if unknown:
        raise bad_backup(_UNKNOWN.fill(table=table.name, columns=", ".join(unknown)))


_STRANGE = Text(
    "里面有这里不认识的表 {tables}；它可能来自更新的搭建", "it has tables unknown here, {tables}: a newer Dajian made it"
)
_UNKNOWN = Text(
    "表 {table} 里有这里不认识的列 {columns}；它可能来自更新的搭建",
    "{table} has columns unknown here, {columns}: a newer Dajian made it",
)


def _make_tables(connection: Connection, registry: Registry, catalogue: Catalogue) -> dict[str, Table]:
    """The tables of every app that runs, with their keys and indexes, by physical name."""
    made: dict[str, Table] = {}
    for name, number in revisions.active_apps(connection).items():
        loaded = load(revisions.load_revision(connection, name, number).files, catalogue, registry)
        if loaded.app is None:
            raise bad_backup(Text("应用 {app} 的定义读不出来", "the definition of {app} cannot be read").fill(app=name))
        for table in physical_tables(loaded.app, registry, read_names(connection, name)).values():
            table.create(connection)
            keep_forms(connection, table.name, table.columns)
            made[table.name] = table
    return made


def _made(connection: Connection, told: Told, apps: Mapping[str, Table]) -> Table:
    """The table to load into, with every column that was written: also those that no definition names any more."""
    try:
        wanted = table_of(told["name"], told["forms"])
    except LookupError as error:
        raise bad_backup(_UNKNOWN.fill(table=told["name"], columns=error)) from error
    running = apps.get(wanted.name)
    if running is None:
        wanted.create(connection)
        keep_forms(connection, wanted.name, wanted.columns)
        return wanted
    there = {column.name for column in running.columns}
    missing = [Column(column.name, column.type) for column in wanted.columns if column.name not in there]
    for column in missing:
        Operations(MigrationContext.configure(connection)).add_column(wanted.name, column)
    if missing:
        keep_forms(connection, wanted.name, missing)
    return wanted


def _load(connection: Connection, table: Table, archive: ArchiveReader, told: Told) -> None:
    """All rows of a table, and the comparison of what is there with what was written."""
    by_name = {column.name: column.key for column in table.columns}
    names = [by_name[name] for name in told["columns"]]
    member = f"tables/{told['name']}"
    rows = (_row(line, names, member) for line in archive.lines(member))
    while batch := list(islice(rows, _AT_ONCE)):
        _insert(connection, table, batch, member)
    if _sum(connection, table, told["columns"]) != [told["rows"], told["sum"]]:
        raise bad_backup(Text("表 {table} 恢复后和备份时不一样", "{table} is not what it was").fill(table=table.name))


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], member: str) -> None:
    try:
        connection.execute(insert(table), rows)
    except StatementError as error:
        # What the database itself could not do (a full disk) is told by it.
        if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError | ProgrammingError):
            raise
        raise bad_backup(_NO_ROW.fill(name=member)) from error


def _row(line: bytes, names: Sequence[str], member: str) -> dict[str, Any]:
    try:
        return dict(zip(names, read_row(line), strict=True))
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise bad_backup(_NO_ROW.fill(name=member)) from error


_NO_ROW = Text("{name} 里有读不懂的一行", "{name} has a line that cannot be read")


def _sum(connection: Connection, table: Table, columns: Sequence[str]) -> Sequence[int | str]:
    total = Sum()
    for line in lines_of(connection, table, columns):
        total.add(line)
    return total.told()


def _count_on(connection: Connection) -> None:
    """Numbers that PostgreSQL gives go on after the last that was restored."""
    if connection.dialect.name == "postgresql":
        last = "SELECT setval(pg_get_serial_sequence('journal', 'seq'), coalesce((SELECT max(seq) FROM journal), 0) + 1, false)"
        connection.execute(text(last))


def _forget_files(connection: Connection, ids: Sequence[str]) -> None:
    """Files that were purged while the backup was made have no bytes."""
    for batch in _batches(ids):
        connection.execute(update(files.files).where(files.files.c.id.in_(batch)).values(state=files.PURGED))


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
