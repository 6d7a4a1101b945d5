"""Serial numbers such as `SO261122-00001`: counted per distinct rest of the text, inside the transaction that uses them."""

from __future__ import annotations

from datetime import datetime
from string import Formatter

from sqlalchemy import Column, Connection, Integer, String, Table
from sqlalchemy.dialects.sqlite import insert

from engine.storage.system import metadata

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
    statement = insert(counters).values(app=app, table=table, field=field, rest=rest, value=1)
    statement = statement.on_conflict_do_update(
        index_elements=["app", "table", "field", "rest"], set_={"value": counters.c.value + 1}
    )
    number = connection.execute(statement.returning(counters.c.value)).scalar_one()
    return _render(form, now, number)


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
