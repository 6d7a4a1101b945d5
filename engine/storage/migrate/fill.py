"""Fill new columns while the old definition runs on, in chunks. What is written meanwhile is done again, until little is left
for the swap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Table, inspect, select, update

from engine.language import sql
from engine.storage.column_forms import keep_forms
from engine.storage.database import Database
from engine.storage.migrate import capture, words
from engine.storage.migrate.briefly import briefly
from engine.storage.migrate.convert import convert, differing, missing
from engine.storage.migrate.pacing import Chunks, Pace
from engine.storage.migrate.steps import Filling, Migration, PlanStep, Refused, Risk
from engine.storage.raw import RawTables


def _no_probe(step: str) -> None:
    """Outside crash tests nobody listens to the commits."""


@dataclass(frozen=True, slots=True)
class Filler:
    """What filling needs to know of the house."""

    database: Database
    migration: Migration
    raw: RawTables
    pace: Pace
    probe: Callable[[str], None] = _no_probe

    def prepare(self) -> None:
        """All large tables; the old definition runs on. Raises Refused: then what was begun is given up."""
        for filling in self.migration.fillings:
            if self.is_large(filling.table):
                self._fill(filling)

    def is_large(self, table: Table) -> bool:
        """Is it too much for the swap?"""
        return self.migration.rows.get(table.name, 0) > self.pace.small

    def _fill(self, filling: Filling) -> None:
        physical = filling.table.name

        def begin(connection: Connection) -> str:
            add_columns(connection, [(filling.table, filling.table.c[key]) for key in filling.keys])
            done_to = capture.begin(connection, self.migration.app.name, filling, self.raw.now)
            self.probe("begun")
            return done_to

        last = briefly(self.database, self.migration.app.name, begin)
        try:
            self._chunks(filling, last)
            self._rounds(filling)
            self._check(filling)
        except Refused:
            briefly(self.database, self.migration.app.name, lambda connection: capture.give_up(connection, physical))
            raise

    def _chunks(self, filling: Filling, last: str) -> None:
        table, chunks, done = filling.table, Chunks(self.pace), False
        while not done:
            with chunks.chunk() as size, self.database.write() as connection:
                query = select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(size)
                ids = list(connection.execute(query).scalars())
                if ids:
                    last = ids[-1]
                    self.fill(connection, filling, ids)
                    capture.done_to(connection, table.name, last)
                done = len(ids) < size  # records that are added from now on are noted
                self.probe("chunk")

    def _rounds(self, filling: Filling) -> None:
        """Records that changed meanwhile, until few are left."""
        chunks = Chunks(self.pace)
        for _ in range(self.pace.rounds):
            with chunks.chunk() as size, self.database.write() as connection:
                left = self.catch_up(connection, filling, max(size, self.pace.few + 1))
                self.probe("round")
            if left <= self.pace.few:
                return

    def catch_up(self, connection: Connection, filling: Filling, limit: int | None = None) -> int:
        """Do noted records again; how many notes there were."""
        notes = capture.moved(connection, filling.table.name, limit)
        ids = list(dict.fromkeys(id for _, id in notes))
        for start in range(0, len(ids), 500):
            self.fill(connection, filling, ids[start : start + 500])
        capture.settled(connection, [number for number, _ in notes])
        return len(notes)

    def fill(self, connection: Connection, filling: Filling, ids: Sequence[str]) -> None:
        """New values of these records."""
        table = filling.table
        these = table.c.id.in_(ids) if len(ids) <= 500 else table.c.id.between(ids[0], ids[-1])
        if filling.conversions:
            convert(connection, filling, ids, self.migration.app.tables[filling.name].title)
        if filling.constants:
            first = next(iter(filling.constants))
            connection.execute(update(table).where(these, table.c[first].is_(None)).values(dict(filling.constants)))
        for key, _ in filling.formulas:
            connection.execute(update(table).where(these).values({key: self._value(filling, key)}))

    def _check(self, filling: Filling) -> None:
        """Every value has come over, or is one that cannot; every formula says what it says when worked out now."""
        with self.database.read() as connection:
            wrong = sum(missing(connection, filling, each) for each in filling.conversions)
            wrong += sum(differing(connection, filling, key, self._value(filling, key)) for key, _ in filling.formulas)
        if wrong:
            said = words.NOT_ALIKE.fill(table=self.migration.app.tables[filling.name].title, n=wrong)
            raise Refused(PlanStep(Risk.REFUSED, filling.name, said, wrong))

    def _value(self, filling: Filling, key: str) -> Any:
        return sql.value(dict(filling.formulas)[key], self.raw.context(), (filling.table,))


def add_columns(connection: Connection, columns: Iterable[tuple[Table, Column[Any]]]) -> None:
    """Add those that are not there yet; nothing but their name and type, so that no row is rewritten."""
    operations = Operations(MigrationContext.configure(connection))
    there: dict[str, set[str]] = {}
    for table, column in columns:
        if table.name not in there:
            there[table.name] = {each["name"] for each in inspect(connection).get_columns(table.name)}
        if column.name not in there[table.name]:
            operations.add_column(table.name, Column(column.name, column.type))
            keep_forms(connection, table.name, [column])
