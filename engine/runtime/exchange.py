"""Putting a restored database in the place of the one that is there: all at once or not at all. On SQLite a new file is made
beside the old one and takes its name; on PostgreSQL it is one transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, inspect, select
from sqlalchemy.engine import make_url

from engine.model.problem import Problem
from engine.model.text import Text
from engine.runtime.restore import Stocked
from engine.storage import revisions, search_index
from engine.storage.archive import ArchiveReader, bad_backup
from engine.storage.blobs import ORIGINAL, Blobs
from engine.storage.database import Database
from engine.storage.search_index import search_indexes
from engine.storage.stock import all_of_ours

Fill = Callable[[Connection], Stocked]
BEFORE = ".before-restore"
_ASIDE = ".restoring"
# Milliseconds that a server at work has to let go of a table.
_PATIENCE = 2_000


def is_taken(url: str) -> bool:
    """Is there a house in this database: an app or a person?"""
    place = _file(url)
    if place is not None and not place.exists():
        return False
    database = Database(url)
    try:
        with database.read() as connection:
            return any(_has_rows(connection, name) for name in (revisions.revisions.name, "users"))
    finally:
        database.close()


def _has_rows(connection: Connection, name: str) -> bool:
    if not inspect(connection).has_table(name):
        return False
    table = Table(name, MetaData(), autoload_with=connection)
    return connection.execute(select(table).limit(1)).first() is not None


def put_files(archive: ArchiveReader, blobs: Blobs) -> int:
    """The attached files into their folder, before any row names them. What is there stays: no name is given twice."""
    count = 0
    for name in archive.names("files/"):
        place = blobs.named(name.removeprefix("files/"))
        if place is None:
            raise bad_backup(Text("里面有不是附件的文件 {name}", "{name} in it is no attached file").fill(name=name))
        id, part = place
        if not blobs.path(id, part).exists():
            with blobs.receive(2**63) as incoming:
                for data in archive.pieces(name):
                    incoming.write(data)
                blobs.keep(id, {part: incoming.done().path})
        count += part == ORIGINAL
    return count


def replace(url: str, fill: Fill) -> Stocked:
    """Let `fill` fill an empty database and put it in the place of what is there. Raises Problem 409 while somebody uses that
    one; whatever is raised, the old one is as it was."""
    place = _file(url)
    return _replace_file(place, fill) if place is not None else _replace_tables(url, fill)


def _file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _replace_file(place: Path, fill: Fill) -> Stocked:
    aside = place.with_name(place.name + _ASIDE)
    _remove(aside)
    try:
        database = Database(f"sqlite:///{aside}")
        try:
            with database.write() as connection:
                stocked = fill(connection)
        finally:
            database.close()
        _close_log(aside)
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        if place.exists():
            _close_log(place)
            before = place.with_name(place.name + BEFORE)
            _remove(before)
            os.link(place, before)
        os.replace(aside, place)
        _settle(place.parent)
    finally:
        _remove(aside)
    return stocked


def _close_log(path: Path) -> None:
    """All that is committed into the file itself, and no log beside it that would be taken for another file's."""
    with closing(sqlite3.connect(path, timeout=2, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise in_use() from error
        if mode != ("delete",):
            raise in_use()


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).unlink()


def _replace_tables(url: str, fill: Fill) -> Stocked:
    database = Database(url)
    try:
        with database.write() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_PATIENCE}")
            ours = all_of_ours(connection)
            if search_indexes.name in ours:
                for table in ours:
                    search_index.drop(connection, Table(table, MetaData()))
            for table in ours:
                connection.exec_driver_sql(f"DROP TABLE {connection.dialect.identifier_preparer.quote(table)} CASCADE")
            return fill(connection)
    except Problem as problem:
        if problem.code == "busy":
            raise in_use() from problem
        raise
    finally:
        database.close()


def in_use() -> Problem:
    """Somebody works with what is to be replaced."""
    detail = Text(
        "这个数据库正在使用；请先停掉服务（dajian serve、dajian work），再恢复。什么都没有改动",
        "This database is in use: stop the servers (dajian serve, dajian work) first. Nothing was changed",
    )
    return Problem(409, "in_use", Text("没有恢复", "Not restored"), detail)


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
