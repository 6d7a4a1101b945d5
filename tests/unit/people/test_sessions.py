from __future__ import annotations

from sqlalchemy import select

from engine.people.schema import sessions as table
from engine.people.schema import tokens
from engine.people.service import People
from engine.storage.database import Database
from tests.databases import ON_BOTH
from tests.unit.people.conftest import Clock

pytestmark = ON_BOTH

WORD = "correct horse battery"


def _session(people: People, name: str) -> str:
    user = people.add_user(name)
    people.set_password(user, WORD)
    return people.sign_in(name, WORD, ip="192.0.2.1", device="test").token


def test_ended_run_out_or_frozen_it_is_dead_at_once(people: People, clock: Clock) -> None:
    ended, frozen, old = (_session(people, name) for name in ("a", "b", "c"))
    found = people.session(ended)
    assert found is not None
    user, session = found
    assert people.end_session(user, session.id)
    assert not people.end_session(user, session.id)
    assert people.session(ended) is None
    people.freeze(people.user("b"))
    assert people.session(frozen) is None
    people.freeze(people.user("b"), frozen=False)
    assert people.session(frozen) is None
    clock.move(days=15)
    assert people.session(old) is None


def test_nobody_ends_somebody_elses_session(people: People) -> None:
    token = _session(people, "a")
    found = people.session(token)
    assert found is not None
    assert not people.end_session(people.add_user("b"), found[1].id)
    assert people.session(token) is not None


def test_neither_session_nor_token_stands_in_the_database(people: People, database: Database) -> None:
    session = _session(people, "a")
    _, token = people.issue_token(people.user("a"), "shop floor")
    with database.read() as connection:
        rows = [*connection.execute(select(table)), *connection.execute(select(tokens))]
    text = repr(rows)
    assert session not in text
    assert token not in text
    assert token.removeprefix("dj_") not in text
