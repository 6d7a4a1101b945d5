"""What makes searching fast: beside each table that people search stands a narrow one with its texts in small letters and a
trigram index over them. It only says which records can fit (`candidates`); what fits is decided elsewhere, on what is seen.

The database's own triggers keep it, so every way of writing does. A table that has records already is copied in short steps
(`advance`), and until that is done nobody is told candidates. An index is named after the columns it was made for: other
columns, another index. How each database does it stands in search_sqlite.py and search_postgres.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Dialect,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from engine.language.sqltypes import words
from engine.storage import search_postgres, search_sqlite, upsert
from engine.storage.prepared import Prepared, prepare, text_parameter
from engine.storage.search_side import SCAN, TRIGRAM, Parts, Side, side_of
from engine.storage.system import metadata

# So many records are copied, folded or cleared in one transaction: some hundredths of a second.
STEP = 2_000

search_indexes = Table(
    "search_indexes",
    metadata,
    Column("name", words(63), primary_key=True),
    Column("table", words(), nullable=False),
    Column("by", words(), nullable=False),  # trigram | scan
    Column("wanted", Boolean, nullable=False),  # else it is being cleared away
    Column("filled", Boolean, nullable=False),
    Column("upto", words(26), nullable=False),  # id of the last record copied
    Column("folded", BigInteger, nullable=False),  # rows up to this number are in the trigram index
)


class Form(Protocol):
    """What each database's module offers."""

    def able(self, connection: Connection, /) -> bool: ...  # is there a trigram index to be had?
    def create(self, connection: Connection, side: Side, by: str, /) -> None: ...
    def stop(self, connection: Connection, side: Side, /) -> None: ...  # take the triggers away
    def kept(self, connection: Connection, side: Side, /) -> bool: ...  # are the triggers there?
    def clear(self, connection: Connection, side: Side, most: int, /) -> bool: ...  # a step; is more left?
    def waiting(self, connection: Connection, side: Side, folded: int, /) -> bool: ...  # is there enough to fold?
    def fold(self, connection: Connection, side: Side, folded: int, most: int, /) -> int: ...  # a step; the new mark
    def found(self, connection: Connection, side: Side, by: str, folded: int, parts: Parts, most: int, /) -> list[str]: ...


_FORMS: Mapping[str, Form] = MappingProxyType({"sqlite": search_sqlite, "postgresql": search_postgres})


@dataclass(frozen=True, slots=True)
class State:
    """How it stands with one table's index. `by` trigram | scan; `filled`: it answers."""

    table: str
    by: str
    filled: bool


def ensure(connection: Connection, tables: Iterable[Table]) -> None:
    """Make the index of each table that lacks the one for its columns, in the caller's transaction; one for other columns stops
    and is cleared away by `advance`. A table with few records is copied at once, a large one by `advance`."""
    form = _form(connection)
    by = TRIGRAM if form.able(connection) else SCAN
    for table in tables:
        side = side_of(table)
        for row in _rows(connection, search_indexes.c.table == table.name):
            there = Side(row.name, table, ())
            if side is not None and row.name == side.name and row.wanted and row.by == by and form.kept(connection, there):
                side = None
            else:
                _retire(connection, there, at_once=side is not None and row.name == side.name)
        if side is not None:
            form.create(connection, side, by)
            row_of = {"name": side.name, "table": table.name, "by": by, "wanted": True}
            connection.execute(insert(search_indexes).values(**row_of, filled=False, upto="", folded=0))
            if _few(connection, table):
                _fill(connection, side, "")


def drop(connection: Connection, table: Table) -> None:
    """Take a table's index away, before the table itself goes."""
    for row in _rows(connection, search_indexes.c.table == table.name):
        _retire(connection, Side(row.name, table, ()), at_once=True)


def advance(connection: Connection, tables: Iterable[Table]) -> bool:
    """One short step of what is left to do, in the caller's write transaction; True when there may be more. `tables`: those of
    the apps that run."""
    form = _form(connection)
    for row in _rows(connection, search_indexes.c.wanted.is_(False)):
        _clear(connection, Side(row.name, Table(row.table, MetaData()), ()))
        return True
    for side, row in _running(connection, tables):
        if not row.filled:
            _fill(connection, side, row.upto)
            return True
        if row.by == TRIGRAM and form.waiting(connection, side, row.folded):
            _note(connection, side, folded=form.fold(connection, side, row.folded, STEP))
            return True
    return False


def behind(connection: Connection, tables: Iterable[Table]) -> bool:
    """Is there anything for `advance` to do? Reads only."""
    form = _form(connection)
    if _rows(connection, search_indexes.c.wanted.is_(False)):
        return True
    return any(
        not row.filled or (row.by == TRIGRAM and form.waiting(connection, side, row.folded))
        for side, row in _running(connection, tables)
    )


def candidates(connection: Connection, table: Table, parts: Parts, most: int) -> list[str] | None:
    """Ids of all records one of whose fields has one of its parts in it; None when they are more than `most`, or when the index
    cannot tell."""
    side = side_of(table)
    if side is None or not set(parts) <= set(side.columns):
        return None
    row = _row(connection.dialect).one(connection, {"the_name": side.name})
    if row is None or not row.wanted or not row.filled:
        return None
    found = _form(connection).found(connection, side, row.by, row.folded, parts, most + 1)
    return found if len(found) <= most else None


def states(connection: Connection) -> list[State]:
    """Every index in use, by table."""
    rows = _rows(connection, search_indexes.c.wanted.is_(True))
    return sorted((State(row.table, row.by, row.filled) for row in rows), key=lambda state: state.table)


def _form(connection: Connection) -> Form:
    return _FORMS[connection.dialect.name]


def _rows(connection: Connection, where: Any) -> list[Any]:
    return list(connection.execute(select(search_indexes).where(where).order_by(search_indexes.c.name)))


@lru_cache(maxsize=8)
def _row(dialect: Dialect) -> Prepared:
    return prepare(select(search_indexes).where(search_indexes.c.name == text_parameter("the_name")), dialect)


def _running(connection: Connection, tables: Iterable[Table]) -> Iterator[tuple[Side, Any]]:
    rows = {row.name: row for row in _rows(connection, search_indexes.c.wanted.is_(True))}
    for table in tables:
        side = side_of(table)
        if side is not None and side.name in rows:
            yield side, rows[side.name]


def _note(connection: Connection, side: Side, **values: Any) -> None:
    connection.execute(update(search_indexes).where(search_indexes.c.name == side.name).values(**values))


def _few(connection: Connection, table: Table) -> bool:
    """Can all be copied in one step? Who makes the index may be keeping everybody waiting."""
    some = select(table.c.id).limit(STEP).subquery()
    return int(connection.scalar(select(func.count()).select_from(some)) or 0) < STEP


def _fill(connection: Connection, side: Side, upto: str) -> None:
    """Copy the next records in the order of their ids. Those that were written meanwhile stand there already."""
    made, table = side.made(), side.table
    some = select(table.c.id).where(table.c.id > upto).order_by(table.c.id).limit(STEP)
    ids = list(connection.execute(some).scalars())
    if ids:
        copied = side.copied(table.c)
        rows = select(*copied.values()).where(table.c.id > upto, table.c.id <= ids[-1]).order_by(table.c.id)
        adds = upsert.insert(made, connection.dialect).from_select(list(copied), rows)
        connection.execute(adds.on_conflict_do_nothing(index_elements=["id"]))
    _note(connection, side, upto=ids[-1] if ids else upto, filled=len(ids) < STEP)


def _retire(connection: Connection, side: Side, *, at_once: bool) -> None:
    _form(connection).stop(connection, side)
    _note(connection, side, wanted=False)
    while at_once and _clear(connection, side):
        pass


def _clear(connection: Connection, side: Side) -> bool:
    """A step; True when more is left."""
    if _form(connection).clear(connection, side, STEP):
        return True
    connection.execute(delete(search_indexes).where(search_indexes.c.name == side.name))
    return False
