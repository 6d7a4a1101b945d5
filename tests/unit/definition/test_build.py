"""Builders: what the words of a definition come to mean, where the template does not say it already."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.definition.build.walk import nodes
from engine.model.app import Show
from engine.model.diagnostic import Severity
from engine.model.tree import FieldOf
from engine.model.types import DATETIME, TypeKind
from tests.unit.definition.loading import app_of, errors_of, load_text
from tests.unit.definition.test_load import SMALL

TABLES = """
    app: shop
    roles:
      clerk: {title: {zh: 客服, en: Clerk}}
    people:
      store: {type: text}
    tables:
      customers:
        fields:
          name: {type: text, required: true}
          level: {type: choice, choices: {a: 甲, b: 乙}}
      orders:
        fields:
          no: {type: text, unique: true, default: 0012}
          customer: {type: link, to: customers, inverse: orders}
          amount: {type: money, default: 9.5}
          cost: {type: money}
          day: {type: date, default: 2026-01-02}
          open: {type: boolean, default: false}
          FIELDS
        checks:
          positive: {must: "amount > 0", message: 金额要大于零}
    permissions:
      clerk:
        orders: {read: {all: true}PERMISSION}
        customers: {read: {all: true}}
"""


def _text(fields: str = "", permission: str = "", more: str = "") -> str:
    return TABLES.replace("FIELDS", fields.replace("\n", "\n          ")).replace("PERMISSION", permission) + more


def test_defaults_are_values_of_the_field() -> None:
    fields = app_of(_text()).tables["orders"].fields
    assert fields["no"].default == "0012"
    assert fields["amount"].default == Decimal("9.50")
    assert fields["day"].default == date(2026, 1, 2)
    assert fields["open"].default is False
    assert fields["cost"].default is None


def test_titles_fall_back_to_names() -> None:
    app = app_of(_text())
    assert app.tables["orders"].title.zh == "orders"
    assert (app.roles["clerk"].title.zh, app.roles["clerk"].title.en) == ("客服", "Clerk")
    assert app.title.en == "shop"
    assert app.version == "1"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("amount - cost", True),
        ("created_at", True),
        ("version", False),
        ("updated_at", False),
        ("now()", False),
        ("days_between(day, today())", False),
        ("customer.level", False),
        ("count(orders, no == this.no)", False),
        ("amount if open else cost", True),
    ],
)
def test_what_a_formula_needs_decides_where_it_lives(value: str, stored: bool) -> None:
    app = app_of(_text(f'f: {{type: formula, value: "{value}"}}'))
    assert app.tables["orders"].fields["f"].stored is stored
    assert ("f" in app.tables["orders"].types.computed) is not stored


def test_formulas_need_no_order() -> None:
    app = app_of(
        _text('c: {type: formula, value: "b * 2"}\nb: {type: formula, value: "a + 1"}\na: {type: formula, value: "amount"}')
    )
    fields = app.tables["orders"].fields
    assert fields["c"].type.kind is TypeKind.NUMBER
    assert all(fields[name].stored for name in "abc")


def test_a_formula_over_a_computed_one_is_computed() -> None:
    app = app_of(_text('b: {type: formula, value: "a"}\na: {type: formula, value: "customer.level"}'))
    assert not app.tables["orders"].fields["b"].stored


def test_same_names_in_two_tables_are_no_circle() -> None:
    app = app_of(
        _text('total: {type: formula, value: "sum(lines, total)"}').replace(
            "      orders:\n",
            "      lines:\n        fields:\n          order: {type: link, to: orders, inverse: lines}\n"
            "          n: {type: integer}\n"
            '          total: {type: formula, value: "n * 2"}\n      orders:\n',
        )
    )
    assert app.tables["orders"].fields["total"].type.kind is TypeKind.NUMBER
    assert app.tables["lines"].fields["total"].stored


def test_a_formula_may_not_ask_for_flags_or_the_user() -> None:
    for value in ("flagged('positive')", "user.store == no"):
        (error,) = errors_of(_text(f'f: {{type: formula, value: "{value}"}}'))
        assert error[1].startswith("tables.orders.fields.f")


def test_one_wrong_formula_gives_one_error() -> None:
    errors = errors_of(_text('a: {type: formula, value: "nope + 1"}\nb: {type: formula, value: "a + 1"}'))
    assert [path for _, path in errors] == ["tables.orders.fields.a.value"]


def test_all_is_spread_and_single_words_win() -> None:
    app = app_of(
        _text("secret: {type: text}").replace("{all: true}", '{all: true, secret: none, cost: masked, day: "open"}', 1)
    )
    read = app.permissions["clerk"]["orders"].read
    assert read["amount"].show is Show.ALWAYS
    assert read["secret"].show is Show.NEVER
    assert (read["cost"].show, read["cost"].find_exact) == (Show.MASKED, False)
    assert read["day"].show is Show.WHEN
    assert read["day"].condition is not None


def test_edit_all_leaves_out_what_goes_by_itself() -> None:
    edit = (
        app_of(_text('f: {type: formula, value: "amount"}', ", edit: {all: true, cost: none}"))
        .permissions["clerk"]["orders"]
        .edit
    )
    assert set(edit) == {"no", "customer", "amount", "day", "open"}


@pytest.mark.parametrize(
    ("given", "there", "condition"), [("true", True, False), ('"open"', True, True), ("none", False, False)]
)
def test_delete(given: str, there: bool, condition: bool) -> None:
    delete = app_of(_text(permission=f", delete: {given}")).permissions["clerk"]["orders"].delete
    assert (delete is not None) is there
    assert (delete is not None and delete.condition is not None) is condition


def test_create_with_a_condition() -> None:
    create = (
        app_of(_text(permission=', create: {fields: [no, amount], if: "no == user.store"}'))
        .permissions["clerk"]["orders"]
        .create
    )
    assert create is not None
    assert create.fields == ("no", "amount")
    assert create.condition is not None
    assert create.condition.users == {"store"}


def test_a_check_without_otherwise_refuses() -> None:
    assert app_of(_text()).tables["orders"].checks["positive"].otherwise == "refuse"


@pytest.mark.parametrize(
    "rule",
    [
        '{when: {created: orders}, if: "old.amount > 1", then: [{set: {no: "\'x\'"}}]}',
        "{when: {created: orders}, then: [{set: {amount: \"'x'\"}}]}",
        "{when: {created: orders}, then: [{update: {table: customers, where: 'name == this.no', set: {amount: '1'}}}]}",
        "{when: {created: orders}, then: [{set: {customer: 'this'}}]}",
    ],
)
def test_rules_that_do_not_fit(rule: str) -> None:
    loaded = load_text(_text(more=f"\n    rules:\n      r: {rule}\n"))
    assert loaded.app is not None
    assert loaded.app.rules == ()
    assert [d.severity for d in loaded.diagnostics] == [Severity.ERROR]


def test_an_update_sees_both_records() -> None:
    app = app_of(
        _text(
            more="""
    rules:
      r:
        when: {created: orders}
        then:
          - update: {table: customers, where: "this.customer == id or name == this.no", set: {name: "this.no"}}
    """.replace("this.customer == id or ", "")
        )
    )
    (step,) = app.rules[0].steps
    assert step.where is not None
    assert {(node.row, node.name) for node in nodes(step.where.node) if isinstance(node, FieldOf)} == {(1, "name"), (0, "no")}


def test_implicit_fields() -> None:
    types = app_of(_text()).tables["orders"].types
    assert types.fields["created_at"] == DATETIME
    assert "waiting" not in types.fields


def test_person_facts() -> None:
    app = app_of(_text(permission=", edit: {no: \"user.name == 'x' and user.store == no and 'y' in user.roles\"}"))
    condition = app.permissions["clerk"]["orders"].edit["no"].condition
    assert condition is not None
    assert condition.users == {"name", "store", "roles"}


def test_a_field_may_be_called_like_a_key_of_another_step() -> None:
    text = SMALL.replace("note: {type: text}", "to: {type: text}\n          by: {type: text}")
    rule = """
    rules:
      fill: {when: {created: orders}, then: [{set: {to: "'x'", by: no}}]}
    """
    assert list(app_of(text + rule).rules[0].steps[0].values) == ["to", "by"]


def test_a_state_may_not_take_the_time_that_every_record_has() -> None:
    assert errors_of(SMALL.replace("done", "updated")) == [("name-clash", "tables.orders.flow.states.updated")]
