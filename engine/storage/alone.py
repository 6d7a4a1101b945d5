"""One publish at a time for an app, in whatever process: the second waits a little, then is told so. The lock belongs to the
process and is free again when that ends in whatever way; no lease has to lapse."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from engine.model.problem import Problem
from engine.model.text import Text
from engine.storage.database import Database

PATIENCE = 15.0
# Two numbers of PostgreSQL's advisory locks: of publishing, and of writing while a definition takes over.
_PUBLISHING, _WRITING = 7_301, 7_302


@contextmanager
def alone(database: Database, app: str, patience: float = PATIENCE) -> Iterator[None]:
    """Held while the block runs. Raises Problem 409 when another holds it for longer than `patience` seconds."""
    if database.engine.dialect.name == "postgresql":
        yield from _on_server(database, app, patience)
    else:
        yield from _on_file(database, patience)


def _on_server(database: Database, app: str, patience: float) -> Iterator[None]:
    """A lock of the session: the server frees it when the connection ends."""
    key = {"kind": _PUBLISHING, "app": _number(app)}
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        until = time.monotonic() + patience
        while not connection.execute(text("SELECT pg_try_advisory_lock(:kind, :app)"), key).scalar():
            if time.monotonic() > until:
                raise _busy()
            time.sleep(0.05)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:kind, :app)"), key)


def _on_file(database: Database, patience: float) -> Iterator[None]:
    """A small database beside the real one, locked as a whole: it is the system that frees the lock of a dead process."""
    name = database.engine.url.database
    beside = f"{name}-publishing" if name and name != ":memory:" else ""
    lock = sqlite3.connect(beside, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise _busy() from error
        yield
    finally:
        lock.close()


def joins_writers(connection: Connection, app: str) -> None:
    """A writer of the app: many at once, and none while a definition takes over. (SQLite has one writer anyway.)"""
    if connection.dialect.name == "postgresql":
        key = {"kind": _WRITING, "app": _number(app)}
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(:kind, :app)"), key)


def keeps_writers_out(connection: Connection, app: str) -> bool:
    """From here to the end of the transaction nobody writes into the app; False when one of them takes too long, and then
    the transaction is to be given up, since all the others wait behind us."""
    if connection.dialect.name != "postgresql":
        return True
    connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
    try:
        connection.execute(text("SELECT pg_advisory_xact_lock(:kind, :app)"), {"kind": _WRITING, "app": _number(app)})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != "55P03":
            raise
        return False
    return True


def _number(app: str) -> int:
    """31 bits of a name: two apps that share them only wait for each other."""
    return crc32(app.encode()) & 0x7FFFFFFF


def _busy() -> Problem:
    detail = Text(
        "另一个人正在发布，还没有完；等它发布完再来", "Somebody else is publishing and not done yet; try again after that"
    )
    return Problem(409, "publishing", Text("正在发布", "Publishing"), detail)
