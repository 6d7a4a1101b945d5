"""What one transaction knows of unique keys: looked up once for many rows, then told of each row that takes one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import Connection, Table, select, tuple_

from engine.storage.records import DuplicateKey, key_columns

Columns = tuple[str, ...]
Values = tuple[Any, ...]
AT_ONCE = 500


class Memory(Protocol):
    """Changes mappings so that a savepoint can take it back: the unit of work."""

    def set(self, mapping: MutableMapping[Any, Any], key: Any, value: Any) -> None:
        """mapping[key] = value."""

    def drop(self, mapping: MutableMapping[Any, Any], key: Any) -> None:
        """Take the element out."""


@lru_cache(maxsize=1024)
def unique_keys(table: Table) -> tuple[Columns, ...]:
    """The unique keys of a table. One with an empty value in it binds nothing."""
    return tuple(tuple(column.key for column in index.columns) for index in table.indexes if index.unique)


class Keys:
    """Which record holds which values of a key (None: nobody), as far as it has been looked up."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._holders: dict[tuple[Table, Columns], dict[Values, str | None]] = {}

    def expect(self, connection: Connection, table: Table, columns: Columns, wanted: Collection[Values]) -> None:
        """Look up these values of a key, a few hundred in one statement."""
        known = self._holders.setdefault((table, columns), {})
        fresh = [values for values in dict.fromkeys(wanted) if values not in known and None not in values]
        for part in _parts(fresh):
            known.update(dict.fromkeys(part))
            at = [table.c[name] for name in columns]
            among = at[0].in_([v[0] for v in part]) if len(at) == 1 else tuple_(*at).in_(part)
            known.update({tuple(row[1:]): row[0] for row in connection.execute(select(table.c.id, *at).where(among))})

    def holder(self, table: Table, columns: Columns, values: Values) -> str | None:
        """Who holds these values. Only for values that were looked up."""
        return self._holders[table, columns][values]

    def knows(self, table: Table, columns: Columns, values: Values) -> bool:
        """Have these values been looked up?"""
        return values in self._holders.get((table, columns), ())

    def free(self, table: Table, record: Mapping[str, Any]) -> bool:
        """Take the keys of a new record; False when one of them is not known, so that only the database can tell. Raises
        DuplicateKey."""
        binding = _binding(table, record)
        if not all(self.knows(table, columns, values) for columns, values in binding):
            return False
        for columns, values in binding:
            if self.holder(table, columns, values) is not None:
                raise DuplicateKey(columns)
        self.take(table, record)
        return True

    def take(self, table: Table, record: Mapping[str, Any]) -> None:
        """This record holds its keys from now on."""
        for columns, values in _binding(table, record):
            known = self._holders.get((table, columns))
            if known is not None:
                self._memory.set(known, values, record["id"])

    def touched(self, table: Table, values: Mapping[str, Any]) -> bool:
        """Would writing these columns change a key?"""
        return not key_columns(table).isdisjoint(values)

    def forget(self, table: Table) -> None:
        """Keys of the table have changed in a way that is not followed here."""
        for at in [key for key in self._holders if key[0] is table]:
            self._memory.drop(self._holders, at)


def _binding(table: Table, record: Mapping[str, Any]) -> list[tuple[Columns, Values]]:
    keys = [(columns, tuple(record[name] for name in columns)) for columns in unique_keys(table)]
    return [(columns, values) for columns, values in keys if None not in values]


def _parts(values: Sequence[Values]) -> Iterator[Sequence[Values]]:
    return (values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE))
