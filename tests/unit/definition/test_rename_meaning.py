"""After a renaming every condition and formula gives the same answer for the same record under the new names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from random import Random
from typing import Any

import pytest

from engine.definition.load import load
from engine.definition.read import read_folder
from engine.definition.rename import rename
from engine.language.python import compile_python
from engine.model.app import App, Table
from engine.model.tree import Expression
from tests.unit.definition.catalogue import SmallCatalogue
from tests.unit.definition.loading import REGISTRY
from tests.unit.definition.test_rename import MARKET
from tests.unit.definition.whole_house import house
from tests.unit.language.env import FakeEnv

CATALOGUE = SmallCatalogue()
RECORDS = 40


def app_of(files: Mapping[str, bytes]) -> App:
    app = load(files, CATALOGUE, REGISTRY).app
    assert app is not None
    return app


def expressions(part: object) -> Iterator[Expression]:
    """All of an app, in order."""
    if isinstance(part, Expression):
        yield part
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from expressions(each)
    elif isinstance(part, tuple):
        for each in part:
            yield from expressions(each)
    elif is_dataclass(part):
        for each in fields(part):
            yield from expressions(getattr(part, each.name))


def record(table: Table, random: Random) -> dict[str, Any]:
    """Some value, or none, in every field that has one of its own."""
    found = {
        field.name: REGISTRY.fields[field.kind].sample(field, random) if random.random() > 0.2 else None
        for field in table.fields.values()
        if field.value is None
    }
    return {"id": "r1", "flags": [name for name in table.checks if random.random() > 0.5], **found}


def own(expression: Expression, app: App) -> Table | None:
    """The table whose records answer an expression by themselves."""
    tables = {table for table, _ in expression.reads}
    if expression.whole or len(tables) != 1:
        return None
    table = app.tables[tables.pop()]
    stored = {field.name for field in table.fields.values() if field.value is None}
    return table if {name for _, name in expression.reads} <= stored else None


NEW = "zz_new"
USER = {"name": "小李", "warehouse": "hz", "depot": "hz", "roles": ["keeper"]}
CASES = [
    ("market", "tables.orders.fields.amount"),
    ("market", "tables.orders.fields.status"),
    ("market", "tables.orders.flow.states.pending"),
    ("market", "tables.orders.flow.states.picking"),
    ("market", "tables.orders.fields.warehouse.choices.manual"),
    ("market", "tables.orders"),
    ("market", "people.store"),
    ("house", "tables.sales.flow.states.fresh"),
    ("house", "tables.sales.fields.store_room.choices.hz"),
    ("house", "tables.buyers.fields.rank.choices.gold"),
    ("house", "tables.sales.fields.paid"),
    ("house", "roles.keeper"),
    ("house", "people.shopname"),
]


@pytest.mark.parametrize(("which", "path"), CASES)
def test_the_same_answers(which: str, path: str) -> None:
    files = read_folder(MARKET) if which == "market" else house()
    done = rename(files, path, NEW, catalogue=CATALOGUE, registry=REGISTRY)
    before, after = app_of(files), app_of(done.files)
    pairs = list(zip(expressions(before), expressions(after), strict=True))
    random, old = Random(7), path.rpartition(".")[2]
    is_option = ".choices." in path or ".states." in path or path.startswith("roles.")
    answers = set()
    for one, two in pairs:
        table = own(one, before)
        for _ in range(RECORDS if table is not None else 0):
            assert table is not None
            values = record(table, random)
            user = {**USER, "store": values.get("store"), "shopname": values.get("outlet")}
            of_record, of_user = _keys(values, user, table, path)
            if is_option:
                of_record, of_user = _option(of_record, old), _option(of_user, old)
            # The record itself stands for its before image and for the one that is updated.
            answer = compile_python(one)(values, FakeEnv(user=user, old=values), values)
            again = compile_python(two)(of_record, FakeEnv(user=of_user, old=of_record), of_record)
            assert again == (_option(answer, old) if is_option else answer), one.text
            answers.add(answer)
    assert {True, False} <= answers


def _keys(values: dict[str, Any], user: dict[str, Any], table: Table, path: str) -> tuple[Any, Any]:
    """Record and user, where a field or fact has another name."""
    match path.split("."):
        case ["tables", name, "fields", field] if name == table.name:
            return {NEW if key == field else key: value for key, value in values.items()}, user
        case ["people", fact]:
            return values, {NEW if key == fact else key: value for key, value in user.items()}
    return values, user


def _option(value: Any, old: str) -> Any:
    """Another name of a choice, wherever it stands."""
    if isinstance(value, dict):
        return {key: _option(each, old) for key, each in value.items()}
    if isinstance(value, list):
        return [_option(each, old) for each in value]
    return NEW if value == old else value
