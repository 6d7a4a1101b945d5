"""Indexes are chosen from what a definition says of how its tables are read; each says what it is for."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from connectors.catalogue import load as load_catalogue
from engine.definition.load import load
from engine.kinds.registry import Registry
from engine.model.app import App
from engine.storage.indexes import MOST, chosen
from engine.storage.naming import LONGEST, fitting
from engine.storage.tables import WHY, physical_tables
from tests.world import template_files

REGISTRY = Registry.load()
HEAD = """
app: shop
title: Shop
version: 1.0.0
roles: {clerk: {title: {zh: 客服, en: Clerk}}, chief: {title: {zh: 主管, en: Chief}}}
people: {store: {type: text}}
tables:
  notes:
    title: Notes
    fields: {about: {type: text}, body: {type: long_text}, order: {type: link, to: orders, inverse: notes}}
  orders:
    title: Orders
    fields:
      store: {type: text}
      kind: {type: choice, choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}}}
      urgent: {type: boolean}
      due: {type: date}
      amount: {type: money}
      twice: {type: formula, value: "amount * 2"}
      often: {type: formula, value: "count(notes)"}
      remark: {type: long_text}
      phone: {type: phone}
"""


def app(more: str, head: str = HEAD) -> App:
    loaded = load({"app.yaml": (head + more).encode()}, load_catalogue(), REGISTRY)
    assert loaded.app is not None, loaded.diagnostics
    return loaded.app


def fields(given: App, table: str = "orders") -> list[tuple[str, ...]]:
    return [each.fields for each in chosen(given, given.tables[table])]


GRANTS = """
permissions:
  clerk: {orders: {records: "%s", read: {all: true}}}
  chief: {orders: {read: {all: true}}}
"""
BOARD = """
boards:
  list: {title: List, of: orders, kind: grid, columns: [store], where: "%s", sort: [%s]}
"""


def test_a_list_within_a_role_s_records_has_its_scope_before_its_sort() -> None:
    assert fields(app(GRANTS % "store == user.store" + BOARD % ("urgent", "-due"))) == [
        ("store", "urgent", "due", "id"),
        ("urgent", "due", "id"),
        ("store", "id"),
    ]


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("kind == 'a'", ("kind", "due", "id")),
        ("'a' == kind and urgent", ("kind", "urgent", "due", "id")),
        ("empty(phone)", ("phone", "due", "id")),
        ("kind == 'a' and amount > 5", ("kind", "due", "id")),
        ("amount > 5", ("due", "id")),
        ("kind == store", ("due", "id")),
        ("not urgent", ("due", "id")),
        ("remark == 'x'", ("due", "id")),
        ("often == 3", ("due", "id")),
        ("twice == 3", ("twice", "due", "id")),
        ("kind != 'a'", ("due", "id")),
        ("amount * 2 == 4", ("due", "id")),
    ],
)
def test_what_a_board_filters_for_stands_first(where: str, wanted: tuple[str, ...]) -> None:
    assert fields(app(BOARD % (where, "due"))) == [wanted]


def test_each_alternative_of_a_filter_has_its_own() -> None:
    found = fields(app(BOARD % ("(kind == 'a' or urgent) and store == 'x'", "due")))
    assert found == [("store", "kind", "due", "id"), ("store", "urgent", "due", "id")]
    assert fields(app(BOARD % ("kind == 'a' or amount * 2 == 4", "due"))) == [("due", "id")]


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [
        ("due, amount", ("due", "amount", "id")),
        ("-due, -amount", ("due", "amount", "id")),
        ("due, -amount", ("due", "id")),
        ("remark", None),
        ("often", None),
        ("due, often", ("due", "id")),
        ("created_at", ("created_at", "id")),
        ("due, id", ("due", "id")),
    ],
)
def test_a_sort_is_served_as_far_as_it_goes_one_way(sort: str, wanted: tuple[str, ...] | None) -> None:
    board = BOARD.replace('where: "%s", ', "") % sort
    assert fields(app(board)) == ([wanted] if wanted else [])


def test_what_rules_and_formulas_look_up() -> None:
    rules = """
rules:
  one:
    title: One
    when: {created: notes}
    if: "count(orders, phone == this.about and urgent) > 0 and count(orders, amount > 3) > 0"
    then:
      - update: {table: orders, where: "store == this.about", set: {urgent: "True"}}
"""
    assert set(fields(app(rules))) == {("urgent", "phone"), ("amount",), ("store",)}
    assert fields(app(rules), "notes") == [("order",)]


def test_what_alerts_wait_for() -> None:
    alerts = """
alerts:
  late:
    title: Late
    of: orders
    if: "urgent and due < today()"
    text: late
    levels: [{after: 1h, notify: {to: [role.clerk], by: [inbox]}}]
"""
    assert fields(app(alerts)) == [("urgent", "due")]


def test_no_index_is_the_beginning_of_another_and_they_are_bounded() -> None:
    scopes = "".join(
        f"  r{n}: {{orders: {{records: \"kind == 'a' and phone == '{n}'\", read: {{all: true}}}}}}\n" for n in range(3)
    )
    boards = "".join(
        f"  b{a}{b}: {{title: B, of: orders, kind: grid, columns: [store], sort: [{a}, {b}]}}\n"
        for a in ("due", "amount", "kind", "phone")
        for b in ("urgent", "store", "twice")
    )
    roles = "roles: {r0: {title: R}, r1: {title: R}, r2: {title: R}, clerk"
    given = app("permissions:\n" + scopes + "boards:\n" + boards, HEAD.replace("roles: {clerk", roles))
    found = fields(given)
    assert len(found) == MOST
    for one in found:
        assert not [other for other in found if other != one and other[: len(one)] == one]


def test_the_template_s_lists_are_all_served() -> None:
    loaded = load(template_files(), load_catalogue(), REGISTRY)
    assert loaded.app is not None
    assert set(fields(loaded.app)) >= {
        ("channel", "external_no"),
        ("customer",),
        ("store", "status", "paid_at", "id"),
        ("store", "paid_at", "id"),
        ("status", "paid_at", "id"),
        ("paid_at", "id"),
        ("store", "id"),
    }
    assert set(fields(loaded.app, "order_items")) == {("order",), ("product",)}


def test_every_index_says_what_it_is_for_and_puts_empty_first_where_lists_do() -> None:
    given = app(GRANTS % "store == user.store" + BOARD % ("urgent", "-due"))
    table = physical_tables(given, REGISTRY)["orders"]
    index = next(index for index in table.indexes if str(index.name).endswith("__by_store_urgent_due_id"))
    assert index.info[WHY].en == "the board List as far as Clerk sees it"
    on_postgresql = str(CreateIndex(index).compile(dialect=postgresql.dialect()))
    assert on_postgresql.endswith("(store NULLS FIRST, urgent NULLS FIRST, due NULLS FIRST, id)")
    assert str(CreateIndex(index).compile(dialect=sqlite.dialect())).endswith("(store, urgent, due, id)")


def test_a_name_too_long_for_postgresql_stays_readable_and_its_own() -> None:
    one, two = (fitting(f"{'a' * 60}_{end}") for end in ("first", "second"))
    assert one != two
    assert all(name.startswith("a" * 50) and len(name.encode()) == LONGEST for name in (one, two))
    assert len(fitting("表" * 40).encode()) <= LONGEST
    assert fitting("order_tracking__orders") == "order_tracking__orders"
