"""A whole house for tests that need every layer: database, runtime, people, web, with clock and ids from outside, so that two
houses can be built alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from builder_ui.security import SESSION
from builder_ui.web import make_web
from connectors import catalogue
from engine.kinds.registry import Registry
from engine.market.market import Market
from engine.model.app import App
from engine.model.change import Actor
from engine.people import sessions
from engine.people.service import People
from engine.people.users import User
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.storage.database import Database
from engine.storage.ids import Ulids
from tests.databases import database_url
from tests.world import OWNER

TEMPLATE = Path(__file__).parents[2] / "templates_market" / "order_tracking"
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@dataclass
class Fate:
    """Clock and ids of a house: what happens in turn `n` has the same time and the same ids in every house.
    `live`: as in a running house, for the bench."""

    turn: int = 0
    drawn: int = 0
    live: bool = False
    fresh: Ulids = field(default_factory=Ulids)

    def begin(self, turn: int) -> None:
        """Ids and times from here on are those of this turn."""
        self.turn, self.drawn = turn, 0

    def now(self) -> datetime:
        if self.live:
            return datetime.now(UTC)
        return BEGIN + timedelta(seconds=self.turn)

    def new_id(self) -> str:
        if self.live:
            return self.fresh()
        self.drawn += 1
        return f"{self.turn:012d}{self.drawn:014d}"


@dataclass
class House:
    """Everything that app.py would put together."""

    runtime: Runtime
    people: People
    web: Flask
    fate: Fate
    users: dict[str, User] = field(default_factory=dict)

    @property
    def app(self) -> App:
        """The one app that runs here."""
        return self.runtime.program("order_tracking").app

    def user(self, name: str, *roles: str, **facts: Any) -> User:
        """A person with roles and facts in the app."""
        user = self.people.add_user(name)
        for role in roles:
            self.people.grant(user, self.app, role)
        for fact, value in facts.items():
            self.people.set_fact(user, self.app, fact, value)
        self.users[name] = user
        return user

    def actor(self, name: str) -> Actor:
        """That person as an actor."""
        return self.people.actor(self.users[name], self.app, channel="test")

    def api(self, name: str) -> FlaskClient:
        """A program that acts as that person."""
        client = self.web.test_client()
        user = self.users[name]
        _, token = self.people.issue_token(user, f"test {len(self.people.tokens(user))}")
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    def browser(self, name: str) -> FlaskClient:
        """A browser in which that person is signed in."""
        client = self.web.test_client()
        with self.runtime.database.write() as connection:
            token = sessions.start_session(connection, self.users[name].id, now=self.fate.now(), ip="", device="")
        client.set_cookie(SESSION, token)
        return client


def template_files() -> dict[str, bytes]:
    """The order tracking template as it is shipped."""
    return {path.name: path.read_bytes() for path in sorted(TEMPLATE.glob("*.yaml")) if path.name != "cases.yaml"}


@contextmanager
def open_house(
    folder: Path, *, files: Mapping[str, bytes] | None = None, probe: Callable[[str], None] = lambda step: None
) -> Iterator[House]:
    """A house in this folder, with the app published unless the folder has one already."""
    fate = Fate()
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(database_url(folder))
    registry = Registry.load()
    people = People(database, key_file=folder / "key", kinds=registry.fields, clock=fate.now)
    core = Core(
        database,
        zone=ZONE,
        catalogue=catalogue.load(),
        registry=registry,
        clock=fate.now,
        ids=fate.new_id,
        probe=probe,
        files=folder / "files",
    )
    core.prepare()
    runtime = Runtime(core)
    if not runtime.apps():
        runtime.publish(files or template_files(), OWNER)
    settings: Any = SimpleNamespace(locale="zh_CN", timezone="Asia/Shanghai", base_url=None)
    web = make_web(runtime, people, Market(TEMPLATE.parent, runtime, people), settings)
    try:
        yield House(runtime, people, web, fate)
    finally:
        database.close()
