"""The part of an expression that depends on no row of a query: run beforehand by generated Python, then bound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause

from engine.language.env import Record
from engine.language.python import compile_python
from engine.language.sql_context import SqlContext
from engine.language.walk import walk
from engine.model.calendar import Calendar
from engine.model.tree import Aggregate, FieldOf, Find, Node, This


class BoundEnv:
    """An Env that can reach nothing but what is known already."""

    __slots__ = ("_context", "calendar", "extra", "old", "source", "user")

    def __init__(self, context: SqlContext) -> None:
        self._context = context
        self.calendar: Calendar = context.calendar
        self.user = context.user
        self.source = context.source
        self.extra = context.extra
        self.old = context.old

    @property
    def now(self) -> datetime:
        """The one moment of this run."""
        self._context.moves()
        return self._context.now

    def link(self, table: str, id: str) -> Record | None:
        raise LookupError(table)

    def children(self, table: str, link_field: str, id: str) -> Sequence[Record]:
        raise LookupError(table)

    def computed(self, table: str, field: str, record: Record) -> Any:
        raise LookupError(field)

    def query(self, node: Aggregate | Find, rows: tuple[Record | None, ...]) -> Any:
        raise LookupError(node.table)


def is_bound(node: Node, rows: Sequence[FromClause | None], records: Sequence[Record | None], old: Record | None) -> bool:
    """Can it be computed without the database?"""
    return all(_known(each, rows, records, old) for each in walk(node))


def _known(node: Node, rows: Sequence[FromClause | None], records: Sequence[Record | None], old: Record | None) -> bool:
    match node:
        case Aggregate() | Find():
            return False
        case This(row=row):
            return rows[row] is None
        case FieldOf(hops=hops) if hops:
            return False
        case FieldOf(row=row, name=name) if row < 0:
            return old is None or name in old
        case FieldOf(row=row, name=name):
            return rows[row] is None and name in (record_at(records, row) or {})
        case _:
            return True


def record_at(records: Sequence[Record | None], row: int) -> Record | None:
    """The record of a depth, if one was given."""
    return records[row] if row < len(records) else None


def run(node: Node, env: BoundEnv, records: Sequence[Record | None]) -> Any:
    """Its value."""
    first = records[0] if records else None
    return compile_python(node)(first or {}, env, *records[1:])
