"""Take values of some records over from the old columns into the new ones, and count what did not come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, MetaData, String, Table, bindparam, func, or_, select, update

from engine.kinds.protocols import ValueProblem
from engine.model.text import Text
from engine.storage.migrate import words
from engine.storage.migrate.capture import moved_rows, note_moved
from engine.storage.migrate.conversion import CHUNK, convert_all
from engine.storage.migrate.steps import Conversion, Filling, PlanStep, Refused, Risk


def both_columns(filling: Filling, conversions: Sequence[Conversion]) -> Table:
    """Old and new columns side by side, by number."""
    columns: list[Column[Any]] = []
    for number, each in enumerate(conversions):
        columns.append(Column(each.source, each.source_type, key=f"from_{number}"))
        columns.append(Column(filling.table.c[each.key].name, filling.table.c[each.key].type, key=f"to_{number}"))
    return Table(filling.table.name, MetaData(), Column("id", String(26), primary_key=True), *columns)


def convert(connection: Connection, filling: Filling, ids: Sequence[str], title: Text) -> None:
    """Convert the values of these records. Raises Refused for a value that cannot be taken over, unless
    the filling may lose it."""
    table = both_columns(filling, filling.conversions)
    numbers = range(len(filling.conversions))
    something = or_(*(table.c[f"{side}_{n}"].is_not(None) for n in numbers for side in ("from", "to")))
    these = table.c.id.in_(ids) if len(ids) <= 500 else table.c.id.between(ids[0], ids[-1])
    query = select(table.c.id, *(table.c[f"from_{n}"] for n in numbers), something).where(these)
    found = connection.execute(query.with_for_update(skip_locked=True)).all()
    _note_locked(connection, table, ids, {row[0] for row in found})
    rows = [row for row in found if row[-1]]
    if not rows:
        return
    becomes: list[dict[str, Any]] = [{"the_id": row[0], **{f"new_{n}": None for n in numbers}} for row in rows]
    place = {row[0]: number for number, row in enumerate(rows)}
    for n, conversion in enumerate(filling.conversions):
        for id, _, result in convert_all(connection, conversion, [(row[0], row[n + 1]) for row in rows]):
            if not isinstance(result, ValueProblem):
                becomes[place[id]][f"new_{n}"] = result
            elif not filling.may_lose:
                raise _refusal(filling, conversion, title, id, result)
    values = {f"to_{n}": bindparam(f"new_{n}", type_=table.c[f"to_{n}"].type) for n in numbers}
    connection.execute(update(table).where(table.c.id == bindparam("the_id")).values(values), becomes)


def _note_locked(connection: Connection, table: Table, ids: Sequence[str], free: set[str]) -> None:
    """On PostgreSQL records that a writer holds are not waited for, since he may wait for us elsewhere: they are left out
    and noted for later. On SQLite nobody else writes; what is not there has been deleted."""
    if connection.dialect.name == "postgresql":
        note_moved(connection, table.name, [id for id in ids if id not in free])


def _refusal(filling: Filling, conversion: Conversion, title: Text, id: str, problem: ValueProblem) -> Refused:
    said = words.EMPTIED.fill(table=title, field=conversion.key, n=1, ids=id, why=problem.message)
    return Refused(PlanStep(Risk.LOSING, filling.name, said, 1, (id,), f"tables.{filling.name}.fields.{conversion.key}"))


def missing(connection: Connection, filling: Filling, conversion: Conversion) -> int:
    """Values that did not come though they could have; what is noted for later does not count."""
    table = both_columns(filling, [conversion])
    later = select(moved_rows.c.id).where(moved_rows.c.physical == table.name)
    found, last = 0, ""
    while True:
        empty = (table.c.from_0.is_not(None), table.c.to_0.is_(None), table.c.id > last, table.c.id.not_in(later))
        query = select(table.c.id, table.c.from_0).where(*empty).order_by(table.c.id).limit(CHUNK)
        rows = [(row[0], row[1]) for row in connection.execute(query)]
        if not rows:
            return found
        results = convert_all(connection, conversion, rows)
        found += sum(result is not None and not isinstance(result, ValueProblem) for _, _, result in results)
        last = rows[-1][0]


def differing(connection: Connection, filling: Filling, key: str, value: ColumnElement[Any]) -> int:
    """Records whose stored formula does not hold what it would be now."""
    table = filling.table
    later = select(moved_rows.c.id).where(moved_rows.c.physical == table.name)
    where = (table.c[key].is_distinct_from(value), table.c.id.not_in(later))
    return int(connection.scalar(select(func.count()).select_from(table).where(*where)) or 0)
