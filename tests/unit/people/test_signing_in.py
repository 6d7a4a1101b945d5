from __future__ import annotations

import pytest

from engine.model.problem import Problem
from engine.people.service import People
from engine.people.users import User
from tests.databases import ON_BOTH
from tests.unit.people.conftest import Clock

pytestmark = ON_BOTH

WORD = "correct horse battery"


@pytest.fixture
def lin(people: People) -> User:
    user = people.add_user("lin")
    people.set_password(user, WORD)
    return user


def _in(people: People, name: str = "lin", password: str = WORD, ip: str = "192.0.2.1") -> str:
    return people.sign_in(name, password, ip=ip, device="test").token


def test_the_right_password_begins_a_session(people: People, lin: User) -> None:
    started = people.sign_in("LIN", WORD, ip="192.0.2.1", device="Firefox")
    found = people.session(started.token)
    assert found is not None
    user, session = found
    assert (user.id, session.ip, session.device) == (lin.id, "192.0.2.1", "Firefox")
    assert len(started.csrf) == 64
    assert started.csrf not in started.token


@pytest.mark.parametrize(("name", "password"), [("lin", "wrong password"), ("nobody", WORD), ("empty", WORD), ("cold", WORD)])
def test_every_refusal_reads_alike(people: People, lin: User, name: str, password: str) -> None:
    people.add_user("empty")
    cold = people.add_user("cold")
    people.set_password(cold, WORD)
    people.freeze(cold)
    with pytest.raises(Problem) as found:
        _in(people, name, password)
    assert (found.value.status, found.value.code) == (401, "sign_in_failed")


def test_guessing_from_one_place_is_slowed_and_the_victim_gets_in_from_another(people: People, lin: User, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(Problem, match="sign_in_failed"):
            _in(people, password="guess guess")
    with pytest.raises(Problem) as found:
        _in(people)
    assert found.value.status == 429
    assert found.value.facts["retry_after"] == 2
    assert people.session(_in(people, ip="192.0.2.2")) is not None
    clock.move(seconds=3)
    assert people.session(_in(people)) is not None


def test_right_ones_do_not_use_up_an_office(people: People, lin: User) -> None:
    for _ in range(8):
        _in(people)
    assert len(people.sessions(lin)) == 8


def test_the_first_code_is_good_once(people: People) -> None:
    user = people.add_user("owner", owner=True)
    old, code = people.first_code(user), people.first_code(user)
    assert people.first_code_user(old) is None
    assert people.first_code_user(code) == user
    with pytest.raises(Problem) as short:
        people.first_login(code, "short", ip="", device="")
    assert short.value.status == 422
    started = people.first_login(code, WORD, ip="", device="")
    assert people.session(started.token) is not None
    with pytest.raises(Problem) as again:
        people.first_login(code, WORD, ip="", device="")
    assert again.value.status == 404
    assert people.user("owner").has_password


def test_a_first_code_runs_out(people: People, clock: Clock) -> None:
    code = people.first_code(people.add_user("owner", owner=True))
    clock.move(hours=25)
    assert people.first_code_user(code) is None


def test_a_new_password_ends_the_other_sessions(people: People, lin: User) -> None:
    here, there = _in(people), _in(people)
    found = people.session(here)
    assert found is not None
    with pytest.raises(Problem, match="invalid"):
        people.change_password(lin, "not the old one", "another long word", keep_session=found[1].id)
    people.change_password(lin, WORD, "another long word", keep_session=found[1].id)
    assert people.session(here) is not None
    assert people.session(there) is None


def test_however_long_a_name_is_only_its_beginning_is_looked_at(people: People, lin: User) -> None:
    for length in (300, 400, 500, 600, 700):
        with pytest.raises(Problem, match="sign_in_failed"):
            _in(people, name="x" * length)
    with pytest.raises(Problem) as found:
        _in(people, name="x" * 5_000_000)
    assert found.value.status == 429, "all of them count as one name"
