"""What is there: the physical tables and columns of an app, those of the books and those made before there were any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Table, inspect

from engine.storage.names import DROPPED, HeldColumn, HeldTable, all_physical, held_tables
from engine.storage.tables import SYSTEM_FIELDS


def stock(
    connection: Connection, app: str, running: Mapping[str, Table] | None, coming: Iterable[str], now: datetime
) -> list[HeldTable]:
    """Every table of the app. `running`: its tables as they run, None where that is not known; `coming`: names that are
    declared now, so that a table of before the books is found again. What nothing names counts as hidden from `now` on."""
    held = held_tables(connection, app)
    books = all_physical(connection)
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    listed = {each.name for each in held if each.hidden_at is None}
    for name in dict.fromkeys([*(running or ()), *coming]):
        physical = f"{app}__{name}"
        if name in listed or physical in books or physical not in there:
            continue
        used = running.get(name) if running is not None else None
        known = None if running is None else {c.name for c in used.columns} if used is not None else set()
        columns = [
            HeldColumn(c["name"], c["name"]) if known is None or c["name"] in known else _hidden(c["name"], now)
            for c in inspector.get_columns(physical)
            if c["name"] not in SYSTEM_FIELDS
        ]
        gone = None if running is None or used is not None else now
        held.append(HeldTable(physical, name, gone, tuple(columns)))
    return [each for each in held if each.physical in there]


def _hidden(column: str, now: datetime) -> HeldColumn:
    return HeldColumn(column, column, now, DROPPED)
