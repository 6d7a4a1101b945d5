"""What an expression may ask about records while a request runs: the Env of the generated Python back end over one connection.

It remembers the records it has seen (an identity map), and the write path tells it of each change, so that rules and checks
see this transaction's own writes without a query. After a savepoint is rolled back it forgets everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from engine.language import sql
from engine.language.compiled import Compiled
from engine.model.app import App
from engine.model.calendar import STANDARD, Calendar
from engine.model.tree import Aggregate, Find
from engine.storage import records
from engine.storage.prepared import Lock
from engine.storage.raw import RawTables

_NOTHING: Mapping[str, Any] = {}


class Facts:
    """Implements language.env.Env. `now` in the organisation's zone; `user` the actor's facts, `source` a connection's row."""

    def __init__(
        self,
        connection: Connection,
        app: App,
        tables: Mapping[str, Table],
        compiled: Compiled,
        *,
        now: datetime,
        user: Mapping[str, Any],
        calendar: Calendar = STANDARD,
    ) -> None:
        self.connection = connection
        self.app = app
        self.tables = tables
        self.compiled = compiled
        self.now = now
        self.user = user
        self.calendar = calendar
        self.source: Mapping[str, Any] = _NOTHING
        self.extra: Mapping[str, Any] = _NOTHING
        self.old: Mapping[str, Any] | None = None
        self._records: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._children: dict[tuple[str, str, str], list[str]] = {}
        self._locks: dict[tuple[str, str], Lock] = {}

    def raw(self) -> RawTables:
        """The same tables for the SQL back end."""
        return RawTables(self.app, self.tables, now=self.now, user=self.user, calendar=self.calendar)

    def link(self, table: str, id: str | None) -> Mapping[str, Any] | None:
        """A record by id; None for no id or no such record."""
        if id is None:
            return None
        key = (table, id)
        if key not in self._records:
            self._records[key] = records.get(self.connection, self.tables[table], id)
        return self._records[key]

    def held(self, table: str, id: str, lock: Lock = Lock.WRITE) -> dict[str, Any] | None:
        """A record and a lock on it until this transaction ends: it is as it is now, and what is known of it from before the
        lock (its children, too) is read again."""
        key = (table, id)
        if self._locks.get(key, Lock.NONE) < lock:
            self._records[key] = records.get(self.connection, self.tables[table], id, lock)
            self._locks[key] = lock
            self._children = {known: ids for known, ids in self._children.items() if known[2] != id}
        return self._records[key]

    def children(self, table: str, link: str, id: str) -> Sequence[Mapping[str, Any]]:
        """The records of `table` whose `link` points at `id`, oldest first."""
        key = (table, link, id)
        if key not in self._children:
            found = records.linked(self.connection, self.tables[table], link, id)
            self._children[key] = [record["id"] for record in found]
            self._records.update({(table, record["id"]): record for record in found})
        kept = (self.link(table, child) for child in self._children[key])
        return [record for record in kept if record is not None]

    def computed(self, table: str, field: str, record: Mapping[str, Any]) -> Any:
        """A field without a column of its own."""
        definition = self.app.tables[table]
        if field == "waiting" and definition.flow is not None:
            entered = record[f"{record[definition.flow.field]}_at"]
            return None if entered is None else self.now - entered
        formula = definition.fields[field].value
        assert formula is not None  # TableTypes.computed names formulas and `waiting` only
        return self.compiled(formula, record, self)

    def value(self, table: str, field: str, record: Mapping[str, Any]) -> Any:
        """Any field of a record, its column's or computed."""
        return record[field] if field in record else self.computed(table, field, record)

    def query(self, node: Aggregate | Find, rows: tuple[Mapping[str, Any] | None, ...]) -> Any:
        """An aggregate over a whole table or a lookup, run as one SQL statement."""
        raw = self.raw()
        context = raw.context(records=rows, source=self.source, old=self.old, extra=self.extra)
        column = sql.aggregate(node, context, tuple(None for _ in rows))
        return self.connection.execute(select(column)).scalar()

    def added(self, table: str, record: dict[str, Any]) -> None:
        """A record was inserted: it has no children yet, and it is a child of those that it points at."""
        self._records[table, record["id"]] = record
        self._locks[table, record["id"]] = Lock.DELETE
        for child in self.app.tables[table].children.values():
            self._children[child.table, child.link, record["id"]] = []
        for (child_table, link, parent), ids in self._children.items():
            if child_table == table and record.get(link) == parent:
                ids.append(record["id"])

    def changed(self, table: str, record: dict[str, Any]) -> None:
        """A record was updated; lists of children that its links may have left or joined are read again."""
        self._records[table, record["id"]] = record
        self._children = {key: ids for key, ids in self._children.items() if key[0] != table}

    def removed(self, table: str, id: str) -> None:
        """A record was deleted."""
        self._records[table, id] = None

    def remember(self, table: str, found: Mapping[str, dict[str, Any]]) -> None:
        """Records fetched together, by id."""
        self._records.update({(table, id): record for id, record in found.items()})

    def forget(self) -> None:
        """After a rollback: nothing remembered is sure any more."""
        self._records.clear()
        self._children.clear()
        # A savepoint that is rolled back gives up the locks taken in it.
        self._locks.clear()
