"""One transaction's writes, kept back and sent together: the unit of work (Fowler, Patterns of Enterprise Application
Architecture). A record that is inserted and then changed by rules is one INSERT; lines of the journal go as one statement;
a savepoint is told to the database only when something inside it must be.

Whoever queries a table calls `settle` before, so nobody ever misses what has been written. Nothing here decides or parses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, NestedTransaction, Table

from engine.storage import records, serials
from engine.storage.keys import Keys
from engine.storage.serials import Counter

_ABSENT: Any = object()


@dataclass(slots=True)
class _Insert:
    table: Table
    row: dict[str, Any]


@dataclass(slots=True)
class _Update:
    table: Table
    id: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class _Set:
    """A mapping in memory was changed; `before` takes it back."""

    mapping: MutableMapping[Any, Any]
    key: Any
    before: Any


@dataclass(slots=True)
class _Appended:
    """A list in memory has one element more."""

    list: list[Any]


_Op = _Insert | _Update | _Set | _Appended


@dataclass(slots=True)
class _Mark:
    """An open savepoint: where in the log it begins, and its transaction once the database knows of it."""

    at: int
    nested: NestedTransaction | None = None


class _Savepoint(AbstractContextManager[None]):
    """Not a generator: this runs for every row and every rule."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def __enter__(self) -> None:
        self._unit.open()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self._unit.keep()
        else:
            self._unit.take_back()


class Unit:
    """`keys`: what is known of unique keys; without it the database itself is asked on each insert that has one. `lost` is
    called when the database has taken something back, so that nothing read meanwhile is trusted any more."""

    def __init__(self, connection: Connection, lost: Callable[[], None]) -> None:
        self.connection = connection
        self.keys = Keys(self)
        self._lost = lost
        self._log: list[_Op] = []
        self._sent = 0
        self._marks: list[_Mark] = []
        self._waiting: dict[Table, dict[str, int]] = {}
        self._counts: dict[Counter, int] = {}
        self._counted: dict[Counter, int] = {}

    # What is written

    def add(self, table: Table, record: Mapping[str, Any]) -> None:
        """Insert one record. Raises DuplicateKey."""
        if self.keys.free(table, record):
            self._wait(table, record["id"], _Insert(table, dict(record)))
            return
        self.touch()
        records.add(self.connection, table, record)
        self.keys.take(table, record)

    def change(self, table: Table, id: str, values: Mapping[str, Any]) -> None:
        """Update some columns of one record. Raises DuplicateKey."""
        if self.keys.touched(table, values):
            self.flush()
            self.keys.forget(table)
            records.change(self.connection, table, id, values)
            return
        self._wait(table, id, _Update(table, id, values))

    def remove(self, table: Table, id: str) -> None:
        """Delete one record."""
        self.flush()
        self.keys.forget(table)
        records.remove(self.connection, table, id)

    def line(self, table: Table, row: dict[str, Any]) -> None:
        """Insert a row of the house's own: a line of the journal, of an inbox, an incident."""
        self._wait(table, row["id"], _Insert(table, row))

    def number(self, counter: Counter) -> int:
        """The next number. The first one is drawn from the database, which keeps everybody else from drawing until the
        transaction ends; further ones are counted here."""
        last = self._counts.get(counter)
        if last is None:
            self.touch()
            number = serials.draw(self.connection, counter)
            self.set(self._counted, counter, number)
        else:
            number = last + 1
        self.set(self._counts, counter, number)
        return number

    # What is remembered beside it

    def set(self, mapping: MutableMapping[Any, Any], key: Any, value: Any) -> None:
        """Change a mapping in memory so that it is taken back with the savepoint."""
        if self._marks:
            self._log.append(_Set(mapping, key, mapping.get(key, _ABSENT)))
        mapping[key] = value

    def drop(self, mapping: MutableMapping[Any, Any], key: Any) -> None:
        """Take an element out of a mapping, until the savepoint is taken back."""
        if key in mapping:
            self.set(mapping, key, None)
            del mapping[key]

    def append(self, list: list[Any], value: Any) -> None:
        """Add to a list in memory, likewise."""
        if self._marks:
            self._log.append(_Appended(list))
        list.append(value)

    # Savepoints

    def savepoint(self) -> AbstractContextManager[None]:
        """What is written inside is taken back when an exception leaves the block."""
        return _Savepoint(self)

    def open(self) -> None:
        """A savepoint begins here."""
        self._marks.append(_Mark(len(self._log)))

    def keep(self) -> None:
        """The last savepoint ends well."""
        nested = self._marks.pop().nested
        if nested is not None:
            nested.commit()

    def take_back(self) -> None:
        """Everything since the last savepoint began is undone."""
        mark = self._marks.pop()
        for op in reversed(self._log[mark.at :]):
            self._undo(op)
        del self._log[mark.at :]
        self._sent = min(self._sent, mark.at)
        if mark.nested is not None:
            mark.nested.rollback()
            self._lost()

    def _undo(self, op: _Op) -> None:
        match op:
            case _Set(mapping, key, before):
                if before is _ABSENT:
                    mapping.pop(key, None)
                else:
                    mapping[key] = before
            case _Appended(list):
                list.pop()
            case _Insert(table, row):
                self._done(table, row["id"])
            case _Update(table, id):
                self._done(table, id)

    # To the database

    def settle(self, table: Table, id: str | None = None) -> None:
        """Before a query of this table (of this one record): send what waits to be written there."""
        waiting = self._waiting.get(table)
        if waiting and (id is None or id in waiting):
            self.flush()

    def flush(self) -> None:
        """Send everything that waits. Raises Overtaken."""
        self.touch()
        self._send(len(self._log))
        for counter, number in self._counts.items():
            if self._counted.get(counter) != number:
                serials.put(self.connection, counter, number)
                self.set(self._counted, counter, number)

    def touch(self) -> None:
        """Before a statement that goes past this unit: every savepoint that is open must be open in the database too."""
        for mark in self._marks:
            if mark.nested is None:
                self._send(mark.at)
                mark.nested = self.connection.begin_nested()

    def _send(self, end: int) -> None:
        """Send the log up to `end`, in the fewest statements: later changes of a record join its first."""
        inserts, updates = self._joined(end)
        self._sent = end
        if not self._marks:
            del self._log[:end]
            self._sent = 0
        for table, rows in inserts.items():
            records.add_many(self.connection, table, rows)
        for (table, columns), changed in updates.items():
            records.change_many(self.connection, table, columns, changed)

    def _joined(
        self, end: int
    ) -> tuple[dict[Table, list[dict[str, Any]]], dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]]]:
        inserts: dict[Table, list[dict[str, Any]]] = {}
        at: dict[tuple[Table, str], dict[str, Any]] = {}
        changed: dict[tuple[Table, str], dict[str, Any]] = {}
        for op in self._log[self._sent : end]:
            match op:
                case _Insert(table, row):
                    inserts.setdefault(table, []).append(row)
                    at[table, row["id"]] = row
                    self._done(table, row["id"])
                case _Update(table, id, values):
                    row = at.get((table, id)) or changed.setdefault((table, id), {})
                    row.update(values)
                    self._done(table, id)
        updates: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = {}
        for (table, id), values in changed.items():
            updates.setdefault((table, tuple(sorted(values))), []).append({"id": id, **values})
        return inserts, updates

    def _wait(self, table: Table, id: str, op: _Op) -> None:
        self._log.append(op)
        waiting = self._waiting.setdefault(table, {})
        waiting[id] = waiting.get(id, 0) + 1

    def _done(self, table: Table, id: str) -> None:
        waiting = self._waiting.get(table)
        if waiting and id in waiting:
            waiting[id] -= 1
            if not waiting[id]:
                del waiting[id]
