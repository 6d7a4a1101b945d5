from __future__ import annotations

import pytest

from engine.model.problem import Problem
from engine.people.service import People
from tests.databases import ON_BOTH

pytestmark = ON_BOTH


def test_a_name_is_taken_whatever_its_width_and_case(people: People) -> None:
    people.add_user("Lin", title="小林")
    with pytest.raises(Problem) as found:
        people.add_user("ｌＩＮ")
    assert (found.value.status, found.value.code) == (409, "name_taken")
    assert people.user("lin").title == "小林"


@pytest.mark.parametrize("name", ["", "a b", "system", "-x", "x" * 41, "a/b", "a\nb"])
def test_names_that_cannot_be(people: People, name: str) -> None:
    with pytest.raises(Problem) as found:
        people.add_user(name)
    assert found.value.status == 422
    assert people.users() == []


def test_chinese_names_are_names(people: People) -> None:
    assert people.add_user("小林").title == "小林"
    assert [user.name for user in people.users()] == ["小林"]


def test_the_last_owner_stays_free(people: People) -> None:
    first = people.add_user("anna", owner=True)
    with pytest.raises(Problem) as found:
        people.freeze(first)
    assert found.value.code == "last_owner"
    assert not people.user("anna").frozen
    second = people.add_user("bo", owner=True)
    people.freeze(first)
    assert people.user("anna").frozen
    assert people.owner() == second


def test_a_profile_without_title_shows_the_name(people: People) -> None:
    user = people.add_user("lin", title="小林")
    people.set_profile(user, title="  ", locale="en")
    changed = people.user("lin")
    assert (changed.title, changed.locale) == ("lin", "en")


def test_nobody_of_that_name(people: People) -> None:
    with pytest.raises(Problem) as found:
        people.user("nobody")
    assert found.value.status == 404
