"""What else in the database goes by the names of tables and fields, and is renamed along: counters of serial numbers (which
would begin again otherwise), inboxes, incidents, and the rows that connections brought."""

from __future__ import annotations

from sqlalchemy import Connection, update

from engine.storage import names
from engine.storage.inbox import inbox
from engine.storage.incidents import incidents
from engine.storage.migrate.steps import Renaming
from engine.storage.pulls import source_rows
from engine.storage.serials import counters

_BY_TABLE = (counters, inbox, incidents, source_rows)


def carry(connection: Connection, app: str, each: Renaming, revision: int) -> None:
    """One renaming, tables before their fields. The mapped values of source rows keep their names and are read by those of
    today, since there may be a million of them."""
    if not each.field:
        for table in _BY_TABLE:
            here = (table.c.app == app, table.c.table == each.old)
            connection.execute(update(table).where(*here).values(table=each.table))
        names.rename_table(connection, app, each.old, each.table, revision)
        return
    counted = (counters.c.app == app, counters.c.table == each.table, counters.c.field == each.old)
    connection.execute(update(counters).where(*counted).values(field=each.field))
    names.rename_field(connection, app, each.table, each.old, each.field, revision)
