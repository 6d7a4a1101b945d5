"""What an expression may ask about records while a request runs: the Env of the generated Python back end over one connection.

It remembers the records it has seen (an identity map), and the write path tells it of each change, so that rules and checks
see this transaction's own writes without a query. After a savepoint is rolled back it forgets everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from engine.storage.unit import Unit

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
        self._pointers: dict[str, list[tuple[str, str]]] = {}
        self.unit = Unit(connection, self.forget)
        self._uses: dict[str, int] = {}

    def raw(self, *, kept: bool = False) -> RawTables:
        """The same tables for the SQL back end. `kept`: for a statement that stands by itself and is run again later."""
        now, user, uses = self.now, self.user, self._uses
        return RawTables(self.app, self.tables, now=now, user=user, calendar=self.calendar, uses=uses, kept=kept)

    def link(self, table: str, id: str | None) -> Mapping[str, Any] | None:
        """A record by id; None for no id or no such record."""
        if id is None:
            return None
        key = (table, id)
        if key not in self._records:
            self.unit.settle(self.tables[table], id)
            self._records[key] = records.get(self.connection, self.tables[table], id)
        return self._records[key]

    def held(self, table: str, id: str, lock: Lock = Lock.WRITE) -> dict[str, Any] | None:
        """A record and a lock on it until this transaction ends: it is as it is now, and what is known of it from before the
        lock (its children, too) is read again."""
        key = (table, id)
        if self._locks.get(key, Lock.NONE) < lock:
            self.unit.settle(self.tables[table], id)
            self._keep(table, id, records.get(self.connection, self.tables[table], id, lock), lock)
        return self._records[key]

    def hold_many(self, table: str, ids: Iterable[str], lock: Lock) -> None:
        """The same for many records, asked for together."""
        wanted = [id for id in dict.fromkeys(ids) if self._locks.get((table, id), Lock.NONE) < lock]
        if not wanted:
            return
        self.unit.settle(self.tables[table])
        found = records.get_many(self.connection, self.tables[table], wanted, lock)
        for id in wanted:
            self._keep(table, id, found.get(id), lock)

    def _keep(self, table: str, id: str, record: dict[str, Any] | None, lock: Lock) -> None:
        self._records[table, id] = record
        self._locks[table, id] = lock
        for other, link in self._pointing(table):
            self._children.pop((other, link, id), None)

    def _pointing(self, table: str) -> list[tuple[str, str]]:
        """(table, link) of every link field that leads to this table."""
        if table not in self._pointers:
            every = ((other.name, field) for other in self.app.tables.values() for field in other.fields.values())
            self._pointers[table] = [(name, f.name) for name, f in every if f.kind == "link" and f.options["to"] == table]
        return self._pointers[table]

    def children(self, table: str, link: str, id: str) -> Sequence[Mapping[str, Any]]:
        """The records of `table` whose `link` points at `id`, oldest first."""
        key = (table, link, id)
        if key not in self._children:
            self.unit.settle(self.tables[table])
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
        self.unit.flush()
        raw = self.raw()
        context = raw.context(records=rows, source=self.source, old=self.old, extra=self.extra)
        column = sql.aggregate(node, context, tuple(None for _ in rows))
        return self.connection.execute(select(column)).scalar()

    def added(self, table: str, record: dict[str, Any]) -> None:
        """A record was inserted: it has no children yet, and it is a child of those that it points at."""
        self.unit.set(self._records, (table, record["id"]), record)
        self.unit.set(self._locks, (table, record["id"]), Lock.DELETE)
        for child in self.app.tables[table].children.values():
            self.unit.set(self._children, (child.table, child.link, record["id"]), [])
        for link in _links(self.app, table):
            ids = self._children.get((table, link, record[link]))
            if ids is not None:
                self.unit.append(ids, record["id"])

    def changed(self, table: str, record: dict[str, Any]) -> None:
        """A record was updated; lists of children that its links have left or joined are read again."""
        key = (table, record["id"])
        before = self._records.get(key)
        self.unit.set(self._records, key, record)
        for link in _links(self.app, table):
            if before is None:
                for stale in [k for k in self._children if k[0] == table and k[1] == link]:
                    self.unit.drop(self._children, stale)
            elif before[link] != record[link]:
                self.unit.drop(self._children, (table, link, before[link]))
                self.unit.drop(self._children, (table, link, record[link]))

    def removed(self, table: str, id: str) -> None:
        """A record was deleted."""
        self.unit.set(self._records, (table, id), None)

    def remember(self, table: str, found: Mapping[str, dict[str, Any]]) -> None:
        """Records fetched together, by id."""
        self._records.update({(table, id): record for id, record in found.items()})

    def forget(self) -> None:
        """After a rollback: nothing remembered is sure any more."""
        self._records.clear()
        self._children.clear()
        # A savepoint that is rolled back gives up the locks taken in it.
        self._locks.clear()


def _links(app: App, table: str) -> list[str]:
    """The link fields of a table."""
    return [field.name for field in app.tables[table].fields.values() if field.kind == "link"]
