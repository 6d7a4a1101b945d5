"""Which database a test's houses stand on. What is tested of data, gate and runtime is tested on both: a module asks for it
with `pytestmark = ON_BOTH`, and opens its databases at `database_url(folder)`.

On PostgreSQL each folder has a schema of its own in the process's private server, made when it is first asked for and gone at
the end of the test, so that opening the same folder again opens the same data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, make_url

ON_BOTH = pytest.mark.usefixtures("on_both")


@dataclass
class Schemas:
    """The schemas that a test has made. `engine` of the database that holds them."""

    engine: Engine
    made: dict[Path, str] = field(default_factory=dict)

    def url(self, folder: Path) -> str:
        """Where the house of this folder is."""
        key = folder.resolve()
        if key not in self.made:
            self.made[key] = f"s_{uuid4().hex}"
            with self.engine.begin() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA {self.made[key]}")
        place = make_url(self.engine.url).update_query_dict({"options": f"-c search_path={self.made[key]},public"})
        return place.render_as_string(hide_password=False)

    def drop(self) -> None:
        """All of them, whoever is still connected; one after the other, since each holds a lock for every table in it."""
        alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        with alone.connect() as connection:
            connection.exec_driver_sql(f"{others} AND pid <> pg_backend_pid()")
            for name in self.made.values():
                connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")


_SCHEMAS: ContextVar[Schemas | None] = ContextVar("schemas", default=None)


@contextmanager
def on_postgres(engine: Engine) -> Iterator[None]:
    """Within the block `database_url` leads to PostgreSQL."""
    schemas = Schemas(engine)
    before = _SCHEMAS.set(schemas)
    try:
        yield
    finally:
        _SCHEMAS.reset(before)
        schemas.drop()


def database_url(folder: Path, name: str = "dajian.db") -> str:
    """The database of a house in this folder; `name` of the file where it is one."""
    schemas = _SCHEMAS.get()
    return f"sqlite:///{folder / name}" if schemas is None else schemas.url(folder / name)
