"""A small running house for tests: a real SQLite file, the real engine, actors made by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from connectors.catalogue import load as load_catalogue
from engine.definition.read import read_folder
from engine.kinds.registry import Registry
from engine.model.change import Actor, Outcome, Read, Write
from engine.model.connector import Catalogue
from engine.people.service import People
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.storage.database import Database
from engine.storage.tables import whole
from tests.databases import database_url

TEMPLATE = Path(__file__).parent.parent / "templates_market" / "order_tracking"
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


class Clock:
    """Time that moves only when a test says so."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class Ids:
    """Ids in order, the same in every run: 26 characters like real ones."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def __call__(self) -> str:
        return f"id{next(self._count):024d}"


def actor(
    *roles: str, name: str = "小林", kind: str = "person", user_id: str | None = None, locale: str = "zh", **facts: Any
) -> Actor:
    """Somebody who holds these roles."""
    known = {"name": name, "roles": roles, "departments": (), "lead": None, "store": None, "warehouse": None, **facts}
    return Actor(kind, user_id or name, name, frozenset(roles), known, "test", "127.0.0.1", "", locale)


SYSTEM = actor(kind="system", name="system")
OWNER = actor(name="owner")


@dataclass
class World:
    """One house with one app published."""

    runtime: Runtime
    people: People
    clock: Clock
    app: str

    def create(self, table: str, who: Actor = SYSTEM, /, children: Mapping[str, Any] | None = None, **values: Any) -> Outcome:
        """A new record through the write door."""
        return self.runtime.write(Write(self.app, table, None, values, children or {}), who)

    def change(self, table: str, id: str, who: Actor = SYSTEM, /, **values: Any) -> Outcome:
        """Change some fields."""
        return self.runtime.write(Write(self.app, table, id, values), who)

    def move(self, table: str, id: str, transition: str, who: Actor = SYSTEM, /, **values: Any) -> Outcome:
        """Take a transition."""
        return self.runtime.write(Write(self.app, table, id, values, transition=transition), who)

    def get(self, table: str, id: str, who: Actor) -> dict[str, Any]:
        """RecordJson as somebody sees it."""
        return self.runtime.record(self.app, table, id, who)

    def raw(self, table: str, id: str) -> Mapping[str, Any]:
        """The record as it is, for assertions."""
        with self.runtime.core.reading(self.app, SYSTEM) as work:
            record = work.facts.link(table, id)
            assert record is not None
            return record

    def all(self, table: str) -> list[Mapping[str, Any]]:
        """Every record of a table as it is."""
        program = self.runtime.program(self.app)
        with self.runtime.database.read() as connection:
            return [dict(row._mapping) for row in connection.execute(select(*whole(program.tables[table])))]

    def list(self, table: str, who: Actor, **options: Any) -> list[dict[str, Any]]:
        """RecordJson of a page."""
        return list(self.runtime.records(Read(self.app, table, **options), who).records)


def make_world(
    path: Path,
    files: Mapping[str, bytes] | None = None,
    *,
    ids: Callable[[], str] | None = None,
    probe: Callable[[str], None] | None = None,
    catalogue: Catalogue | None = None,
    publish: bool = True,
    url: str | None = None,
) -> World:
    """A house in `path`/dajian.db; without `files` the order tracking template is published. `publish` False: the app that is
    there already. `url`: the database, for another process that has none of the test's own."""
    database = Database(url or database_url(path))
    clock = Clock()
    registry = Registry.load()
    people = People(database, key_file=path / "key", kinds=registry.fields, clock=clock)
    core = Core(
        database,
        zone=ZoneInfo("Asia/Shanghai"),
        catalogue=catalogue or load_catalogue(),
        registry=registry,
        clock=clock,
        ids=ids or Ids(),
        probe=probe or (lambda step: None),
        files=path / "files",
    )
    core.prepare()
    runtime = Runtime(core)
    app = runtime.publish(files or template_files(), actor(name="tests")).app if publish else runtime.apps()[0]
    return World(runtime, people, clock, app)


def template_files() -> dict[str, bytes]:
    """The order tracking template as it is installed."""
    return dict(read_folder(TEMPLATE))
