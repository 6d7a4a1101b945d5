"""What tests of reshaping tables share: publishing and planning the depot with some text exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from engine.storage.migrate import Pace, PlanStep
from tests.unit.runtime.depot import depot, files
from tests.world import OWNER, World

PIECES = "      pieces: {type: integer}\n"
RENAMED = (
    (PIECES, "      count: {type: integer, was: pieces}\n"),
    ("pieces: true, customer: true}, edit: {pieces: true}", "count: true, customer: true}, edit: {count: true}"),
)


@pytest.fixture(params=["within the swap", "in chunks"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A depot whose tables count as small, and one where they count as large."""
    made = depot(tmp_path)
    if request.param == "in chunks":
        made.runtime.core.pace = Pace(small=0, first=2, fewest=2)
    yield made
    made.runtime.database.close()


def publish(world: World, *changes: tuple[str, str], allow_losing: bool = False) -> int:
    """The new revision."""
    return world.runtime.publish(files(*changes), OWNER, allow_losing=allow_losing).revision


def plan(world: World, *changes: tuple[str, str]) -> list[PlanStep]:
    """What that would do."""
    return list(world.runtime.plan(files(*changes)))


def said(steps: list[PlanStep]) -> list[tuple[str, int]]:
    """Risk and rows of each step."""
    return [(str(step.risk), step.rows) for step in steps]


def columns(world: World, table: str) -> set[str]:
    """What the database has."""
    with world.runtime.database.read() as connection:
        return {each["name"] for each in inspect(connection).get_columns(table)}
