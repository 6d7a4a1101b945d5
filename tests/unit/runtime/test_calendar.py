"""Rules, formulas, checks and filters count by the organisation's own working hours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.calendar import DAY, STANDARD, Calendar
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.world import World, actor, make_world

pytestmark = ON_BOTH

APP = """\
app: desk
roles:
  clerk: {title: {zh: 文员, en: Clerk}}
tables:
  calls:
    fields:
      came: {type: datetime}
      done: {type: datetime}
      slow: {type: boolean}
      hours: {type: formula, value: "workhours_between(came, done)"}
    checks:
      in_time: {must: "empty(done) or workhours_between(came, done) <= 100", message: Too late}
permissions:
  clerk:
    calls: {read: {all: true}}
rules:
  slow_ones:
    when: {created: calls}
    if: workhours_between(came, done) > 30
    then: [{set: {slow: "True"}}]
"""
CLERK = actor("clerk", name="文员", locale="en")
WEEK = {"came": "2026-11-16T00:00:00Z", "done": "2026-11-23T00:00:00Z"}
ALWAYS = Calendar.of([[(0, DAY)]] * 7)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path, {"app.yaml": APP.encode()})
    yield made
    made.runtime.database.close()


def test_by_the_usual_week(world: World) -> None:
    id = world.create("calls", **WEEK).id
    assert world.raw("calls", id)["slow"] is True
    assert [each["values"]["hours"] for each in world.list("calls", CLERK)] == ["45.000000"]


def test_by_another_week(world: World) -> None:
    kept = world.create("calls", **WEEK).id
    world.runtime.core.calendar = ALWAYS
    with pytest.raises(Problem, match="Too late"):
        world.create("calls", **WEEK)
    asked = [
        ("workhours_between(came, done) == 168", [kept]),
        ("hours == 168", [kept]),
        ("hours < 168", []),
    ]
    for where, found in asked:
        assert [each["id"] for each in world.list("calls", CLERK, where=where)] == found
    world.runtime.core.calendar = STANDARD
    assert world.list("calls", CLERK, where="hours == 168") == []
