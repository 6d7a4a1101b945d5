"""An index over a large table on SQLite while people write. `CREATE INDEX` holds the one writer's place until all is sorted; so
here an empty index over the records up to the id '' is declared, and widened chunk by chunk until its condition can go.

At every commit the index holds just what its declaration says. The declaration is changed in `sqlite_master`, as SQLite itself
describes for changes that it has no command for; the rows are put into the index by setting a column to what it is, and as
long as the schema counts as writable SQLite does not mind that the index did not hold them before.
Sources: https://www.sqlite.org/lang_altertable.html#otheralter, https://www.sqlite.org/pragma.html#pragma_writable_schema"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Index, Table, column, select, update
from sqlalchemy.schema import CreateIndex

from engine.storage.database import Database
from engine.storage.migrate.pacing import Chunks, Pace
from engine.storage.naming import fitting


def is_possible(connection: Connection) -> bool:
    """An SQLite that was made defensive lets nobody change its declarations."""
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    allowed = bool(connection.exec_driver_sql("PRAGMA writable_schema").scalar_one())
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")
    return allowed


def build(database: Database, table: Table, index: Index, pace: Pace, probe: Callable[[str], None]) -> None:
    """Make the index. Raises IntegrityError where a key is doubled: then a part of the index is there."""
    with database.write() as connection:
        _begin(connection, table, index)
        probe("index begun")
    chunks, last, done = Chunks(pace), "", False
    while not done:
        with chunks.chunk() as size, database.write() as connection:
            reached = _reached(connection, table, last, size)
            done = reached is None  # and not when there are no more: while people add records there always are
            try:
                _declare(connection, table, index, reached)
                _take_in(connection, table, index, last, reached)
            finally:
                connection.exec_driver_sql("PRAGMA writable_schema=RESET")
            last = reached or last
            probe("index built" if done else "index chunk")


def _begin(connection: Connection, table: Table, index: Index) -> None:
    """Empty, and made over an empty table, so that the large one need not be looked through."""
    quote = connection.dialect.identifier_preparer.quote
    drop_partial(connection, table.name, str(index.name))
    empty = quote(fitting(f"{table.name}__empty"))
    columns = ", ".join(quote(name) for name in dict.fromkeys(["id", *(each.name for each in index.columns)]))
    connection.exec_driver_sql(f"CREATE TABLE {empty} ({columns})")
    connection.exec_driver_sql(_statement(connection, index, "").replace(f" ON {quote(table.name)} ", f" ON {empty} ", 1))
    _declare(connection, table, index, "")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
    connection.exec_driver_sql(f"DROP TABLE {empty}")


def _reached(connection: Connection, table: Table, last: str, size: int) -> str | None:
    """The last id of the next chunk; None when the rest is no larger."""
    some = select(table.c.id).where(table.c.id > last).order_by(table.c.id).offset(size).limit(1)
    found: str | None = connection.scalar(some)
    return found


def _declare(connection: Connection, table: Table, index: Index, upto: str | None) -> None:
    """The index is one over the records up to this id, None: over all. The schema stays writable; its number grows, so that
    every other connection reads it anew."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET tbl_name = ?, sql = ? WHERE type = 'index' AND name = ?",
        (table.name, _statement(connection, index, upto), index.name),
    )
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
    connection.exec_driver_sql(f"PRAGMA schema_version={int(version) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=ON")


def _take_in(connection: Connection, table: Table, index: Index, last: str, reached: str | None) -> None:
    """Nothing changes but the index."""
    key = next(str(each.key) for each in index.columns if each.key != "id")
    these = [table.c.id > last] if reached is None else [table.c.id > last, table.c.id <= reached]
    connection.execute(update(table).where(*these).values({key: column(table.c[key].name)}))


def _statement(connection: Connection, index: Index, upto: str | None) -> str:
    made = str(CreateIndex(index).compile(dialect=connection.dialect))
    if upto is None:
        return made
    literal = upto.replace("'", "''")
    return f"{made} WHERE id <= '{literal}'"


def drop_partial(connection: Connection, physical: str, name: str) -> None:
    """What a publish that died has left of an index."""
    if name in partial_indexes(connection, physical):
        connection.exec_driver_sql(f"DROP INDEX {connection.dialect.identifier_preparer.quote(name)}")


def partial_indexes(connection: Connection, physical: str) -> set[str]:
    """Indexes that are not over all records: none of ours stays so."""
    rows = connection.exec_driver_sql("SELECT name FROM pragma_index_list(?) WHERE partial", (physical,))
    return {str(name) for name in rows.scalars()}
