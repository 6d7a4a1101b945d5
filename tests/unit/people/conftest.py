"""A real database, a clock that the test turns by hand, and an app with two roles and a few person fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.model.app import App, Choice, Field, Role
from engine.model.diagnostic import Span
from engine.model.text import Text
from engine.model.types import DATE, INTEGER, TEXT, Type
from engine.people.service import People
from engine.storage.database import Database
from tests.databases import database_url
from tests.unit.people.plain_kind import PlainKind


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(database_url(tmp_path))
    yield database
    database.close()


@pytest.fixture
def people(database: Database, tmp_path: Path, clock: Clock) -> People:
    kinds = {
        "text": PlainKind("text"),
        "choice": PlainKind("choice"),
        "integer": PlainKind("integer"),
        "date": PlainKind("date"),
    }
    return People(database, key_file=tmp_path / "key", kinds=kinds, clock=clock)


def _field(name: str, kind: str, type_: Type, *choices: str) -> Field:
    named = {c: Choice(c, Text(c, c)) for c in choices}
    return Field(name, Text(name, name), kind, type_, False, False, None, named, {}, None, False, Span())


@pytest.fixture
def app() -> App:
    fields = [_field("store", "text", TEXT), _field("warehouse", "choice", TEXT, "hz", "fs")]
    fields += [_field("level", "integer", INTEGER), _field("since", "date", DATE)]
    roles = {name: Role(name, Text(name, name), name == "partner", Span()) for name in ("clerk", "buyer", "partner")}
    label = Text("订单", "Orders")
    return App("shop", label, "1.0.0", roles, {f.name: f for f in fields}, {}, {}, (), (), (), {}, {}, (), Span())
