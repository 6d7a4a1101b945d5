"""Statements of the hot path, compiled once. SQLAlchemy works a statement out anew on each execution (about 0.1 ms of a write
that has ten of them); here the text and the column types' own bind processors are kept and only run. Values stay bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    Connection,
    Dialect,
    Select,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from engine.language.sqltypes import reader

Processor = Callable[[Any], Any]
THE_ID = "the_id"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement's text for one dialect, its parameters in order and how each is bound (None: as it is). `columns`: what a
    SELECT gives, by name, with how each value is read."""

    text: str
    parameters: tuple[tuple[str, Processor | None], ...]
    positional: bool
    columns: tuple[tuple[str, Processor | None], ...] = ()

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Execute; `values` by parameter name. The driver's cursor. Raises what SQLAlchemy raises."""
        given = self.given(values)
        driver = _driver(connection)
        try:
            return driver.execute(self.text, given)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _told(connection, self.text, error) from error

    def given(self, values: Mapping[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """The parameters as the driver takes them."""
        bound = [values[name] if bind is None else bind(values[name]) for name, bind in self.parameters]
        return tuple(bound) if self.positional else {name: v for (name, _), v in zip(self.parameters, bound, strict=True)}

    def scalar(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The first value of the first row; None where there is none."""
        row = self.run(connection, values).fetchone()
        return None if row is None else row[0]

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute once for each row, in one call of the driver."""
        if len(rows) == 1:
            self.run(connection, rows[0])
            return
        columns = [_bound_column([row[name] for row in rows], bind) for name, bind in self.parameters]
        names, bound = [name for name, _ in self.parameters], zip(*columns, strict=True)
        given = list(bound) if self.positional else [dict(zip(names, row, strict=True)) for row in bound]
        driver = _driver(connection)
        try:
            driver.cursor().executemany(self.text, given)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _told(connection, self.text, error) from error

    def dicts(self, connection: Connection, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows of a SELECT by column name, values as the column types have them."""
        names, readers = [name for name, _ in self.columns], [(name, read) for name, read in self.columns if read is not None]
        found = [dict(zip(names, raw, strict=True)) for raw in self.run(connection, values).fetchall()]
        for row in found:
            for name, read in readers:
                row[name] = read(row[name])
        return found

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """The same, with the columns as attributes."""
        return [SimpleNamespace(**row) for row in self.dicts(connection, values)]

    def one(self, connection: Connection, values: Mapping[str, Any]) -> Any | None:
        """The first row, if there is one."""
        found = self.rows(connection, values)
        return found[0] if found else None


def _driver(connection: Connection) -> Any:
    """The driver itself: SQLAlchemy's own way around it costs more than most of these statements do. It must know that there
    is a transaction all the same, for else its commit would do nothing."""
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.dbapi_connection


def _told(connection: Connection, text: str, error: Exception) -> Exception:
    """The driver's complaint as SQLAlchemy tells it; a connection that is gone is not used again."""
    dialect, driver = connection.dialect, connection.connection.dbapi_connection
    gone = dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]
    told = DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, connection_invalidated=gone, dialect=dialect)
    if gone:
        connection.invalidate(error)
    return told


def _bound_column(values: list[Any], bind: Processor | None) -> list[Any]:
    """One column of many rows as the driver wants it; the same object again and again (a time, an author) is bound once."""
    if bind is None:
        return values
    bound: dict[int, Any] = {}
    for value in values:
        if id(value) not in bound:
            bound[id(value)] = bind(value)
    return [bound[id(value)] for value in values]


def prepare(statement: ClauseElement, dialect: Dialect) -> Prepared:
    """Compile a statement whose every value is a named parameter."""
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # a statement, not DDL
    order = compiled.positiontup if compiled.positional and compiled.positiontup is not None else list(compiled.binds)
    types = ((name, compiled.binds[name].type) for name in order)
    parameters = tuple((name, type.dialect_impl(dialect).bind_processor(dialect)) for name, type in types)
    given = list(statement.selected_columns) if isinstance(statement, Select) else []
    columns = tuple((str(c.key), reader(c.type, dialect)) for c in given)
    return Prepared(str(compiled), parameters, bool(compiled.positional), columns)


@dataclass(frozen=True, slots=True)
class Once:
    """A SELECT for this one time: SQLAlchemy knows what it has compiled of the same shape."""

    query: Select[Any]

    def dicts(self, connection: Connection, changed: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows by column name; `changed`: other values than it was made with, by parameter."""
        result = connection.execute(self.query, changed)
        names = tuple(result.keys())
        return [dict(zip(names, row, strict=True)) for row in result]


@dataclass(frozen=True, slots=True)
class Question:
    """A SELECT that was made with its values in it, to be asked again with some of them changed."""

    prepared: Prepared
    values: Mapping[str, Any]

    def dicts(self, connection: Connection, changed: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows by column name; `changed`: other values than it was made with, by parameter."""
        return self.prepared.dicts(connection, {**self.values, **changed})


def question(query: Select[Any], dialect: Dialect) -> Question:
    """Compile a SELECT with the values that it has."""
    compiled = query.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # a statement, not DDL
    # Here `IN` has got as many parameters as it has values.
    state = compiled.construct_expanded_state()
    order = list(state.parameters) if state.positiontup is None else state.positiontup
    types = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()}
    binds: Mapping[str, Any] = {**types, **state.processors}
    columns = tuple((str(c.key), reader(c.type, dialect)) for c in query.selected_columns)
    parameters = tuple((name, binds.get(name)) for name in order)
    return Question(Prepared(state.statement, parameters, bool(compiled.positional), columns), state.parameters)


class Lock(IntEnum):
    """What a SELECT holds of its rows until the transaction ends; where there is one writer it holds all anyway."""

    NONE = 0
    STAY = 1  # nobody deletes it
    WRITE = 2  # nobody else writes it
    DELETE = 3  # nobody else writes it or comes to point at it


@lru_cache(maxsize=1024)
def select_by(table: Table, column: str, dialect: Dialect, lock: Lock = Lock.NONE) -> Prepared:
    """SELECT of the whole rows whose `column` is the parameter `the_id`, in the order of their ids."""
    wanted = table.c[column] == bindparam(THE_ID, type_=table.c[column].type)
    query = select(table).where(wanted).order_by(table.c.id)
    return prepare(locked(query, lock), dialect)


def locked(query: Select[Any], lock: Lock) -> Select[Any]:
    """The query with this lock on its rows."""
    if lock is Lock.NONE:
        return query
    return query.with_for_update(key_share=lock is not Lock.DELETE, read=lock is Lock.STAY)


def text_parameter(name: str) -> BindParameter[str]:
    """A named text parameter for a prepared statement."""
    return bindparam(name, type_=String())


@lru_cache(maxsize=1024)
def insert_into(table: Table, dialect: Dialect) -> Prepared:
    """INSERT of a whole row, every column but those that the database fills by itself."""
    columns = [c for c in table.columns if c.autoincrement is not True and c.server_default is None]
    return prepare(insert(table).values({c.key: bindparam(c.key, type_=c.type) for c in columns}), dialect)


@lru_cache(maxsize=4096)
def update_by_id(table: Table, columns: tuple[str, ...], dialect: Dialect) -> Prepared:
    """UPDATE of some columns of the row whose id is the parameter `the_id`."""
    values = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in columns}
    return prepare(update(table).where(table.c.id == bindparam(THE_ID, type_=table.c.id.type)).values(values), dialect)
