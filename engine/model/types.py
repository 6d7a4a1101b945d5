"""The types of the expression language and what an expression may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class TypeKind(StrEnum):
    """Python values: text str; number int or Decimal; date, datetime (aware UTC), time, duration (timedelta); record id str;
    list a tuple; json JsonText."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    DURATION = "duration"
    RECORD = "record"
    LIST = "list"
    JSON = "json"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, order=True)
class JsonText:
    """A JSON object or array, as the one text in which it is kept: keys sorted, no blanks. Equal values are equal texts."""

    text: str


@dataclass(frozen=True, slots=True)
class Type:
    """`scale`: decimal places of a number; `table`: of a record; `options`: closed set of a choice or state (a TEXT);
    `element`: of a list."""

    kind: TypeKind
    scale: int = 0
    table: str | None = None
    options: tuple[str, ...] | None = None
    element: Type | None = None


TEXT = Type(TypeKind.TEXT)
BOOLEAN = Type(TypeKind.BOOLEAN)
DATE = Type(TypeKind.DATE)
DATETIME = Type(TypeKind.DATETIME)
TIME = Type(TypeKind.TIME)
DURATION = Type(TypeKind.DURATION)
INTEGER = Type(TypeKind.NUMBER, 0)
MONEY = Type(TypeKind.NUMBER, 2)
JSON = Type(TypeKind.JSON)
EMPTY = Type(TypeKind.EMPTY)

_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Children:
    """The other side of a link: `order.items` are the records of `table` whose `link` points here."""

    table: str
    link: str


@dataclass(frozen=True, slots=True)
class TableTypes:
    """What expressions know of a table. `fields` holds declared and implicit fields; `computed` names those fields that
    have no column of their own (formulas over links, `waiting`). `titles`: what people call its parts → how expressions write
    them, for hints; empty where a hint could name what is hidden."""

    name: str
    fields: Mapping[str, Type]
    children: Mapping[str, Children] = field(default_factory=lambda: _NONE)
    computed: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names one expression may use. `table`: whose fields are bare names and `this`; `user`, `source`, `extra`: names
    with types (`user.store`, `source.id`, `elapsed`); None: that word does not exist here. `inner`: a second table whose
    record is at row depth 1; then bare names are *its* and `this` stays the record of `table` (an update step's `where`).
    `facts`: what people call the facts in `user`, for hints."""

    tables: Mapping[str, TableTypes]
    table: str | None = None
    inner: str | None = None
    old: bool = False
    user: Mapping[str, Type] | None = None
    source: Mapping[str, Type] | None = None
    extra: Mapping[str, Type] = field(default_factory=lambda: _NONE)
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)
