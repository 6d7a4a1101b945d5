"""One publish at a time for an app, in whatever process: the second waits a little, then is told so. The lock belongs to the
process and is free again when that ends in whatever way; no lease has to lapse."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from sqlalchemy import text

from engine.model.problem import Problem
from engine.model.text import Text
from engine.storage.database import Database

PATIENCE = 15.0
# In front of the app's number in PostgreSQL's advisory locks; those of writers have one number only, so they never meet.
_PUBLISHING = 0xDA1


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
    with database.engine.connect() as connection:
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


def _number(app: str) -> int:
    """31 bits of a name: two apps that share them only wait for each other."""
    return crc32(app.encode()) & 0x7FFFFFFF


def _busy() -> Problem:
    detail = Text(
        "另一个人正在发布，还没有完；等它发布完再来", "Somebody else is publishing and not done yet; try again after that"
    )
    return Problem(409, "publishing", Text("正在发布", "Publishing"), detail)
