"""The one short transaction in which a new definition takes over, what large tables need before it, and what is tidied after.
Killed at any commit, the database is that of the old definition or of the new; what was begun is taken up or cleaned later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Index, Table, delete, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from engine.storage import names
from engine.storage.column_forms import keep_forms
from engine.storage.database import Database
from engine.storage.migrate import capture, widening, words
from engine.storage.migrate.briefly import briefly
from engine.storage.migrate.capture import unfinished_indexes
from engine.storage.migrate.carry import carry
from engine.storage.migrate.fill import Filler, add_columns
from engine.storage.migrate.indexing import broken_indexes
from engine.storage.migrate.steps import Migration, PlanStep, Refused, Risk


@dataclass(frozen=True, slots=True)
class Publishing:
    """One migration on its way."""

    database: Database
    migration: Migration
    filler: Filler
    probe: Callable[[str], None]

    def prepare(self) -> None:
        """Everything that takes long, while the old definition runs. Raises Refused; then the old one runs on."""
        wanted = {filling.table.name for filling in self.migration.fillings}
        self._give_up_others(wanted)
        self.filler.prepare()
        early = [index for index in self.migration.indexes if self.filler.is_large(_table(index))]
        if early:
            self._add_indexed(early)
        for index in early:
            self._build(index)

    def _give_up_others(self, wanted: set[str]) -> None:
        """What an earlier publish began and this one does not need."""
        with self.database.read() as connection:
            begun = capture.unfinished(connection, self.migration.app.name)
        for physical in begun.keys() - wanted:
            self._briefly("given up", partial(capture.give_up, physical=physical))

    def _add_indexed(self, indexes: Sequence[Index]) -> None:
        """New columns that are indexed come before the swap too, so that the index is not built in it."""
        added = {(table.name, column.name) for table, column in self.migration.columns}
        wanted = [(_table(index), column) for index in indexes for column in index.columns]

        def add(connection: Connection) -> None:
            for table, column in wanted:
                if (table.name, column.name) in added:
                    add_columns(connection, [(table, column)])
                    note = names.HeldColumn(column.name, str(column.key), self.filler.raw.now, names.UNFINISHED)
                    names.note_column(connection, table.name, note)

        self._briefly("columns added", add)

    def _briefly(self, step: str, work: Callable[[Connection], object]) -> None:
        def told(connection: Connection) -> None:
            work(connection)
            self.probe(step)

        briefly(self.database, self.migration.app.name, told)

    def _build(self, index: Index) -> None:
        """In a transaction of its own; on PostgreSQL in none, so that writers go on."""
        row = {"name": index.name, "physical": _table(index).name, "app": self.migration.app.name}
        with self.database.write() as connection:
            connection.execute(delete(unfinished_indexes).where(unfinished_indexes.c.name == index.name))
            connection.execute(insert(unfinished_indexes), row)
            self.probe("index noted")
        if self.database.engine.dialect.name == "postgresql":
            self._build_beside(index)
        elif self._is_schema_writable():
            self._widen(index)
        else:
            self._build_at_once(index)

    def _is_schema_writable(self) -> bool:
        with self.database.read() as connection:
            return widening.is_possible(connection)

    def _build_at_once(self, index: Index) -> None:
        """Writers wait for all of it: there is no other way on such an SQLite."""
        with self.database.write() as connection:
            self._create(connection, index)
            self.probe("index built")

    def _widen(self, index: Index) -> None:
        table = _table(index)
        try:
            widening.build(self.database, table, index, self.filler.pace, self.probe)
        except IntegrityError as error:
            with self.database.write() as connection:
                widening.drop_partial(connection, table.name, str(index.name))
            raise Refused(self._doubled(index)) from error

    def _build_beside(self, index: Index) -> None:
        quote = self.database.engine.dialect.identifier_preparer.quote
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("SET lock_timeout = 0")  # it waits for old transactions, and nobody waits for it
            if index.name in broken_indexes(connection, _table(index).name):
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY {quote(str(index.name))}")
            index.dialect_options["postgresql"]["concurrently"] = True
            try:
                self._create(connection, index)
            except Refused:
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {quote(str(index.name))}")
                raise
            finally:
                index.dialect_options["postgresql"]["concurrently"] = False
                connection.exec_driver_sql("RESET lock_timeout")
        self.probe("index built")

    def _create(self, connection: Connection, index: Index) -> None:
        try:
            index.create(connection)
        except IntegrityError as error:
            raise Refused(self._doubled(index)) from error

    def _doubled(self, index: Index) -> PlanStep:
        name = next(name for name, table in self.migration.tables.items() if table is index.table)
        table = self.migration.app.tables[name]
        fields = (table.fields[str(c.key)].title for c in index.columns if c.key in table.fields)
        said = words.DOUBLED.fill(table=table.title, fields=words.titles(fields))
        return PlanStep(Risk.REFUSED, name, said, path=f"tables.{name}")

    def swap(self, connection: Connection, revision: int) -> None:
        """Inside the caller's transaction, which also makes the revision active. Raises Refused."""
        plan = self.migration
        for table in plan.new_tables:
            table.create(connection)
            keep_forms(connection, table.name, table.columns)
        add_columns(connection, plan.columns)
        for filling in plan.fillings:
            self._finish(connection, filling.table.name)
        for name, physical, key in plan.dropped:
            if key:
                _drop_index(connection, name, physical)
        there: dict[str, set[str]] = {}
        for index in plan.indexes:
            physical = _table(index).name
            known = there.setdefault(physical, _indexes_of(connection, physical) - _cleared(connection, physical))
            if index.name not in known:
                self._create(connection, index)
        connection.execute(delete(unfinished_indexes).where(unfinished_indexes.c.app == plan.app.name))
        names.keep_tables(connection, plan.app.name, plan.held)
        for each in plan.renamings:
            carry(connection, plan.app.name, each, revision)

    def _finish(self, connection: Connection, physical: str) -> None:
        """The last records, or all of a small table."""
        filling = next(each for each in self.migration.fillings if each.table.name == physical)
        if self.filler.is_large(filling.table):
            self.filler.catch_up(connection, filling)
            capture.finished(connection, physical)
            return
        ids = list(connection.execute(select(filling.table.c.id).order_by(filling.table.c.id)).scalars())
        for start in range(0, len(ids), 500):
            self.filler.fill(connection, filling, ids[start : start + 500])

    def tidy(self) -> None:
        """After the swap: triggers and indexes that nobody needs. If this is not reached, the next publish does it."""
        for filling in self.migration.fillings:
            if self.filler.is_large(filling.table):
                self._briefly("unwatched", partial(capture.give_up, physical=filling.table.name))
        for name, physical, key in self.migration.dropped:
            if not key:
                self._briefly("index dropped", partial(_drop_index, name=name, physical=physical))


def _drop_index(connection: Connection, name: str, physical: str) -> None:
    if name in _indexes_of(connection, physical):
        Operations(MigrationContext.configure(connection)).drop_index(name, physical)


def _cleared(connection: Connection, physical: str) -> set[str]:
    """What a publish that died has left half made; it is gone now."""
    broken = broken_indexes(connection, physical)
    for name in broken:
        _drop_index(connection, name, physical)
    return broken


def _table(index: Index) -> Table:
    assert index.table is not None  # every index here was made for a table
    return index.table


def _indexes_of(connection: Connection, physical: str) -> set[str]:
    return {str(each["name"]) for each in inspect(connection).get_indexes(physical)}
