"""SQLite: WAL, one writer, BEGIN IMMEDIATE. Nothing to install, and the whole house in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from engine.language import letters
from engine.model.problem import Problem
from engine.storage.backend import Hold
from engine.storage.trouble import BUSY_MILLISECONDS, busy, no_room, too_much

_STEPS_AT_ONCE = 1_000_000
_NO_ROOM = ("disk is full", "disk I/O error", "readonly database")


class Sqlite:
    """Implements Backend."""

    def __init__(self, url: URL, busy_milliseconds: int = BUSY_MILLISECONDS) -> None:
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        self._busy = busy_milliseconds
        self.engine = _engine(url, busy_milliseconds)
        # SQLite lets a waiting writer sleep and try again, so under load it starves; our own threads queue here instead.
        self._turn = Lock()

    @contextmanager
    def begin_read(self, connection: Connection, most_steps: int | None) -> Iterator[None]:
        """Steps and not seconds, so that a busy machine refuses nothing."""
        with _bounded(connection, most_steps):
            connection.exec_driver_sql("BEGIN")
            yield

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Behind the writers of this process; not for ever, since the first may itself be waiting for another process."""
        if not self._turn.acquire(timeout=self._busy / 1000):
            raise busy()
        try:
            yield
        finally:
            self._turn.release()

    def begin_write(self, connection: Connection, hold: Hold | None) -> None:
        """The one writer holds everything anyway."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def note(self, write: Callable[[Connection], object]) -> None:
        """Done if nobody else writes at this moment."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout=0")
                try:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    write(connection)
                    connection.commit()
                except OperationalError as error:
                    if self.problem_of(error) is None:
                        raise
                finally:
                    connection.rollback()
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={self._busy}")
        finally:
            self._turn.release()

    def settle(self) -> None:
        """A commit itself survives a killed process but not yet a power cut."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def health(self, connection: Connection) -> str:
        """Every page is looked at."""
        said = str(connection.exec_driver_sql("PRAGMA quick_check").scalar_one())
        return "" if said == "ok" else said

    def problem_of(self, error: DBAPIError) -> Problem | None:
        """By SQLite's words: it has no codes that the driver hands on."""
        words = str(error.orig)
        if "locked" in words or "busy" in words:
            return busy()
        if "interrupted" in words:
            return too_much()
        return no_room() if any(known in words for known in _NO_ROOM) else None


@contextmanager
def _bounded(connection: Connection, most_steps: int | None) -> Iterator[None]:
    if most_steps is None:
        yield
        return
    left = most_steps // _STEPS_AT_ONCE

    def stop() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    driver: Any = connection.connection.dbapi_connection
    driver.set_progress_handler(stop, _STEPS_AT_ONCE)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def _engine(url: URL, busy_milliseconds: int) -> Engine:
    seconds = busy_milliseconds / 1000
    arguments = {"timeout": seconds, "check_same_thread": False}
    # Each connection to a database in memory is another database.
    pool: dict[str, Any] = {"poolclass": QueuePool, "pool_timeout": seconds} if url.database else {}
    engine = create_engine(url, connect_args=arguments, **pool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        # The driver's own transaction handling begins too late for WAL's single writer; we say BEGIN ourselves.
        connection.isolation_level = None
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={busy_milliseconds}"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _lower(value: object) -> object:
    """SQLite's own lower() knows ASCII only; expressions agree on every back end."""
    return letters.lower(value) if isinstance(value, str) else value
