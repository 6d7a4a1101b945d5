"""What an app knows of a person, of kinds whose value is no plain text."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.every_kind import APP
from tests.world import World, actor, make_world

PEOPLE = """
people:
  skills: {type: choices, choices: {wrap: {zh: 包装, en: Wrap}, card: {zh: 贺卡, en: Card}}}
  areas: {type: tags}
  shift: {type: duration}
  deputy: {type: person}
"""
SCOPE = "assignee == user.name"


def facts_world(path: Path, scope: str) -> World:
    return make_world(path, {"app.yaml": APP.replace(SCOPE, scope).encode(), "people.yaml": PEOPLE.encode()})


def test_lists_durations_and_people_are_facts(tmp_path: Path) -> None:
    world = facts_world(tmp_path, "'north' in user.areas and user.skills == services and handling < user.shift")
    app = world.runtime.program("kinds").app
    user = world.people.add_user("小林")
    world.people.grant(user, app, "guest")
    for name, value in (("skills", "包装, card"), ("areas", "south、north"), ("shift", "8h"), ("deputy", "zhao")):
        world.people.set_fact(user, app, name, value)
    actor = world.people.actor(user, app, channel="test")
    assert {name: actor.facts[name] for name in ("skills", "areas", "shift", "deputy")} == {
        "skills": ("card", "wrap"),
        "areas": ("north", "south"),
        "shift": timedelta(hours=8),
        "deputy": "zhao",
    }
    fits = world.create("parcels", services=["wrap", "card"], handling=timedelta(hours=2)).id
    for others in ({"services": ["wrap"]}, {"services": ["wrap", "card"], "handling": timedelta(days=2)}):
        world.create("parcels", **others)
    assert [record["id"] for record in world.list("parcels", actor)] == [fits]
    assert world.get("parcels", fits, actor)["id"] == fits


def test_a_fact_with_a_choice_that_is_gone_counts_as_missing(tmp_path: Path) -> None:
    world = facts_world(tmp_path, SCOPE)
    app = world.runtime.program("kinds").app
    user = world.people.add_user("小林")
    world.people.set_fact(user, app, "skills", ["wrap", "card"])
    fewer = PEOPLE.replace("wrap: {zh: 包装, en: Wrap}, ", "")
    world.runtime.publish({"app.yaml": APP.encode(), "people.yaml": fewer.encode()}, actor(name="tests"))
    assert world.people.actor(user, world.runtime.program("kinds").app, channel="test").facts["skills"] is None
