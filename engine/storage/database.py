"""One database: how connections are opened, read and written. SQLite here: WAL, one writer, BEGIN IMMEDIATE."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_MILLISECONDS = 15_000


class Database:
    """A pool of connections to one database. `read()` sees a snapshot; `write()` is one transaction that commits or not."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _sqlite_engine(url)
        # SQLite lets a waiting writer sleep and try again, so under load it starves; our own threads queue here instead.
        self._turn = Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection in a read transaction (one snapshot for all its queries)."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one write transaction: commits at the end of the block, rolls back on any exception."""
        with self._turn, self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def settle(self) -> None:
        """Bring what is committed to the disk. A commit itself survives a killed process but not yet a power cut: the worker
        calls this every second, so a power cut costs the last second at most and never the database."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        # The driver's own transaction handling begins too late for WAL's single writer; we say BEGIN ourselves.
        connection.isolation_level = None
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _lower(value: object) -> object:
    """SQLite's own lower() knows ASCII only; expressions agree on every back end."""
    return value.lower() if isinstance(value, str) else value
