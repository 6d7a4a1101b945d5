"""A backup while everybody works: one snapshot of the database, all its tables as lines of text, and the attached files, in one
file. The key of the secrets is not in it: whoever finds the file cannot open them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from engine.language.sqltypes import instant_text
from engine.runtime.core import Core
from engine.runtime.restore import Stocked, fill
from engine.storage import files
from engine.storage.archive import ArchiveReader, ArchiveWriter
from engine.storage.blobs import ORIGINAL, SHOW, SMALL, Blobs
from engine.storage.column_forms import form
from engine.storage.database import Database
from engine.storage.row_text import Sum
from engine.storage.stock import app_tables, columns_of, kept_columns, lines_of, system_tables

TABLES, FILES = "tables/", "files/"


@dataclass(frozen=True, slots=True)
class Made:
    """What is in a backup. `size` of the file in bytes."""

    tables: int
    rows: int
    files: int
    size: int


def back_up(core: Core, path: Path) -> Made:
    """Write a backup. Raises Problem; then there is no file, or the one that was there before."""
    with core.database.read() as connection, ArchiveWriter(path) as archive:
        if connection.dialect.name == "postgresql":
            # Between two questions a large file may be copied.
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        tables = [_write(archive, connection, table, "system") for table in system_tables()]
        tables += [_write(archive, connection, table, "app") for table in app_tables(connection)]
        kept, gone = _write_files(archive, connection, core.blobs)
        made_at, dialect = instant_text(core.now()), connection.dialect.name
        archive.finish({"made_at": made_at, "database": dialect, "tables": tables, "files": kept, "gone": gone})
    return Made(len(tables), sum(table["rows"] for table in tables), kept, path.stat().st_size)


def check(core: Core, path: Path) -> Stocked:
    """Restore a backup into a database of its own, compare, and throw that away. Raises Problem."""
    with ArchiveReader(path) as archive, tempfile.TemporaryDirectory(dir=path.parent, prefix=".dajian-check-") as folder:
        archive.verify()
        database = Database(f"sqlite:///{folder}/check.db")
        try:
            with database.write() as connection:
                return fill(connection, archive, core.registry, core.catalogue)
        finally:
            database.close()


def _write(archive: ArchiveWriter, connection: Connection, table: Table, whose: str) -> dict[str, Any]:
    total = Sum()
    with archive.member(TABLES + table.name) as member:
        for line in lines_of(connection, table):
            total.add(line)
            member.write(line)
    forms = {column.name: form(column.type, connection.dialect) for column in kept_columns(table)}
    rows, digest = total.told()
    return {"name": table.name, "of": whose, "columns": columns_of(table), "forms": forms, "rows": rows, "sum": digest}


def _write_files(archive: ArchiveWriter, connection: Connection, blobs: Blobs) -> tuple[int, list[str]]:
    """How many files, and the ids of those that were purged after the snapshot was taken."""
    gone: list[str] = []
    count = 0
    for id in _ids(connection):
        if blobs.path(id).exists():
            count += 1
            for part in (ORIGINAL, SHOW, SMALL):
                if blobs.path(id, part).exists():
                    _copy(archive, blobs.path(id, part), f"{FILES}{id}{part}")
        else:
            gone.append(id)
    return count, gone


def _copy(archive: ArchiveWriter, path: Path, name: str) -> None:
    with path.open("rb") as source, archive.member(name, packed=False) as member:
        member.copy(source)


def _ids(connection: Connection) -> Iterator[str]:
    query = select(files.files.c.id).where(files.files.c.state != files.PURGED).order_by(files.files.c.id)
    yield from connection.execute(query, execution_options={"yield_per": 1_000}).scalars()
