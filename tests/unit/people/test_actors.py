from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.model.app import App
from engine.model.problem import Problem
from engine.people.actors import actor_for
from engine.people.roles import grant
from engine.people.service import People
from engine.storage.database import Database
from tests.databases import ON_BOTH

pytestmark = ON_BOTH


def test_an_actor_has_what_the_user_was_given(people: People, app: App) -> None:
    user = people.add_user("lin", locale="en")
    people.grant(user, app, "clerk")
    people.set_fact(user, app, "store", "online")
    people.set_fact(user, app, "level", "3")
    people.set_fact(user, app, "since", "2026-01-02")
    people.set_place(user, departments=["sales"], lead="bo")
    actor = people.actor(user, app, channel="web", ip="192.0.2.1", device="Firefox")
    assert (actor.kind, actor.user_id, actor.name, actor.locale) == ("person", user.id, "lin", "en")
    assert actor.roles == {"clerk"}
    assert dict(actor.facts) == {
        "store": "online",
        "warehouse": None,
        "level": 3,
        "since": date(2026, 1, 2),
        "name": "lin",
        "roles": ("clerk",),
        "departments": ("sales",),
        "lead": "bo",
    }


def test_roles_end_with_the_grant_with_the_definition_and_with_the_freeze(people: People, app: App) -> None:
    user = people.add_user("lin")
    for role in ("clerk", "buyer"):
        people.grant(user, app, role)
    people.revoke(user, app.name, "buyer")
    assert people.actor(user, app, channel="web").roles == {"clerk"}
    smaller = replace(app, roles={"buyer": app.roles["buyer"]})
    assert people.actor(user, smaller, channel="web").roles == frozenset()
    people.freeze(user)
    frozen = people.actor(user, app, channel="web")
    assert frozen.roles == frozenset()
    assert frozen.facts["store"] is None


def test_a_portal_role_does_not_open_the_app(people: People, app: App) -> None:
    user = people.add_user("lin")
    people.grant(user, app, "partner")
    assert people.actor(user, app, channel="web").roles == frozenset()


def test_roles_in_one_app_are_none_in_another(people: People, app: App) -> None:
    user = people.add_user("lin")
    people.grant(user, app, "clerk")
    assert people.actor(user, replace(app, name="other"), channel="web").roles == frozenset()


def test_a_fact_that_fits_no_more_is_missing(people: People, app: App, database: Database) -> None:
    user = people.add_user("lin")
    people.set_fact(user, app, "warehouse", "hz")
    gone = replace(app.people["warehouse"], choices={"fs": app.people["warehouse"].choices["fs"]})
    changed = replace(app, people={"warehouse": gone, "since": app.people["since"]})
    people.set_fact(user, replace(app, people={"since": app.people["store"]}), "since", "yesterday")
    facts = people.actor(user, changed, channel="web").facts
    assert facts["warehouse"] is None
    assert facts["since"] is None
    assert "store" not in facts


def test_facts_are_checked_when_set(people: People, app: App) -> None:
    user = people.add_user("lin")
    with pytest.raises(Problem) as found:
        people.set_fact(user, app, "level", "high")
    assert (found.value.status, found.value.errors[0].path) == (422, "level")
    with pytest.raises(Problem):
        people.set_fact(user, app, "shoe", "44")
    people.set_fact(user, app, "level", 2)
    people.set_fact(user, app, "level", "")
    assert people.facts(user, app) == {}


def test_holders_are_those_who_could_act(people: People, app: App, database: Database) -> None:
    lin, bo, cold = (people.add_user(name) for name in ("lin", "bo", "cold"))
    for user in (lin, bo, cold):
        people.grant(user, app, "buyer")
    people.freeze(cold)
    assert [user.name for user in people.holders(app.name, "buyer")] == ["bo", "lin"]
    with pytest.raises(Problem) as found:
        people.grant(lin, app, "king")
    assert "clerk" in found.value.detail.en


def test_inside_somebody_elses_transaction(people: People, app: App, database: Database) -> None:
    user = people.add_user("lin")
    with database.write() as connection:
        grant(connection, user.id, app.name, "clerk")
        grant(connection, user.id, app.name, "clerk")
        assert actor_for(connection, user, app, channel="api", kind="token").roles == {"clerk"}


def test_a_fact_that_was_never_set_has_its_default(people: People, app: App) -> None:
    user = people.add_user("lin")
    usual = replace(app, people={"warehouse": replace(app.people["warehouse"], default="fs")})
    assert people.actor(user, usual, channel="web").facts["warehouse"] == "fs"
    people.set_fact(user, usual, "warehouse", "hz")
    assert people.actor(user, usual, channel="web").facts["warehouse"] == "hz"
