"""What the database needs beside the writes themselves, in short steps: search indexes are filled and folded here."""

from __future__ import annotations

from sqlalchemy import Connection, Table

from engine.runtime.core import Core
from engine.storage import search_index
from engine.storage.revisions import active_apps

# Of some hundredths of a second each: other work of the same worker waits no longer than this.
STEPS_AT_ONCE = 25


def tend(core: Core, steps: int = STEPS_AT_ONCE) -> bool:
    """Do so many steps at most; True when more may be left. Writers get their turn between two steps."""
    for _ in range(steps):
        with core.database.read() as connection:
            if not search_index.behind(connection, _tables(core, connection)):
                return False
        with core.database.write() as connection:
            search_index.advance(connection, _tables(core, connection))
    return True


def _tables(core: Core, connection: Connection) -> list[Table]:
    return [table for app in active_apps(connection) for table in core.program(app, connection).tables.values()]
