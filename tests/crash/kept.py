"""A database as it was, to go back to, and all its rows to compare; on either database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, Table, create_engine, make_url, text

Dump = dict[str, list[tuple[object, ...]]]
# Drawn by the database for each attempt anew: not what was written, but when.
_DRAWN = frozenset({"seq", "xact"})


class Kept:
    """`url` of the database, which nobody else has open while it is saved."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._tables: list[Table] = []
        engine = self._engine()
        metadata = MetaData()
        metadata.reflect(engine)
        self._tables = metadata.sorted_tables
        with engine.connect() as connection:
            for table in self._tables:
                self._rows[table.name] = [dict(row._mapping) for row in connection.execute(table.select())]
        engine.dispose()

    def restore(self) -> None:
        """Every row as it was, none besides."""
        engine = self._engine()
        with engine.begin() as connection:
            for table in reversed(self._tables):
                connection.execute(table.delete())
            for table in self._tables:
                if self._rows[table.name]:
                    connection.execute(table.insert(), self._rows[table.name])
        engine.dispose()

    def dump(self) -> Dump:
        """Every row of every table, after the database itself has found its file whole."""
        engine = self._engine()
        try:
            with engine.connect() as connection:
                if self._url.get_backend_name() == "sqlite":
                    path = Path(str(self._url.database))
                    assert path.exists()
                    assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
                    assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
                return {table.name: self._sorted(connection.execute(_lasting(table))) for table in self._tables}
        finally:
            engine.dispose()

    def _sorted(self, rows: Any) -> list[tuple[object, ...]]:
        return sorted((tuple(row) for row in rows), key=repr)

    def _engine(self) -> Engine:
        driver = "postgresql+psycopg" if self._url.get_backend_name() == "postgresql" else "sqlite"
        return create_engine(self._url.set(drivername=driver))


def _lasting(table: Table) -> Any:
    return table.select().with_only_columns(*(column for column in table.columns if column.name not in _DRAWN))
