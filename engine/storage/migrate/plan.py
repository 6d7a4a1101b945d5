"""What publishing a definition would do to the database. Reads only; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, inspect

from engine.kinds.registry import Registry
from engine.model.app import App
from engine.model.text import Text
from engine.storage.column_forms import form, known_forms
from engine.storage.former import read_former
from engine.storage.migrate import counting, words
from engine.storage.migrate.capture import Unfinished, unfinished
from engine.storage.migrate.indexing import plan_indexes
from engine.storage.migrate.matching import Wanted, declared, match_fields, match_tables, names_of
from engine.storage.migrate.steps import Filling, Migration, PlanStep, Renaming, Risk
from engine.storage.migrate.stock import stock
from engine.storage.migrate.table_plan import Draft, Sight, plan_table
from engine.storage.names import ROOM, HeldColumn, HeldTable, all_physical, free_name, plain_table, read_names
from engine.storage.naming import fitting
from engine.storage.tables import SYSTEM_FIELDS, physical_tables


@dataclass
class _Plan:
    """The migration as it comes together."""

    sight: Sight
    types: Mapping[str, Table]
    held: dict[str, HeldTable]
    drafts: dict[str, Draft] = field(default_factory=dict)
    physical: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    steps: list[PlanStep] = field(default_factory=list)
    renamings: list[Renaming] = field(default_factory=list)

    def say(self, risk: Risk, name: str, text: Text, rows: int = 0, **slots: Any) -> None:
        self.steps.append(PlanStep(risk, name, text.fill(n=rows, **slots), rows, (), f"tables.{name}"))


def plan(
    connection: Connection,
    app: App,
    running: App | None,
    registry: Registry,
    *,
    now: datetime,
    wanted: Wanted | None = None,
) -> Migration:
    """`running`: the definition that runs, None when there is none that can be read; `wanted`: what is called otherwise, when
    that is not what the definition says itself."""
    was = _known_names(connection, app.name, wanted or declared(app))
    names = read_names(connection, app.name)
    before = physical_tables(running, registry, names) if running is not None else None
    held = stock(connection, app.name, before, app.tables, now)
    found, problems = match_tables(app, held, was)
    targets = {name: each.physical for name, each in found.items()}
    called = {name: each.name for name, each in found.items() if each.name != name}
    sight = Sight(connection, app, running, registry, now, targets, called)
    made = _Plan(sight, physical_tables(app, registry), found, steps=problems)
    left_over = unfinished(connection, app.name)
    for name in app.tables:
        if name in found:
            _existing(made, name, was.fields.get(name, {}), left_over)
        else:
            _new(made, name)
    return _whole(made, held)


def _known_names(connection: Connection, app: str, wanted: Wanted) -> Wanted:
    """`was:` may name what was renamed since: a definition that skips a revision still finds its data."""
    former, now = read_former(connection, app), read_names(connection, app)
    tables = {new: old if old in now.tables else former.table(old, 0) for new, old in wanted.tables.items()}
    fields: dict[str, dict[str, str]] = {}
    for name, known in wanted.fields.items():
        table = tables.get(name, name)
        there = now.columns.get(now.table(table), {})
        fields[name] = {new: old if old in there else former.field(table, old, 0) for new, old in known.items()}
    return Wanted(tables, fields)


def _new(made: _Plan, name: str) -> None:
    sight = made.sight
    there = {*inspect(sight.connection).get_table_names(), *all_physical(sight.connection), *made.physical.values()}
    physical = free_name(plain_table(sight.app.name, name), there)
    made.physical[name] = physical
    made.columns[name] = {str(c.key): fitting(str(c.key), ROOM) for c in made.types[name].columns if c.key not in SYSTEM_FIELDS}
    made.say(Risk.SAFE, name, words.NEW_TABLE, table=sight.app.tables[name].title)


def _existing(made: _Plan, name: str, wanted: Mapping[str, str], left_over: Mapping[str, Unfinished]) -> None:
    sight, held = made.sight, made.held[name]
    table = sight.app.tables[name]
    _table_words(made, name)
    dialect = sight.connection.dialect
    keys = {str(c.key): (form(c.type, dialect), c.type) for c in made.types[name].columns if c.key not in SYSTEM_FIELDS}
    forms = {**_reflected(sight.connection, held.physical), **known_forms(sight.connection, held.physical)}
    found, problems = match_fields(table, held, forms, wanted, {key: known for key, (known, _) in keys.items()})
    made.steps += problems
    draft = made.drafts[name] = plan_table(sight, found, keys, forms)
    made.steps += draft.steps
    made.renamings += [Renaming(name, key, old) for key, old in found.was.items() if key in table.fields]
    made.physical[name] = held.physical
    columns = {key: each.column for key, each in draft.kept.items()}
    taken = {*forms, *(each.column for each in held.columns), *SYSTEM_FIELDS}
    again = left_over.get(held.physical)
    reused = again.columns if again is not None and again.recipe == _recipe(made, name) else {}
    for key in draft.made:
        columns[key] = reused.get(key) or free_name(fitting(key, ROOM), taken)
        taken.add(columns[key])
    made.columns[name] = columns


def _table_words(made: _Plan, name: str) -> None:
    held, running = made.held[name], made.sight.running
    title = made.sight.app.tables[name].title
    if held.hidden_at is not None:
        count = counting.rows(made.sight.connection, held.physical)
        made.say(Risk.SAFE, name, words.TABLE_BACK, count, table=title)
    elif held.name != name:
        old = running.tables[held.name].title if running is not None and held.name in running.tables else held.name
        made.say(Risk.SAFE, name, words.TABLE_RENAMED, old=old, new=title)
        made.renamings.append(Renaming(name, "", held.name))


def _reflected(connection: Connection, physical: str) -> dict[str, str]:
    """What the database itself says of the columns that were made before there were books."""
    dialect = connection.dialect
    columns = inspect(connection).get_columns(physical)
    return {each["name"]: str(each["type"].compile(dialect)).upper() for each in columns}


def _recipe(made: _Plan, name: str) -> str:
    filling = _filling(made, name, made.types[name])
    return filling.recipe if filling is not None else ""


def _filling(made: _Plan, name: str, table: Table) -> Filling | None:
    draft = made.drafts[name]
    if not draft.conversions and not draft.constants and not draft.formulas:
        return None
    filled = {*(each.key for each in draft.conversions), *draft.constants, *(key for key, _ in draft.formulas)}
    read = {field for _, formula in draft.formulas for where, field in formula.reads if where == name} - filled
    columns = {key: each.column for key, each in draft.kept.items()}
    sources = {each.source for each in draft.conversions} | {columns[field] for field in read if field in columns}
    return Filling(
        name,
        table,
        tuple(draft.conversions),
        dict(draft.constants),
        tuple(draft.formulas),
        tuple(sorted(sources)),
    )


def _whole(made: _Plan, held: list[HeldTable]) -> Migration:
    sight = made.sight
    app = sight.app
    names = names_of(app.name, [(name, made.physical[name], made.columns[name]) for name in app.tables])
    tables = physical_tables(app, sight.registry, names)
    fillings = [filling for name in made.drafts if (filling := _filling(made, name, tables[name])) is not None]
    there = {name: set(_reflected(sight.connection, made.physical[name])) for name in made.drafts}
    indexing = plan_indexes(sight.connection, [(made.drafts[name], tables[name]) for name in made.drafts])
    made.steps += indexing.steps
    books = _books(made, held)
    return Migration(
        app=app,
        names=names,
        held=tuple(books),
        tables=tables,
        steps=tuple(made.steps),
        new_tables=tuple(tables[name] for name in app.tables if name not in made.drafts),
        columns=tuple((tables[n], c) for n in made.drafts for c in tables[n].columns if c.name not in there[n]),
        fillings=tuple(fillings),
        indexes=tuple(indexing.wanted),
        dropped=tuple(indexing.dropped),
        renamings=tuple(made.renamings),
        rows={made.physical[name]: draft.rows for name, draft in made.drafts.items()},
    )


def _books(made: _Plan, held: list[HeldTable]) -> list[HeldTable]:
    """Everything that will be noted: what is declared, and what is put away, with its date."""
    books: list[HeldTable] = []
    for name in made.sight.app.tables:
        columns = [HeldColumn(column, key) for key, column in made.columns[name].items()]
        used = {each.column for each in columns}
        if name in made.drafts:
            hidden = [each for each in made.held[name].columns if each.hidden_at is not None and each.column not in used]
            columns += [*hidden, *made.drafts[name].hidden]
        books.append(HeldTable(made.physical[name], name, None, tuple(columns)))
    listed = {each.physical for each in books}
    for each in held:
        if each.physical in listed:
            continue
        if each.hidden_at is None:
            running = made.sight.running
            title = running.tables[each.name].title if running is not None and each.name in running.tables else each.name
            count = counting.rows(made.sight.connection, each.physical)
            made.say(Risk.SAFE, each.name, words.TABLE_HIDDEN, count, table=title)
        books.append(HeldTable(each.physical, each.name, each.hidden_at or made.sight.now, each.columns))
    return books
