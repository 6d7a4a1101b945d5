"""What the API needs from the house, as ports: the runtime's facade, people, settings. Made once in make_api and passed on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from engine.model.app import App
from engine.model.change import Actor, Outcome, Read, Write
from engine.storage.inbox import InboxLine

Json = Mapping[str, Any]


class Program(Protocol):
    """A published app."""

    @property
    def app(self) -> App: ...


class Page(Protocol):
    """A page of records."""

    @property
    def records(self) -> Sequence[Json]: ...
    @property
    def cursor(self) -> str | None: ...
    @property
    def count(self) -> int | None: ...


class Database(Protocol):
    """Transactions, for what belongs to the API itself (answers kept under a key) and for people."""

    def read(self) -> AbstractContextManager[Connection]: ...
    def write(self) -> AbstractContextManager[Connection]: ...


class Clock(Protocol):
    """The engine's clock."""

    def now(self) -> datetime: ...


class Runtime(Protocol):
    """The two doors. Every method raises Problem, and nothing else, for what a user did."""

    @property
    def database(self) -> Database: ...
    @property
    def core(self) -> Clock: ...
    def apps(self) -> Sequence[str]: ...
    def program(self, app: str) -> Program: ...
    def describe(self, app: str, actor: Actor) -> Json: ...
    def write(self, request: Write, actor: Actor) -> Outcome: ...
    def write_and_show(self, request: Write, actor: Actor) -> tuple[Outcome, Json | None]: ...
    def records(self, read: Read, actor: Actor) -> Page: ...
    def record(self, app: str, table: str, id: str, actor: Actor) -> Json: ...
    def history(self, app: str, table: str, id: str, actor: Actor) -> Sequence[Json]: ...
    def board(self, app: str, name: str, actor: Actor, search: str | None = None) -> Json: ...
    def changes(self, app: str, since: str | None, actor: Actor) -> Json: ...
    def inbox(self, user_id: str) -> Sequence[InboxLine]: ...
    def inbox_line(self, line: InboxLine, actor: Actor) -> Json: ...
    def inbox_read(self, id: str, user_id: str) -> None: ...


class User(Protocol):
    """A person who may sign in."""

    @property
    def id(self) -> str: ...
    @property
    def locale(self) -> str | None: ...
    @property
    def owner(self) -> bool: ...


class People(Protocol):
    """Who is who, asked anew for each request."""

    def token_user(self, token: str) -> User | None: ...
    @property
    def actor(self) -> Callable[..., Actor]: ...


class Settings(Protocol):
    """What the house was started with."""

    @property
    def locale(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a route may reach."""

    runtime: Runtime
    people: People
    settings: Settings
