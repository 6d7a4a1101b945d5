"""The database under strain: a question without end, a writer that does not let go, a disk without room."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from engine.model.problem import Problem
from engine.storage import database as module
from engine.storage.database import Database
from engine.storage.trouble import problem_of

ENDLESS = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
COUNT = text("SELECT count(*) FROM t")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(module, "BUSY_MILLISECONDS", 200)
    opened = Database(f"sqlite:///{tmp_path / 'd.db'}")
    with opened.write() as connection:
        connection.execute(text("CREATE TABLE t (a INTEGER)"))
    yield opened
    opened.close()


@contextmanager
def held_elsewhere(database: Database) -> Iterator[None]:
    """Another process keeps the writer."""
    assert database.engine.url.database is not None
    with closing(sqlite3.connect(database.engine.url.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def add(connection: Connection) -> None:
    connection.execute(text("INSERT INTO t VALUES (1)"))


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


def test_a_writer_that_does_not_let_go_is_a_busy_house(database: Database) -> None:
    with held_elsewhere(database), pytest.raises(Problem) as caught, database.write():
        pass

    assert (caught.value.status, caught.value.code, caught.value.facts) == (503, "busy", {"retry_after": 2})


def test_writers_of_this_process_do_not_queue_for_ever(database: Database) -> None:
    inside, leave = threading.Event(), threading.Event()

    def occupy() -> None:
        with database.write():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=occupy)
    thread.start()
    inside.wait(10)
    try:
        with pytest.raises(Problem) as caught, database.write():
            pass
    finally:
        leave.set()
        thread.join()
    assert caught.value.code == "busy"


def test_a_note_waits_for_nobody(database: Database) -> None:
    with held_elsewhere(database):
        database.note(add)
    assert count(database) == 0

    database.note(add)
    with database.write() as connection:
        add(connection)
    assert count(database) == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("database or disk is full", "storage_unavailable"),
        ("disk I/O error", "storage_unavailable"),
        ("no such table: t", None),
    ],
)
def test_what_is_nobody_s_error_is_told(words: str, code: str | None) -> None:
    problem = problem_of(OperationalError("", {}, sqlite3.OperationalError(words)))

    assert (problem.code if problem else None) == code
