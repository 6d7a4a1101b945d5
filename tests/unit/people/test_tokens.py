from __future__ import annotations

import pytest

from engine.model.problem import Problem
from engine.people.service import People
from tests.databases import ON_BOTH
from tests.unit.people.conftest import Clock

pytestmark = ON_BOTH


def test_a_token_acts_as_its_user_until_revoked(people: People) -> None:
    user = people.add_user("lin")
    token_id, token = people.issue_token(user, "scales")
    assert token.startswith("dj_")
    assert people.token_user(token) == user
    assert people.revoke_token(token_id)
    assert people.token_user(token) is None
    assert not people.revoke_token(token_id)


def test_a_frozen_user_has_dead_tokens(people: People) -> None:
    user = people.add_user("lin")
    _, token = people.issue_token(user, "scales")
    people.freeze(user)
    assert people.token_user(token) is None


def test_use_is_noted_now_and_then(people: People, clock: Clock) -> None:
    user = people.add_user("lin")
    _, token = people.issue_token(user, "scales")
    assert people.tokens()[0].last_used is None
    people.token_user(token)
    first = people.tokens(user)[0].last_used
    clock.move(minutes=1)
    people.token_user(token)
    assert people.tokens(user)[0].last_used == first
    clock.move(minutes=5)
    people.token_user(token)
    assert people.tokens(user)[0].last_used == clock.now


def test_names_of_tokens_differ_per_user(people: People) -> None:
    lin, bo = people.add_user("lin"), people.add_user("bo")
    people.issue_token(lin, "scales")
    people.issue_token(bo, "scales")
    with pytest.raises(Problem) as found:
        people.issue_token(lin, "scales")
    assert found.value.status == 409
    with pytest.raises(Problem) as found:
        people.issue_token(lin, " ")
    assert found.value.status == 422


def test_only_ones_own_is_revoked_when_a_user_is_named(people: People) -> None:
    lin, bo = people.add_user("lin"), people.add_user("bo")
    token_id, token = people.issue_token(lin, "scales")
    assert not people.revoke_token(token_id, user=bo)
    assert people.token_user(token) == lin
