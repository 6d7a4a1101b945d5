"""Serial numbers such as `SO261122-00001`: counted per distinct rest of the text, inside the transaction that uses them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

from sqlalchemy import Column, Connection, Dialect, Integer, String, Table, bindparam, literal_column, update

from engine.storage.prepared import Prepared, prepare
from engine.storage.system import metadata
from engine.storage.upsert import insert

counters = Table(
    "counters",
    metadata,
    Column("app", String, primary_key=True),
    Column("table", String, primary_key=True),
    Column("field", String, primary_key=True),
    Column("rest", String, primary_key=True),
    Column("value", Integer, nullable=False),
)


class Counter(NamedTuple):
    """What is counted; `rest`: the text without its number."""

    app: str
    table: str
    field: str
    rest: str


def draw(connection: Connection, counter: Counter) -> int:
    """The next number. Nobody else can draw from this counter until the transaction ends."""
    return int(_next(connection.dialect).scalar(connection, {**counter._asdict(), "value": 1}))


def put(connection: Connection, counter: Counter, number: int) -> None:
    """The number drawn last, by a transaction that has drawn one before."""
    at = counters.c
    where = (at.app == counter.app, at.table == counter.table, at.field == counter.field, at.rest == counter.rest)
    connection.execute(update(counters).where(*where).values(value=number))


def rest(form: str, now: datetime) -> str:
    """The text of `form` without its number: `{date:…}` strftime. `now` in the organisation's zone."""
    return _render(form, now, None)


def serial(form: str, now: datetime, number: int) -> str:
    """The text of `form` with its number; `{number:…}` is a format for integers."""
    return _render(form, now, number)


@lru_cache(maxsize=8)
def _next(dialect: Dialect) -> Prepared:
    statement = insert(counters, dialect).values(
        {column.name: bindparam(column.name, type_=column.type) for column in counters.columns}
    )
    keys = [column.name for column in counters.primary_key.columns]
    counted = statement.on_conflict_do_update(index_elements=keys, set_={"value": counters.c.value + literal_column("1")})
    return prepare(counted.returning(counters.c.value), dialect)


@lru_cache(maxsize=256)
def _parts(form: str) -> tuple[tuple[str, str | None, str | None], ...]:
    return tuple((text, name, spec) for text, name, spec, _ in Formatter().parse(form))


def _render(form: str, now: datetime, number: int | None) -> str:
    """The text; without a number the place of the number stays as `#`."""
    parts = []
    for text, name, spec in _parts(form):
        parts.append(text)
        if name == "date":
            parts.append(now.strftime(spec or "%Y%m%d"))
        elif name == "number":
            parts.append("#" if number is None else format(number, spec or "d"))
    return "".join(parts)
