"""Serial numbers such as `SO261122-00001`: counted per distinct rest of the text, inside the transaction that uses them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from string import Formatter

from sqlalchemy import Column, Connection, Dialect, Integer, String, Table, bindparam, literal_column

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


def next_serial(connection: Connection, *, app: str, table: str, field: str, form: str, now: datetime) -> str:
    """The next text of `form` (`{date:…}` strftime, `{number:…}` a format for integers). `now` in the organisation's zone."""
    rest = _render(form, now, None)
    values = {"app": app, "table": table, "field": field, "rest": rest, "value": 1}
    number = _next(connection.dialect).run(connection, values).scalar_one()
    return _render(form, now, number)


@lru_cache(maxsize=8)
def _next(dialect: Dialect) -> Prepared:
    statement = insert(counters, dialect).values(
        {column.name: bindparam(column.name, type_=column.type) for column in counters.columns}
    )
    keys = [column.name for column in counters.primary_key.columns]
    counted = statement.on_conflict_do_update(index_elements=keys, set_={"value": counters.c.value + literal_column("1")})
    return prepare(counted.returning(counters.c.value), dialect)


def _render(form: str, now: datetime, number: int | None) -> str:
    """The text; without a number the place of the number stays as `#`."""
    parts = []
    for text, name, spec, _ in Formatter().parse(form):
        parts.append(text)
        if name == "date":
            parts.append(now.strftime(spec or "%Y%m%d"))
        elif name == "number":
            parts.append("#" if number is None else format(number, spec or "d"))
    return "".join(parts)
