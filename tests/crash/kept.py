"""A database as it was, to go back to, and all its rows to compare; on either database."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import MetaData, Table, create_engine, make_url, text

Dump = dict[str, list[tuple[object, ...]]]
# Drawn by the database for each attempt anew: not what was written, but when.
_DRAWN = frozenset({"seq", "xact"})


class Kept(Protocol):
    """A database that nobody else had open when it was saved."""

    def restore(self) -> None:
        """Every row as it was, none besides."""

    def dump(self) -> Dump:
        """Every row of every table."""


def keep(url: str) -> Kept:
    """Save the database of this URL."""
    parsed = make_url(url)
    return KeptFile(Path(str(parsed.database))) if parsed.get_backend_name() == "sqlite" else KeptSchema(url)


class KeptFile:
    """SQLite: a copy of the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        shutil.copyfile(path, path.with_suffix(".kept"))

    def restore(self) -> None:
        for end in ("-wal", "-shm"):
            Path(f"{self._path}{end}").unlink(missing_ok=True)
        shutil.copyfile(self._path.with_suffix(".kept"), self._path)

    def dump(self) -> Dump:
        """After the database itself has found its file whole. What an index keeps in tables of its own is its own affair."""
        engine = create_engine(f"sqlite:///{self._path}")
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            listed = connection.execute(text("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"))
            names = [name for name in listed.scalars() if not name.startswith("sqlite_")]
            found = {name: _rows(connection.execute(text(f'SELECT * FROM "{name}"'))) for name in names}
        engine.dispose()
        return found


class KeptSchema:
    """PostgreSQL: every row, in memory."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        metadata = MetaData()
        metadata.reflect(self._engine)
        self._tables = metadata.sorted_tables
        with self._engine.connect() as connection:
            self._kept = {t.name: [dict(row._mapping) for row in connection.execute(t.select())] for t in self._tables}
        self._engine.dispose()

    def restore(self) -> None:
        with self._engine.begin() as connection:
            # Triggers have done their work when the rows were written first.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in self._tables:
                connection.execute(table.delete())
                if self._kept[table.name]:
                    connection.execute(table.insert(), self._kept[table.name])
        self._engine.dispose()

    def dump(self) -> Dump:
        with self._engine.connect() as connection:
            found = {table.name: _rows(connection.execute(_lasting(table))) for table in self._tables}
        self._engine.dispose()
        return found


def _rows(rows: Any) -> list[tuple[object, ...]]:
    return sorted((tuple(row) for row in rows), key=repr)


def _lasting(table: Table) -> Any:
    return table.select().with_only_columns(*(column for column in table.columns if column.name not in _DRAWN))
