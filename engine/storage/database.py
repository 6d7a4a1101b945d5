"""One database: how connections are opened, read and written. SQLite here: WAL, one writer, BEGIN IMMEDIATE."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from engine.language import letters
from engine.storage.trouble import busy, problem_of

BUSY_MILLISECONDS = 15_000
# A grouped sum over a million records takes some 15 million steps, and about a tenth of a second.
MOST_STEPS = 500_000_000
_STEPS_AT_ONCE = 1_000_000


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
    def read(self, most_steps: int | None = None) -> Iterator[Connection]:
        """A connection in a read transaction (one snapshot for all its queries). With `most_steps` the queries together may
        take so many steps of the database; steps and not seconds, so that a busy machine refuses nothing. Raises Problem."""
        with _told(), self.engine.connect() as connection, _bounded(connection, most_steps):
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one write transaction: commits at the end of the block, rolls back on any exception. Raises Problem 503 when
        the database stays busy."""
        with _told(), self._in_turn(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Behind the writers of this process; not for ever, since the first may itself be waiting for another process."""
        if not self._turn.acquire(timeout=BUSY_MILLISECONDS / 1000):
            raise busy()
        try:
            yield
        finally:
            self._turn.release()

    def note(self, write: Callable[[Connection], object]) -> None:
        """A write that is worth no waiting, such as when something was last used: done if nobody else writes at this moment,
        else left out."""
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
                    if problem_of(error) is None:
                        raise
                finally:
                    connection.rollback()
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        finally:
            self._turn.release()

    def settle(self) -> None:
        """Bring what is committed to the disk. A commit itself survives a killed process but not yet a power cut: the worker
        calls this every second, so a power cut costs the last second at most and never the database."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


@contextmanager
def _told() -> Iterator[None]:
    """What the database itself could not do, as a Problem that says what would help."""
    try:
        yield
    except OperationalError as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error


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
    return letters.lower(value) if isinstance(value, str) else value
