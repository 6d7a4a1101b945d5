"""What is known when SQL is made from an expression: where rows come from, who asks, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause

from engine.model.calendar import STANDARD, Calendar

_NOTHING: Mapping[str, Any] = MappingProxyType({})
Rows = tuple[FromClause | None, ...]


def _unheard() -> None:
    """Whoever makes SQL for once need not know."""


class Sources(Protocol):
    """Where rows come from: a person's views, or the raw tables for the system. The compiler does not know which."""

    def table(self, name: str) -> FromClause:
        """A fresh alias with `.c[field]` for every stored field, `id`, `version`, `flags` …"""

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        """The value of a field without a column, for that row."""


@dataclass(frozen=True, slots=True)
class SqlContext:
    """What is known when the SQL is made. `now`: aware, in the organisation's zone. `records[d]`: the record at a depth that
    has no FromClause. `moves`: called when the clock's reading goes into the SQL, which then holds for this moment only."""

    sources: Sources
    user: Mapping[str, Any]
    now: datetime
    calendar: Calendar = STANDARD
    extra: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    source: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    old: Mapping[str, Any] | None = None
    records: tuple[Mapping[str, Any] | None, ...] = ()
    moves: Callable[[], None] = _unheard
