"""An Env for tests: everything is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.model.calendar import STANDARD, Calendar
from engine.model.tree import Aggregate, Find

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=SHANGHAI)


@dataclass
class FakeEnv:
    """`tables`: table → its records; `query` is answered with `answers`."""

    now: datetime = NOW
    calendar: Calendar = STANDARD
    user: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    old: Mapping[str, Any] | None = None
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    computed_values: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    answers: list[Any] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)

    def link(self, table: str, id: str) -> Mapping[str, Any] | None:
        return next((each for each in self.tables.get(table, ()) if each["id"] == id), None)

    def children(self, table: str, link_field: str, id: str) -> Sequence[Mapping[str, Any]]:
        return [each for each in self.tables.get(table, ()) if each[link_field] == id]

    def computed(self, table: str, field: str, record: Mapping[str, Any]) -> Any:
        return self.computed_values[table, field]

    def query(self, node: Aggregate | Find, rows: tuple[Mapping[str, Any] | None, ...]) -> Any:
        self.asked.append((node, rows))
        return self.answers.pop(0)
