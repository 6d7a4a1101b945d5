"""Writes of one transaction wait and go out together; what is taken back leaves no trace, whether the database knew of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import Connection, select

from engine.storage import records
from engine.storage.database import Database
from engine.storage.records import DuplicateKey, Overtaken
from engine.storage.serials import Counter, counters
from engine.storage.unit import Unit
from tests.databases import ON_BOTH
from tests.unit.storage.test_records import THINGS, thing

pytestmark = ON_BOTH
COUNTER = Counter("a", "orders", "no", "#")


class Stop(Exception):
    """What leaves a block."""


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        THINGS.create(connection)
        yield connection


@pytest.fixture
def lost() -> list[str]:
    return []


@pytest.fixture
def unit(connection: Connection, lost: list[str]) -> Unit:
    return Unit(connection, lambda: lost.append("lost"))


def kept(connection: Connection) -> dict[str, str | None]:
    """id → owner, as the database has it."""
    return {row.id: row.owner for row in connection.execute(select(THINGS.c.id, THINGS.c.owner).order_by(THINGS.c.id))}


@contextmanager
def taken_back(unit: Unit) -> Iterator[None]:
    """A savepoint that fails at its end."""
    with suppress(Stop), unit.savepoint():
        yield
        raise Stop


def test_a_record_and_its_changes_wait_until_somebody_asks(connection: Connection, unit: Unit) -> None:
    unit.add(THINGS, thing("1", owner="a"))
    unit.change(THINGS, "1", {"owner": "b"})
    unit.settle(counters)
    unit.settle(THINGS, "2")
    assert kept(connection) == {}
    unit.settle(THINGS, "1")
    assert kept(connection) == {"1": "b"}
    unit.change(THINGS, "1", {"owner": "c"})
    unit.settle(THINGS)
    assert kept(connection) == {"1": "c"}
    unit.remove(THINGS, "1")
    assert kept(connection) == {}


def test_what_the_database_never_knew_is_taken_back_without_it(connection: Connection, unit: Unit, lost: list[str]) -> None:
    remembered, listed = {"x": 1}, [1]
    unit.add(THINGS, thing("1"))
    with taken_back(unit):
        unit.add(THINGS, thing("2"))
        unit.change(THINGS, "1", {"owner": "b"})
        unit.set(remembered, "x", 2)
        unit.set(remembered, "y", 3)
        unit.drop(remembered, "x")
        unit.append(listed, 2)
    assert (remembered, listed, lost) == ({"x": 1}, [1], [])
    unit.flush()
    assert kept(connection) == {"1": None}


def test_what_the_database_knew_is_taken_back_there_too(connection: Connection, unit: Unit, lost: list[str]) -> None:
    unit.add(THINGS, thing("1"))
    with taken_back(unit):
        unit.add(THINGS, thing("2"))
        unit.settle(THINGS, "2")
        unit.add(THINGS, thing("3"))
        assert kept(connection) == {"1": None, "2": None}
    assert lost == ["lost"]
    unit.flush()
    assert kept(connection) == {"1": None}


@pytest.mark.parametrize("asked", [False, True])
def test_an_inner_block_fails_alone(connection: Connection, unit: Unit, asked: bool) -> None:
    with unit.savepoint():
        unit.add(THINGS, thing("1"))
        with taken_back(unit):
            unit.add(THINGS, thing("2"))
            if asked:
                unit.flush()
        with unit.savepoint():
            unit.add(THINGS, thing("3"))
    unit.flush()
    assert kept(connection) == {"1": None, "3": None}


@pytest.mark.parametrize("asked", [False, True])
def test_a_number_that_is_taken_back_is_drawn_again(connection: Connection, unit: Unit, asked: bool) -> None:
    drawn = [unit.number(COUNTER), unit.number(COUNTER)]
    with taken_back(unit):
        assert unit.number(COUNTER) == 3
        if asked:
            unit.flush()
    drawn.append(unit.number(COUNTER))
    unit.flush()
    assert drawn == [1, 2, 3]
    assert connection.scalar(select(counters.c.value)) == 3
    other = Unit(connection, lambda: None)
    assert other.number(COUNTER) == 4


def test_the_first_number_of_all_can_be_taken_back(connection: Connection, unit: Unit) -> None:
    with taken_back(unit):
        assert unit.number(COUNTER) == 1
    assert unit.number(COUNTER) == 1


def test_keys_that_were_looked_up_are_judged_without_the_database(connection: Connection, unit: Unit) -> None:
    records.add(connection, THINGS, thing("1", a="x", b="y"))
    unit.keys.expect(connection, THINGS, ("a", "b"), [("x", "y"), ("x", "z"), ("x", None)])
    assert unit.keys.holder(THINGS, ("a", "b"), ("x", "y")) == "1"
    with pytest.raises(DuplicateKey) as taken:
        unit.add(THINGS, thing("2", a="x", b="y"))
    assert taken.value.fields == ("a", "b")
    unit.add(THINGS, thing("3", a="x", b="z"))
    with pytest.raises(DuplicateKey):
        unit.add(THINGS, thing("4", a="x", b="z"))
    assert list(kept(connection)) == ["1"]
    unit.flush()
    assert list(kept(connection)) == ["1", "3"]


def test_a_key_is_free_again_when_its_row_is_taken_back(connection: Connection, unit: Unit) -> None:
    unit.keys.expect(connection, THINGS, ("a", "b"), [("x", "y")])
    with taken_back(unit):
        unit.add(THINGS, thing("1", a="x", b="y"))
    unit.add(THINGS, thing("2", a="x", b="y"))
    unit.flush()
    assert list(kept(connection)) == ["2"]


def test_a_key_that_was_not_looked_up_is_asked_of_the_database(connection: Connection, unit: Unit) -> None:
    unit.add(THINGS, thing("1", a="x", b="y"))
    assert list(kept(connection)) == ["1"]
    with pytest.raises(DuplicateKey):
        unit.add(THINGS, thing("2", a="x", b="y"))
    unit.keys.expect(connection, THINGS, ("a", "b"), [("p", "q")])
    unit.add(THINGS, thing("3", a="p", b="q"))
    unit.change(THINGS, "3", {"a": "r"})
    assert not unit.keys.knows(THINGS, ("a", "b"), ("p", "q"))
    unit.add(THINGS, thing("4", a="p", b="q"))
    assert list(kept(connection)) == ["1", "3", "4"]


def test_a_key_taken_by_another_since_it_was_looked_up_is_told_apart(connection: Connection, unit: Unit) -> None:
    unit.keys.expect(connection, THINGS, ("a", "b"), [("x", "y")])
    unit.add(THINGS, thing("1", a="x", b="y"))
    records.add(connection, THINGS, thing("2", a="x", b="y"))
    with pytest.raises(Overtaken):
        unit.flush()
