"""Lists are fast as installed: every board of the template and of generated apps is read in the order of an index, by every
role that sees it, on both databases. Columns that show without a condition stay bare in the view.

The control shows that the test can fail: with something around the columns the database reads and sorts the whole table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, case, event, insert

from engine.access.view import Views
from engine.model.app import Show
from engine.model.change import Actor, Read
from engine.storage.prepared import Prepared
from tests.bench.filling import fill
from tests.databases import ON_BOTH
from tests.world import World, actor, make_world

pytestmark = ON_BOTH

ORDERS, ROWS = 12_000, 6_000
_KINDS = {
    "text": "{type: text}",
    "choice": "{type: choice, choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}}}",
    "boolean": "{type: boolean}",
    "date": "{type: date}",
    "money": "{type: money}",
    "integer": "{type: integer}",
}
_SORTING = ("sort", "incremental_sort", "bitmapscan")
_FILTERS = {"choice": "{name} == 'a'", "boolean": "{name}", "integer": "{name} == 3", "text": "{name} == 's1'"}


def asked(world: World, read: Read, who: Actor) -> list[tuple[str, Any]]:
    """The SELECTs of a table that a read sends."""
    sent: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.append((statement, parameters))

    def prepared(self: Prepared, connection: Connection, values: Mapping[str, Any]) -> Any:
        sent.append((self.text, self.given(values)))
        return run(self, connection, values)

    run = Prepared.run
    event.listen(world.runtime.database.engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Prepared, "run", prepared)
            world.runtime.records(read, who)
    finally:
        event.remove(world.runtime.database.engine, "before_cursor_execute", note)
    return [(statement, given) for statement, given in sent if "ORDER BY" in statement and "LIMIT" in statement]


def plan(world: World, statement: str, parameters: Any, without: tuple[str, ...] = _SORTING) -> list[str]:
    """How the database goes about it, a line for each step. PostgreSQL would rather sort the few rows of a test than walk an
    index: it is told to go `without` where it can."""
    with world.runtime.database.read() as connection:
        if connection.dialect.name == "postgresql":
            for way in without:
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
            return [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
        return [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def in_order_of_an_index(lines: list[str], table: str) -> bool:
    """Nothing sorted, and the table not read whole."""
    sorts = any("TEMP B-TREE FOR ORDER BY" in line or "Sort" in line for line in lines)
    whole = any(f"Seq Scan on {table}" in line for line in lines)
    indexes = [line for line in lines if "INDEX" in line or "Index Scan" in line]
    return bool(indexes) and not sorts and not whole


def analysed(world: World) -> World:
    with world.runtime.database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
    return world


@pytest.fixture(scope="module")
def template(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = filled(tmp_path_factory.mktemp("plans"))
    yield world
    world.runtime.database.close()


def filled(folder: Path) -> World:
    """A house with as many orders as make an index worth its while."""
    world = make_world(folder)
    fill(world, ORDERS)
    return analysed(world)


def board_reads(world: World, table: str) -> Iterator[tuple[str, Read]]:
    """Every list that the boards of a table show: a grid whole and state by state, a kanban state by state."""
    definition = world.runtime.program(world.app).app
    flow = definition.tables[table].flow
    states = [f"{flow.field} == '{state}'" for state in ("pending", "signed")] if flow else []
    for board in definition.boards.values():
        if board.table == table:
            for where in ([None] if board.kind == "grid" else []) + states:
                yield (
                    f"{board.name} {where}",
                    Read(world.app, table, where=where, sort=board.sort, condition=board.where, limit=50),
                )


ROLES = (actor("clerk", store="s7"), actor("buyer"), actor("finance"), actor("director"))


@pytest.mark.parametrize("who", ROLES, ids=lambda who: min(who.roles))
def test_every_list_of_the_template_is_read_in_the_order_of_an_index(template: World, who: Actor) -> None:
    table = template.runtime.program(template.app).tables["orders"].name
    checked = 0
    for name, read in board_reads(template, "orders"):
        for statement, parameters in asked(template, read, who):
            lines = plan(template, statement, parameters)
            assert in_order_of_an_index(lines, table), (name, lines)
            checked += 1
    assert checked == 5


@pytest.mark.parametrize(
    "where",
    [
        "customer == find(customers, phone == '13000000003')",
        "channel == 'pos' and external_no == 'E2'",
        "customer == find(customers, phone == '13000000003') and amount > 5",
    ],
)
def test_a_filter_of_a_link_or_a_key_reads_no_more_than_it_finds(template: World, where: str) -> None:
    table = template.runtime.program(template.app).tables["orders"].name
    (found,) = asked(template, Read(template.app, "orders", where=where, sort=("-amount",)), actor("buyer"))
    lines = plan(template, *found, without=())
    assert not [line for line in lines if f"Seq Scan on {table}" in line or line.startswith("SCAN")], lines


def test_the_control_something_around_a_column_loses_every_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a house of its own, which has not made any statement yet."""
    bare, template = Views._shown, filled(tmp_path)

    def wrapped(self: Views, column: Any, row: Any, reads: Any, **more: Any) -> Any:
        assert all(read is not None and read.show is Show.ALWAYS for group in reads for _, read in group)
        return case((row.c.version >= 0, bare(self, column, row, reads, **more)))

    monkeypatch.setattr(Views, "_shown", wrapped)
    table = template.runtime.program(template.app).tables["orders"].name
    for name, read in board_reads(template, "orders"):
        for statement, parameters in asked(template, read, actor("buyer")):
            assert not in_order_of_an_index(plan(template, statement, parameters), table), name


def generated(random: Random) -> tuple[str, dict[str, str]]:
    """An app with one table, two roles and a few boards, and the kinds of its fields."""
    fields = {f"f{n}": random.choice(sorted(_KINDS)) for n in range(6)} | {"shop": "text"}
    scope = random.choice(["shop == user.store", "shop == user.store and {filter}", "user.store == shop"])
    filters = [_FILTERS[kind].format(name=name) for name, kind in fields.items() if kind in _FILTERS and name != "shop"]
    scope = scope.format(filter=random.choice(filters)) if filters else "shop == user.store"
    # PostgreSQL does not see that a sort by a boolean that a filter holds down is none.
    sortable = sorted(name for name, kind in fields.items() if kind != "boolean")
    boards = []
    for n in range(3):
        where = " and ".join(random.sample(filters, min(len(filters), random.randrange(3))))
        way = random.choice(("", "-"))
        sort = ", ".join(f"{way}{name}" for name in random.sample(sortable, random.randrange(1, 3)))
        given = f'where: "{where}", ' if where else ""
        boards.append(f"  b{n}: {{title: B, of: things, kind: grid, columns: [f0], {given}sort: [{sort}]}}")
    text = "\n".join(
        (
            "app: made\ntitle: Made\nversion: 1.0.0",
            "roles: {near: {title: Near}, every: {title: All}}\npeople: {store: {type: text}}",
            "tables:\n  things:\n    title: Things\n    fields:",
            *(f"      {name}: {_KINDS[kind]}" for name, kind in fields.items()),
            f'permissions:\n  near: {{things: {{records: "{scope}", read: {{all: true}}}}}}',
            "  every: {things: {read: {all: true}}}\nboards:",
            *boards,
        )
    )
    return text, fields


def value(random: Random, kind: str) -> Any:
    choices: dict[str, tuple[Any, ...]] = {
        "text": ("s1", "s2", None),
        "choice": ("a", "b"),
        "boolean": (True, False, None),
        "date": (date(2026, 1, 1) + timedelta(days=random.randrange(500)), None),
        "money": (Decimal(random.randrange(10_000)) / 100, None),
        "integer": (3, 4, random.randrange(1000)),
    }
    return random.choice(choices[kind])


@pytest.mark.parametrize("seed", range(5))
def test_every_board_of_a_generated_app_is_read_in_the_order_of_an_index(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    text, fields = generated(random)
    world = make_world(tmp_path, {"app.yaml": text.encode()})
    table = world.runtime.program("made").tables["things"]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    known = {"version": 1, "created_at": at, "updated_at": at, "created_by": "x", "updated_by": "x", "flags": frozenset()}
    rows = [{**known, "id": f"t{n:025d}", **{name: value(random, kind) for name, kind in fields.items()}} for n in range(ROWS)]
    with world.runtime.database.write() as connection:
        connection.execute(insert(table), rows)
    analysed(world)
    for name, read in board_reads(world, "things"):
        for who in (actor("near", store="s1"), actor("every")):
            for statement, parameters in asked(world, read, who):
                lines = plan(world, statement, parameters)
                assert in_order_of_an_index(lines, table.name), (name, who.roles, lines, text)
    world.runtime.database.close()
