"""One database, whichever it is: how it is opened, read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError, TimeoutError

from engine.model.problem import Problem
from engine.storage import leases
from engine.storage.backend import Backend, Hold
from engine.storage.postgres import Postgres
from engine.storage.sqlite import Sqlite
from engine.storage.system import bring_up
from engine.storage.trouble import BUSY_MILLISECONDS, busy

# A grouped sum over a million records takes some 15 million steps, and about a tenth of a second.
MOST_STEPS = 500_000_000


class Database:
    """A pool of connections to one database. `read()` sees a snapshot; `write()` is one transaction that commits or not.
    `url`: `sqlite:///…` or `postgresql://…` as SQLAlchemy has them."""

    def __init__(self, url: str, busy_milliseconds: int = BUSY_MILLISECONDS) -> None:
        parsed = make_url(url)
        postgres = parsed.get_backend_name() == "postgresql"
        self._backend: Backend = (
            Postgres(parsed.set(drivername="postgresql+psycopg"), busy_milliseconds)
            if postgres
            else Sqlite(parsed, busy_milliseconds)
        )
        self.engine = self._backend.engine

    def prepare(self) -> None:
        """The engine's own tables as this version has them; any number of processes may start at once."""
        with self.write(Hold("", alone=True)) as connection:
            bring_up(connection)

    @contextmanager
    def read(self, most_steps: int | None = None) -> Iterator[Connection]:
        """A connection in a read transaction (one snapshot for all its queries). With `most_steps` the queries together may
        take so many steps of the database. Raises Problem."""
        with self._told(), self.engine.connect() as connection, self._backend.begin_read(connection, most_steps):
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def write(self, hold: Hold | None = None) -> Iterator[Connection]:
        """A write transaction: commits at the end of the block, rolls back on any exception. Raises Problem 503 when the
        database stays busy; Again (one too) when another was in its way and the whole block may be done once more."""
        with self._told(), self._backend.turn(), self.engine.connect() as connection:
            self._backend.begin_write(connection, hold)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def health(self) -> str:
        """'' for a sound database, else what is wrong with it in its own words."""
        with self.read() as connection:
            return self._backend.health(connection)

    def now(self) -> datetime:
        """The database's own clock."""
        with self.read() as connection:
            return datetime.fromtimestamp(leases.now(connection), UTC)

    def note(self, write: Callable[[Connection], object]) -> None:
        """A write that is worth no waiting, such as when something was last used: done if nobody else is in the way at this
        moment, else left out: a house that is busy or gone says so to who asks for something."""
        with suppress(Problem), self._told():
            self._backend.note(write)

    def settle(self) -> None:
        """Bring what is committed to the disk. The worker calls this every second, so on SQLite a power cut costs the last
        second at most and never the database."""
        self._backend.settle()

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the database itself could not do, as a Problem that says what would help."""
        try:
            yield
        except TimeoutError as error:
            raise busy() from error
        except DBAPIError as error:
            problem = self._backend.problem_of(error)
            if problem is None:
                raise
            raise problem from error
