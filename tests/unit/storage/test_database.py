"""One writer at a time, all or nothing; readers keep the moment at which they began."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from engine.storage.database import Database
from tests.unit.storage.failing import taken_back


@pytest.fixture
def numbers(database: Database) -> Database:
    with database.write() as connection:
        connection.execute(text("CREATE TABLE numbers (n INTEGER)"))
    return database


def add(connection: Connection, n: int) -> None:
    connection.execute(text("INSERT INTO numbers VALUES (:n)"), {"n": n})


def total(database: Database) -> int:
    with database.read() as connection:
        return count(connection)


def count(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM numbers")).scalar_one())


def test_a_write_that_fails_leaves_nothing_tables_neither(numbers: Database) -> None:
    taken_back(numbers, lambda c: (add(c, 1), c.execute(text("CREATE TABLE half (n INTEGER)"))))
    assert total(numbers) == 0
    with numbers.read() as connection:
        assert not inspect(connection).has_table("half")


def test_a_reader_keeps_its_moment(numbers: Database) -> None:
    with numbers.read() as reader:
        assert count(reader) == 0
        with numbers.write() as writer:
            add(writer, 1)
        assert count(reader) == 0
    assert total(numbers) == 1


def test_a_second_writer_waits_and_sees_what_the_first_did(numbers: Database) -> None:
    inside, seen = threading.Event(), []

    def second() -> None:
        inside.wait(5)
        with numbers.write() as connection:
            seen.append(count(connection))
            add(connection, 2)

    thread = threading.Thread(target=second)
    thread.start()
    with numbers.write() as connection:
        inside.set()
        thread.join(0.2)
        assert thread.is_alive()
        add(connection, 1)
    thread.join(10)
    assert seen == [1]
    assert total(numbers) == 2


def test_a_savepoint_takes_only_its_own_back(numbers: Database) -> None:
    with numbers.write() as connection:
        add(connection, 1)
        savepoint = connection.begin_nested()
        add(connection, 2)
        savepoint.rollback()
        add(connection, 3)
    with numbers.read() as connection:
        assert connection.execute(text("SELECT n FROM numbers ORDER BY n")).scalars().all() == [1, 3]


def test_lower_knows_every_alphabet(database: Database) -> None:
    with database.read() as connection:
        assert connection.execute(text("SELECT lower('ÄÖ Ж')")).scalar_one() == "äö ж"
        assert connection.execute(text("SELECT lower(NULL)")).scalar_one() is None


def test_what_is_committed_reaches_the_disk_when_the_database_settles(tmp_path: Path) -> None:
    """The main file alone is what a power cut leaves for sure: the log beside it may be lost."""
    database = Database(f"sqlite:///{tmp_path}/main.db")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE kept (n INTEGER)"))
        connection.execute(text("INSERT INTO kept VALUES (7)"))
    database.settle()
    (tmp_path / "left.db").write_bytes((tmp_path / "main.db").read_bytes())
    left = Database(f"sqlite:///{tmp_path}/left.db")
    with left.read() as connection:
        assert connection.execute(text("SELECT n FROM kept")).scalars().all() == [7]
    left.close()
    database.close()


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/a/b/x.db").close()
    assert (tmp_path / "a" / "b").is_dir()
