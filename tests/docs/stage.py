"""Records on which expressions of the documentation are evaluated, on every back end that takes them: generated Python,
SQLite, and the reference for what follows no links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml
from sqlalchemy import Column, ColumnElement, FromClause, MetaData, Table, insert, select

from engine.definition.build.context import STANDARD_FACTS
from engine.kinds.registry import Registry
from engine.language import reference, sql
from engine.language.env import Record
from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.language.sqltypes import Flags, sqltype
from engine.model.app import App
from engine.model.diagnostic import Span
from engine.model.tree import Aggregate, Expression, Find
from engine.model.types import DATETIME, Scope
from engine.storage.database import Database
from tests.unit.language.env import NOW, FakeEnv

ARROW = "→"


@dataclass(frozen=True)
class Stage:
    """`records`: table → records, with Python values. An expression is about the first record of the first table."""

    app: App
    records: Mapping[str, list[dict[str, Any]]]
    user: Mapping[str, Any]
    old: Mapping[str, Any] | None

    @staticmethod
    def of(app: App, text: str, registry: Registry) -> Stage:
        """`text`: YAML, table → records; beside the tables there may be `user`, and `old` of the first record."""
        given = yaml.safe_load(text)
        user, old = given.pop("user", {}), given.pop("old", None)
        records = {table: [_record(app, table, each, registry) for each in given.get(table, ())] for table in app.tables}
        first = next(iter(given))
        before = None if old is None else {**records[first][0], **_values(app, first, old, registry)}
        facts = {name: tuple(value) if isinstance(value, list) else value for name, value in user.items()}
        return Stage(app, {first: records[first], **records}, facts, before)

    def check(self, line: str) -> None:
        """`expression → result`: they are equal on every back end."""
        text, _, wanted = line.partition(ARROW)
        table = next(iter(self.records))
        left, right = (self._read(each.strip(), table) for each in (text, wanted))
        expected = self._answers(right, table)["python"]
        assert self._answers(left, table) == dict.fromkeys(self._answers(left, table), expected), line

    def _read(self, text: str, table: str) -> Expression:
        types = {name: each.types for name, each in self.app.tables.items()}
        user = {**STANDARD_FACTS, **{name: field.type for name, field in self.app.people.items()}}
        scope = Scope(types, table, old=self.old is not None, user=user)
        return read_expression(text, scope, span=Span("guide", 1, 1), path="guide")

    def _answers(self, expression: Expression, table: str) -> dict[str, Any]:
        record = self.records[table][0]
        env = Memory(now=NOW, user=self.user, old=self.old, tables=self.records, app=self.app)
        found = {"python": compile_python(expression)(record, env), "sqlite": self._in_sqlite(expression, table, record)}
        if not expression.whole:
            found["reference"] = reference.evaluate(expression, {**record, **env.all_computed(table, record)}, env)
        return found

    def _in_sqlite(self, expression: Expression, table: str, record: Record) -> Any:
        database, tables = self._database
        context = sql.SqlContext(sources=Raw(self.app, tables), user=self.user, now=NOW, old=self.old)
        own = tables[table]
        asked = select(sql.value(expression, context, (own,))).where(own.c.id == record["id"])
        with database.read() as connection:
            return connection.execute(asked).scalar_one()

    @cached_property
    def _database(self) -> tuple[Database, Mapping[str, Table]]:
        """In memory, so that it goes with the stage."""
        database, metadata = Database("sqlite://"), MetaData()
        tables = {name: _sql_table(each, metadata) for name, each in self.app.tables.items()}
        metadata.create_all(database.engine)
        with database.write() as connection:
            for name, made in tables.items():
                for each in self.records[name]:
                    connection.execute(insert(made).values(**{k: v for k, v in each.items() if k in made.c}))
        return database, tables


@dataclass
class Memory(FakeEnv):
    """The records in lists; whole tables are gone through one by one, fields without a column are worked out."""

    app: Any = None

    def computed(self, table: str, field: str, record: Mapping[str, Any]) -> Any:
        value = self.app.tables[table].fields[field].value
        return compile_python(value)(record, self)

    def all_computed(self, table: str, record: Mapping[str, Any]) -> dict[str, Any]:
        fields = [field for field in self.app.tables[table].fields.values() if field.value is not None and not field.stored]
        return {field.name: self.computed(table, field.name, record) for field in fields}

    def query(self, node: Aggregate | Find, rows: tuple[Mapping[str, Any] | None, ...]) -> Any:
        everything = self.tables[node.table]
        first, *others = rows
        asked = node.condition if isinstance(node, Find) else node.body
        values = [True if asked is None else compile_python(asked)(first, self, *others, each) for each in everything]
        true = [each for each, value in zip(everything, values, strict=True) if value is True]
        if isinstance(node, Find):
            return true[0]["id"] if len(true) == 1 else None
        if node.function in ("count", "any", "all"):
            return {"count": len(true), "any": bool(true), "all": len(true) == len(everything)}[node.function]
        present = [each for each in values if each is not None]
        if node.function == "sum":
            return sum(present)
        return (min if node.function == "min" else max)(present, default=None)


@dataclass(frozen=True)
class Raw:
    """The tables themselves."""

    app: App
    tables: Mapping[str, Table]

    def table(self, name: str) -> FromClause:
        return self.tables[name].alias()

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        value = self.app.tables[table].fields[field].value
        assert value is not None
        return sql.value(value, sql.SqlContext(sources=self, user={}, now=NOW), (row,))


def _sql_table(table: Any, metadata: MetaData) -> Table:
    stored = {name: given for name, given in table.types.fields.items() if name not in table.types.computed}
    columns = [Column(name, sqltype(given)) for name, given in stored.items()]
    return Table(table.name, metadata, *columns, Column("flags", Flags()))


def _record(app: App, table: str, given: Mapping[str, Any], registry: Registry) -> dict[str, Any]:
    types = app.tables[table].types
    empty = {name: None for name in types.fields if name not in types.computed}
    record = {**empty, "id": f"{table}-{id(given)}", **_values(app, table, given, registry)}
    stored = {name: field for name, field in app.tables[table].fields.items() if field.value is not None and field.stored}
    env = Memory(app=app)
    return {**record, **{name: compile_python(field.value)(record, env) for name, field in stored.items() if field.value}}


def _values(app: App, table: str, given: Mapping[str, Any], registry: Registry) -> dict[str, Any]:
    fields = app.tables[table].fields
    found: dict[str, Any] = {}
    for name, raw in given.items():
        if name in fields:
            text = raw if isinstance(raw, bool | int | str) or raw is None else str(raw)
            found[name] = registry.fields[fields[name].kind].parse(text, fields[name])
        elif name == "flags":
            found[name] = frozenset(raw)
        elif app.tables[table].types.fields[name] == DATETIME:
            found[name] = registry.fields["datetime"].parse(str(raw), next(iter(fields.values())))
        else:
            found[name] = str(raw)
    return found
