"""The database under strain: a question without end, a writer that does not let go, a disk without room, a server gone."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from engine.model.problem import Problem
from engine.storage.backend import Hold
from engine.storage.database import Database
from engine.storage.postgres import Postgres
from engine.storage.sqlite import Sqlite
from engine.storage.trouble import Again
from tests.databases import ON_BOTH, database_url

pytestmark = ON_BOTH

ENDLESS = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
BACKEND = text("SELECT pg_backend_pid()")
COUNT = text("SELECT count(*) FROM t")
ALL = Hold("shop", alone=True)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(database_url(tmp_path), busy_milliseconds=200)
    with opened.write() as connection:
        connection.execute(text("CREATE TABLE t (a INTEGER UNIQUE)"))
    yield opened
    opened.close()


@contextmanager
def held_elsewhere(tmp_path: Path) -> Iterator[None]:
    """Another process keeps the writer, or on PostgreSQL the app and the table."""
    other = Database(database_url(tmp_path))
    try:
        with other.write(ALL) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE t IN EXCLUSIVE MODE"))
            yield
    finally:
        other.close()


def add(connection: Connection, a: int = 1) -> None:
    connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": a})


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.scalar(COUNT) or 0)


def test_a_question_without_end_is_ended(database: Database) -> None:
    with pytest.raises(Problem) as caught, database.read(most_steps=5_000_000) as connection:
        connection.execute(ENDLESS)

    assert (caught.value.status, caught.value.code) == (422, "too_much_work")


def test_the_bound_is_that_read_s_alone(database: Database) -> None:
    with pytest.raises(Problem), database.read(most_steps=1_000_000) as connection:
        connection.execute(ENDLESS)
    with database.read() as connection:
        counted = text(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"
        )
        assert connection.scalar(counted) == 300_000


def test_a_writer_that_does_not_let_go_is_a_busy_house(database: Database, tmp_path: Path) -> None:
    with held_elsewhere(tmp_path), pytest.raises(Problem) as caught, database.write(Hold("shop")):
        pass

    assert (caught.value.status, caught.value.code, caught.value.facts) == (503, "busy", {"retry_after": 2})


def test_writers_of_this_process_do_not_queue_for_ever(database: Database) -> None:
    inside, leave = threading.Event(), threading.Event()

    def occupy() -> None:
        with database.write(ALL):
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=occupy)
    thread.start()
    inside.wait(10)
    try:
        with pytest.raises(Problem) as caught, database.write(Hold("shop")):
            pass
    finally:
        leave.set()
        thread.join()
    assert caught.value.code == "busy"


def test_a_note_waits_for_nobody(database: Database, tmp_path: Path) -> None:
    with held_elsewhere(tmp_path):
        database.note(add)
    assert count(database) == 0

    database.note(add)
    with database.write() as connection:
        add(connection, 2)
    assert count(database) == 2


def _read_in(stack: ExitStack, database: Database, times: int) -> None:
    for _ in range(times):
        stack.enter_context(database.read())


def test_more_readers_than_connections_are_told_to_wait_and_notes_are_left_out(database: Database) -> None:
    with ExitStack() as stack:
        with pytest.raises(Problem) as caught:
            _read_in(stack, database, 31)
        assert (caught.value.status, caught.value.code) == (503, "busy")
        database.note(add)
    assert count(database) == 0


def test_two_apps_and_two_writers_of_one_app_are_in_nobody_s_way(database: Database, on_both: str) -> None:
    if on_both == "sqlite":
        return  # one writer, whatever it writes
    with (
        database.write(Hold("shop")) as first,
        database.write(Hold("shop")) as second,
        database.write(Hold("b", True)) as third,
    ):
        for a, connection in enumerate((first, second, third)):
            add(connection, a)
    assert count(database) == 3


def test_who_comes_second_to_a_key_begins_again(database: Database, on_both: str) -> None:
    """A key that two take at the same moment: the later is told to begin again, and then sees the earlier's."""
    if on_both == "sqlite":
        return
    told: list[type[BaseException] | None] = []

    def second() -> None:
        try:
            with database.write() as connection:
                add(connection)
        except BaseException as error:
            told.append(type(error))

    thread = threading.Thread(target=second)
    with database.write() as connection:
        add(connection)
        thread.start()
        thread.join(0.05)
        assert thread.is_alive()
    thread.join(10)
    assert told == [Again]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("database or disk is full", "storage_unavailable"),
        ("disk I/O error", "storage_unavailable"),
        ("no such table: t", None),
    ],
)
def test_what_is_nobody_s_error_is_told(words: str, code: str | None) -> None:
    told = Sqlite(make_url("sqlite://")).problem_of(OperationalError("", {}, sqlite3.OperationalError(words)))

    assert (told.code if told else None) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.errors.DiskFull(), "storage_unavailable"),
        (psycopg.errors.AdminShutdown(), "database_unreachable"),
        (psycopg.errors.TooManyConnections(), "database_unreachable"),
        (psycopg.errors.DeadlockDetected(), "busy"),
        (psycopg.errors.LockNotAvailable(), "busy"),
        (psycopg.errors.UndefinedTable(), None),
        (psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), None),
    ],
)
def test_what_is_nobody_s_error_is_told_by_postgresql_too(error: Exception, code: str | None) -> None:
    wrapped = OperationalError if isinstance(error, psycopg.OperationalError) else DBAPIError
    told = Postgres(make_url("postgresql+psycopg://nowhere/x")).problem_of(wrapped("", {}, error))

    assert (told.code if told else None) == code


def test_connections_that_died_in_the_pool_are_replaced(database: Database, on_both: str) -> None:
    """As when the server starts again: the next question is answered, and nobody is told anything."""
    if on_both == "sqlite":
        return  # no server to lose
    with database.read() as one, database.read() as two:
        doomed = [one.execute(BACKEND).scalar_one(), two.execute(BACKEND).scalar_one()]
    with database.write() as killer:
        ended = "SELECT pg_terminate_backend(pid) FROM unnest(CAST(:doomed AS int[])) AS d(pid) WHERE pid <> pg_backend_pid()"
        assert killer.execute(text(ended), {"doomed": doomed}).all()
    assert [count(database) for _ in range(4)] == [0] * 4


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    nowhere = Database(f"postgresql://nobody@/none?host={tmp_path}")
    with pytest.raises(Problem) as caught, nowhere.read():
        pass
    assert (caught.value.status, caught.value.code) == (503, "database_unreachable")
