"""A runtime that answers from memory, so that what REST itself does can be tested alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, g
from flask.testing import FlaskClient

from builder_ui.api import make_api
from builder_ui.security import SESSION
from engine.model.change import Actor, Outcome, Read, Write
from engine.model.problem import Problem, missing
from engine.storage.database import Database
from engine.storage.idempotency import Claim, fingerprint, idempotency, lookup, store

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
USER = SimpleNamespace(id="u1", name="wang", locale=None, owner=False)
APP = {
    "name": "shop",
    "title": "店",
    "version": "1",
    "revision": 1,
    "roles": ["clerk"],
    "pending": [],
    "boards": [{"name": "desk", "title": "看板", "kind": "kanban", "table": "orders"}],
    "tables": [
        {
            "name": "orders",
            "title": "订单",
            "display": "no",
            "create": True,
            "children": [{"name": "items", "title": "明细", "table": "items", "link": "order"}],
            "flow": {"field": "status", "states": []},
            "fields": [
                {
                    "name": "amount",
                    "title": "金额",
                    "kind": "money",
                    "type": "number",
                    "choices": [],
                    "required": True,
                    "to": None,
                    "can": {"read": True, "edit": True, "create": True},
                },
                {
                    "name": "photos",
                    "title": "照片",
                    "kind": "attachment",
                    "type": "list",
                    "choices": [],
                    "required": False,
                    "to": None,
                    "can": {"read": True, "edit": True, "create": True},
                },
            ],
        }
    ],
}


@dataclass
class FakeRuntime:
    """`answer` decides each write; what was asked is kept in `writes` and `reads`."""

    database: Database
    answer: Callable[[Write], Outcome] = lambda write: Outcome(write.id or "r1", 1, created=write.id is None)
    writes: list[Write] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    @property
    def core(self) -> Any:
        return SimpleNamespace(now=lambda: NOW)

    def apps(self) -> tuple[str, ...]:
        return ("shop",)

    def program(self, app: str) -> Any:
        if app != "shop":
            raise missing()
        return SimpleNamespace(app=SimpleNamespace(name=app))

    def describe(self, app: str, actor: Actor) -> Any:
        return APP

    def write(self, write: Write, actor: Actor) -> Outcome:
        with self.database.write() as connection:
            claim = Claim(actor.user_id or "", write.idempotency_key or "", fingerprint(write), NOW)
            before = lookup(connection, claim) if write.idempotency_key else None
            if before is not None:
                return before
            outcome = self.answer(write)
            self.writes.append(write)
            if write.idempotency_key:
                store(connection, claim, outcome)
        return outcome

    def write_many(self, app: str, writes: Iterable[Write], actor: Actor, *, key: str | None = None) -> Iterator[Any]:
        for number, write in enumerate(writes):
            try:
                yield self.write(replace(write, idempotency_key=key and f"{key}\n{number}"), actor)
            except Problem as problem:
                yield problem

    def write_and_show(self, write: Write, actor: Actor) -> tuple[Outcome, Any]:
        outcome = self.write(write, actor)
        return outcome, None if outcome.gone or outcome.deleted else self.record(write.app, write.table, outcome.id, actor)

    def records(self, read: Read, actor: Actor) -> Any:
        self.reads.append(read)
        return SimpleNamespace(records=[self.record(read.app, read.table, "r1", actor)], cursor=None, count=1)

    def record(self, app: str, table: str, id: str, actor: Actor) -> Any:
        if id == "none":
            raise missing()
        return {"id": id, "version": 1, "values": {"amount": "1.00", "writes": len(self.writes)}}

    def history(self, app: str, table: str, id: str, actor: Actor) -> Any:
        return [{"id": "e1", "title": "x"}]

    def board(self, app: str, name: str, actor: Actor, search: str | None = None) -> Any:
        return {"name": name, "search": search, "columns": [], "etag": "abc"}

    def changes(self, app: str, since: str | None, actor: Actor) -> Any:
        return {"changes": [] if since else [{"table": "orders", "id": "r1"}], "cursor": "7"}

    def inbox(self, user_id: str) -> Any:
        return [SimpleNamespace(id="n1", app="shop"), SimpleNamespace(id="n2", app="no longer there")]

    def inbox_line(self, line: Any, actor: Actor) -> Any:
        return {"id": line.id, "app": line.app}

    def inbox_read(self, id: str, user_id: str) -> None:
        if id == "none":
            raise missing()
        self.read.append(id)


class FakePeople:
    """One token, `good`, of one user."""

    def token_user(self, token: str, then: Any = None) -> Any:
        return USER if token == "good" else None

    def actor(
        self, user: Any, app: Any, *, channel: str, ip: str = "", device: str = "", locale: str = "zh", kind: str = "person"
    ) -> Actor:
        return Actor(kind, user.id, user.name, frozenset({"clerk"}), {}, channel, ip, device, locale)


def make_client(folder: Path, *, session: bool = False) -> tuple[FlaskClient, FakeRuntime]:
    """A client of an app that has the API and nothing else. `session`: requests come with a signed-in cookie session."""
    runtime = FakeRuntime(Database(f"sqlite:///{folder}/x.db"))
    with runtime.database.write() as connection:
        idempotency.create(connection)
    web = Flask(__name__)

    @web.before_request
    def _session() -> None:
        g.user, g.before = (USER if session else None), None

    web.register_blueprint(make_api(runtime, FakePeople(), SimpleNamespace(locale="zh_CN")))
    client = web.test_client()
    if session:
        client.set_cookie(SESSION, "a session")
    else:
        client.environ_base["HTTP_AUTHORIZATION"] = "Bearer good"
    return client, runtime
