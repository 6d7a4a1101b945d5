from __future__ import annotations

import pytest

from engine.model.problem import Problem
from engine.people.service import People
from engine.people.throttle import begin_attempt, give_back
from engine.storage.database import Database
from tests.databases import ON_BOTH
from tests.unit.people.conftest import Clock

pytestmark = ON_BOTH


def _wait(database: Database, clock: Clock, name: str, ip: str) -> int:
    """0 when the attempt is let through, else the seconds to wait."""
    try:
        with database.write() as connection:
            begin_attempt(connection, name, ip, now=clock.now)
    except Problem as problem:
        return int(problem.facts["retry_after"]) if problem.status == 429 else -1
    return 0


def test_waits_double_and_end_at_a_quarter_of_an_hour(people: People, database: Database, clock: Clock) -> None:
    waits = []
    for _ in range(40):
        if wait := _wait(database, clock, "lin", "192.0.2.1"):
            waits.append(wait)
            clock.move(seconds=wait)
    assert waits[:4] == [2, 4, 8, 16]
    assert max(waits) == 900


def test_many_names_from_one_address_are_slowed_too(people: People, database: Database, clock: Clock) -> None:
    waits = [_wait(database, clock, f"n{number}", f"2001:db8::{number:x}") for number in range(62)]
    assert [wait > 0 for wait in waits] == [False] * 60 + [True] * 2
    assert _wait(database, clock, "n1", "2001:db8:1::1") == 0


def test_a_quarter_of_an_hour_of_quiet_forgets(people: People, database: Database, clock: Clock) -> None:
    while not _wait(database, clock, "lin", "192.0.2.1"):
        pass
    clock.move(minutes=16)
    assert [_wait(database, clock, "lin", "192.0.2.1") for _ in range(5)] == [0] * 5


def test_a_right_one_is_given_back(people: People, database: Database, clock: Clock) -> None:
    for number in range(80):
        assert _wait(database, clock, f"n{number % 20}", "192.0.2.1") == 0
        with database.write() as connection:
            give_back(connection, f"n{number % 20}", "192.0.2.1")


@pytest.mark.parametrize("name", ["LIN", "ｌｉｎ"])
def test_spelling_a_name_differently_is_no_way_round(people: People, database: Database, clock: Clock, name: str) -> None:
    while not _wait(database, clock, "lin", "192.0.2.1"):
        pass
    assert _wait(database, clock, name, "192.0.2.1") > 0
