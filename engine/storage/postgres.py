"""PostgreSQL 15 and newer: many writers at once, each in READ COMMITTED with locks on the records that it writes. A reader
keeps one snapshot (REPEATABLE READ). Two writers in each other's way are told apart by the server; the later begins again."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from engine.model.problem import Problem
from engine.storage.backend import Hold
from engine.storage.trouble import BUSY_MILLISECONDS, again, busy, no_room, too_long, too_much, unreachable

# About as many steps as the server takes in a millisecond: it counts none, so its bound is time.
STEPS_A_MILLISECOND = 25_000
# A process that was frozen in the middle of a write must not keep its locks for ever.
IDLE_MILLISECONDS = 60_000
OLDEST = 15
# Connections of a process: those that stay open, and those that a rush may add.
_KEPT, _MORE = 10, 20
_AGAIN = ("40001", "40P01", "23505")
_NO_ROOM = ("53100", "25006", "42501")
_AWAY = ("08", "57P", "53300")


class Postgres:
    """Implements Backend. Text is compared by code point where a column says so, times are told in UTC."""

    def __init__(self, url: URL, busy_milliseconds: int = BUSY_MILLISECONDS) -> None:
        settings = {
            "timezone": "UTC",
            "lock_timeout": busy_milliseconds,
            "idle_in_transaction_session_timeout": IDLE_MILLISECONDS,
            # Compiling a query pays for reports of minutes; ours take milliseconds.
            "jit": "off",
        }
        asked = url.query.get("options", "")
        options = " ".join([*(f"-c {name}={value}" for name, value in settings.items()), *_listed(asked)])
        # AUTOCOMMIT: the driver begins nothing by itself; we say BEGIN, with the kind of transaction that is wanted.
        self.engine = create_engine(
            url.update_query_dict({"options": options}),
            isolation_level="AUTOCOMMIT",
            pool_size=_KEPT,
            max_overflow=_MORE,
            pool_timeout=busy_milliseconds / 1000,
        )

    @contextmanager
    def begin_read(self, connection: Connection, most_steps: int | None) -> Iterator[None]:
        """A snapshot; nothing can be written in it."""
        bound = "" if most_steps is None else f"; SET LOCAL statement_timeout = {max(1, most_steps // STEPS_A_MILLISECOND)}"
        _say(connection, f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY{bound}")
        yield

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody queues: writers meet at records only."""
        yield

    def begin_write(self, connection: Connection, hold: Hold | None) -> None:
        """READ COMMITTED: each statement sees what others have committed, and a lock waits for them."""
        if hold is None:
            _say(connection, "BEGIN")
            return
        shared = "" if hold.alone else "_shared"
        patience = "" if hold.milliseconds is None else f"SET LOCAL lock_timeout = {hold.milliseconds}; "
        _say(connection, f"BEGIN; {patience}SELECT pg_advisory_xact_lock{shared}({_number(hold.app)})")

    def note(self, write: Callable[[Connection], object]) -> None:
        """Given up when a lock is not free at once, or no connection is."""
        pool = self.engine.pool
        if isinstance(pool, QueuePool) and pool.checkedout() >= _KEPT + _MORE:
            return
        with self.engine.connect() as connection:
            try:
                _say(connection, "BEGIN; SET LOCAL lock_timeout = 1")
                write(connection)
                connection.commit()
            except DBAPIError as error:
                if self.problem_of(error) is None:
                    raise
            finally:
                connection.rollback()

    def settle(self) -> None:
        """A commit is on the disk."""

    def health(self, connection: Connection) -> str:
        """The server looks after its own pages; what it must be is looked at."""
        version, encoding = connection.exec_driver_sql(
            "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
        ).one()
        wrong = [f"PostgreSQL {version // 10_000} < {OLDEST}"] if version // 10_000 < OLDEST else []
        return ", ".join(wrong + ([] if encoding == "UTF8" else [f"encoding {encoding}, not UTF8"]))

    def problem_of(self, error: DBAPIError) -> Problem | None:
        """By SQLSTATE. Source: https://www.postgresql.org/docs/15/errcodes-appendix.html"""
        state = str(getattr(error.orig, "sqlstate", None) or "")
        if state in _AGAIN:
            return again()
        if state == "55P03":
            return busy()
        if state == "57014":
            return too_much()
        if state == "54000":
            return too_long()
        if state in _NO_ROOM:
            return no_room()
        silent = not state and isinstance(error, OperationalError)
        return unreachable() if silent or error.connection_invalidated or state.startswith(_AWAY) else None


def _listed(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else (given,)


def _say(connection: Connection, words: str) -> None:
    """Begin a transaction: several commands in one message, which only the driver's own way without parameters allows. A
    pooled connection that has died meanwhile is found here, where nothing is lost by taking another."""
    try:
        _driver(connection).execute(words)
    except connection.dialect.loaded_dbapi.Error as error:
        if not connection.dialect.is_disconnect(error, _driver(connection), None):
            raise OperationalError(words, None, error) from error
        connection.invalidate(error)
        connection.engine.dispose(close=False)
        _driver(connection).execute(words)


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _number(app: str) -> int:
    """An advisory lock's number for an app; `0xDA` in front keeps it apart from other programs' small numbers."""
    return 0xDA << 32 | zlib.crc32(app.encode())
