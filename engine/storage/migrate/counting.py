"""How many records a step touches."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Connection, MetaData, String, Table, func, select

from engine.storage.migrate.steps import EXAMPLES


def _table(physical: str, *columns: str) -> Table:
    names = dict.fromkeys(["id", *columns])
    return Table(physical, MetaData(), *(Column(name, String) for name in names))


def rows(connection: Connection, physical: str) -> int:
    """Records of a table."""
    return int(connection.scalar(select(func.count()).select_from(_table(physical))) or 0)


def values(connection: Connection, physical: str, column: str) -> int:
    """Records with something in a column."""
    return int(connection.scalar(select(func.count(_table(physical, column).c[column]))) or 0)


def doubles(connection: Connection, physical: str, columns: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Groups of records that have the same in all these columns, and an id of some of them."""
    table = _table(physical, *columns)
    wanted = [table.c[name] for name in columns]
    query = select(func.min(table.c.id).label("id")).where(*(column.is_not(None) for column in wanted))
    groups = query.group_by(*wanted).having(func.count() > 1).subquery()
    found = int(connection.scalar(select(func.count()).select_from(groups)) or 0)
    examples = connection.execute(select(groups.c.id).order_by(groups.c.id).limit(EXAMPLES)).scalars() if found else ()
    return found, tuple(examples)
