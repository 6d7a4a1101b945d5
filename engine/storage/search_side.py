"""The narrow table beside a searched one: its name, its columns, and what of a record stands in it. For both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, MetaData, Table

from engine.language import forms
from engine.language.sqltypes import words
from engine.storage.naming import LONGEST, fitting, mark

# The key in a table's `info` under which the fields stand that people search.
SEARCHED = "searched"
TRIGRAM, SCAN = "trigram", "scan"
SHORTEST = 3  # characters: fewer make no trigram
_FORM = "1"  # another way to keep the index is another index
_ROOM = 4  # for what stands behind the name: _f, _i

# Field → texts in small letters, any of which makes a record fit.
Parts = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Side:
    """`name` of the narrow table; `columns`: the searched fields of `table`, which are c0, c1 … in the narrow one."""

    name: str
    table: Table
    columns: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The narrow table's columns of text."""
        return tuple(f"c{n}" for n, _ in enumerate(self.columns))

    def text(self, column: str) -> str:
        """The narrow table's column of a field."""
        return f"c{self.columns.index(column)}"

    def made(self) -> Table:
        """The narrow table. `n`, on SQLite only: a row's number, which only grows, so that the new ones stand behind."""
        return _made(self.name, len(self.columns))

    def copied(self, row: Any) -> dict[str, ColumnElement[Any]]:
        """What of a record stands in the narrow table; `row` gives columns by field."""
        return {"id": row["id"], **{self.text(column): forms.lower(row[column]) for column in self.columns}}


@lru_cache(maxsize=1024)
def _made(name: str, columns: int) -> Table:
    texts = (Column(f"c{n}", words()) for n in range(columns))
    return Table(name, MetaData(), Column("n", Integer), Column("id", words(26)), *texts)


def side_of(table: Table) -> Side | None:
    """The narrow table that a table should have; None when nothing in it is searched."""
    columns = tuple(sorted(table.info.get(SEARCHED, ()), key=lambda key: table.c[key].name))
    if not columns:
        return None
    form = mark(" ".join((_FORM, *(table.c[column].name for column in columns))))
    return Side(f"{fitting(table.name, LONGEST - _ROOM - len(form) - 9)}__search_{form}", table, columns)
