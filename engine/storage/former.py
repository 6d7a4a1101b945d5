"""What things were called before: lines of the journal keep the names of their time, and are read by those of today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select

from engine.model.change import JournalEntry
from engine.storage.names import former_names


@dataclass(frozen=True, slots=True)
class Former:
    """`tables`: former name → (until revision, name now); `fields`: table as it is called now → the same for its fields."""

    tables: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=lambda: MappingProxyType({}))
    fields: Mapping[str, Mapping[str, tuple[tuple[int, str], ...]]] = field(default_factory=lambda: MappingProxyType({}))

    def table(self, name: str, revision: int) -> str:
        """What the table that was `name` in a revision is called now."""
        return _now(self.tables.get(name, ()), name, revision)

    def field(self, table: str, name: str, revision: int) -> str:
        """The same for a field; `table` as it is called now."""
        return _now(self.fields.get(table, {}).get(name, ()), name, revision)

    def names_of(self, table: str) -> tuple[str, ...]:
        """All that a table has ever been called, its name of today first."""
        old = (former for former, meant in self.tables.items() if any(now == table for _, now in meant))
        return (table, *(name for name in old if name != table))

    def values(self, table: str, values: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
        """Field → value kept under names of any time; `known`: the fields that there are."""
        old = self.fields.get(table, {})
        return {name if name in known or name not in old else max(old[name])[1]: value for name, value in values.items()}

    def entry(self, line: JournalEntry) -> JournalEntry:
        """A line in the names of today."""
        if not self.tables and not self.fields:
            return line
        table = self.table(line.table, line.revision)
        changes = tuple(c._replace(field=self.field(table, c.field, line.revision)) for c in line.changes)
        return replace(line, table=table, changes=changes)


NOTHING_RENAMED = Former()


def _now(meant: tuple[tuple[int, str], ...], name: str, revision: int) -> str:
    """The first renaming after that revision says what the name meant then."""
    later = [(until, now) for until, now in meant if revision < until]
    return min(later)[1] if later else name


def read_former(connection: Connection, app: str) -> Former:
    """All that was ever renamed in an app."""
    tables: dict[str, list[tuple[int, str]]] = {}
    fields: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for row in connection.execute(select(former_names).where(former_names.c.app == app)):
        if row.field:
            fields.setdefault(row.table, {}).setdefault(row.former, []).append((row.until, row.field))
        else:
            tables.setdefault(row.former, []).append((row.until, row.table))
    return Former(
        {former: tuple(meant) for former, meant in tables.items()},
        {table: {former: tuple(meant) for former, meant in known.items()} for table, known in fields.items()},
    )
