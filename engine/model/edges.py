"""Where an app meets the outside: connections that bring data in, boards that people look at. Parts of App, apart for size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine.model.diagnostic import Span
from engine.model.text import Text
from engine.model.tree import Expression


@dataclass(frozen=True, slots=True)
class ChildPull:
    """`source` is the list inside a source row; `table` and `link` where its rows go."""

    name: str
    source: str
    table: str
    link: str
    match: tuple[str, ...]
    map: Mapping[str, Expression]
    span: Span


@dataclass(frozen=True, slots=True)
class Pull:
    """`name` is the connector's stream (`orders`)."""

    name: str
    every: timedelta
    into: str
    match: tuple[str, ...]
    map: Mapping[str, Expression]
    children: Mapping[str, ChildPull]
    owns: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Connection:
    """`settings` as written; a value `secret:name` points into the encrypted store."""

    name: str
    title: Text
    use: str
    role: str | None
    settings: Mapping[str, str]
    pulls: Mapping[str, Pull]
    span: Span


@dataclass(frozen=True, slots=True)
class Board:
    """`kind` kanban (by, fields = card) or grid (fields = columns). `sort`: field names, `-` for descending."""

    name: str
    title: Text
    table: str
    kind: str
    by: str | None
    fields: tuple[str, ...]
    where: Expression | None
    sort: tuple[str, ...]
    span: Span
