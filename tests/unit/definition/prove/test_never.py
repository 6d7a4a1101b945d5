"""Conditions that can never hold, wherever one may stand."""

from __future__ import annotations

import pytest

from engine.model.diagnostic import Diagnostic, Severity
from tests.unit.definition.loading import load_text

HEAD = """
app: shop
title: Shop
version: 1.0.0
roles: {clerk: {title: Clerk}}
people:
  store: {type: text}
tables:
  items:
    title: Items
    fields:
      order: {type: link, to: orders, inverse: items}
  orders:
    title: Orders
    fields:
      amount: {type: money, min: 0}
      paid:   {type: boolean}
      store:  {type: text, unique: true}
      note:   {type: text}
      status: {type: state}
    CHECKS
    flow:
      field: status
      states:
        new:  {initial: true, title: New}
        sent: {title: Sent}
        done: {final: true, title: Done}
      transitions:
        send: {from: new, to: sent, by: [clerk, system], needs: [note]SEND}
        end:  {from: sent, to: done, by: [clerk]}
permissions:
  clerk:
    items: {read: {all: true}}
    orders: PERMISSION
"""
READ = "{read: {all: true}}"


def found(*, checks: str = "", send: str = "", permission: str = READ, more: str = "") -> list[Diagnostic]:
    """What check says of conditions that never hold."""
    text = HEAD.replace("CHECKS", checks).replace("SEND", send).replace("PERMISSION", permission) + more
    loaded = load_text(text)
    assert loaded.app is not None, loaded.diagnostics
    return [each for each in loaded.diagnostics if each.code in ("never-holds", "rule-never-fires")]


def rule(when: str, condition: str, step: str = '{set: {paid: "True"}}', *, name: str = "first", head: str = "rules:\n") -> str:
    return f'{head}  {name}:\n    when: {{{when}}}\n    if: "{condition}"\n    then: [{step}]\n'


@pytest.mark.parametrize(
    ("when", "condition"),
    [
        ("created: orders", "amount < 0"),
        ("created: orders", "amount > 5 and (amount < 3 or empty(amount))"),
        ("created: orders", "status == 'sent'"),
        ("enters: orders.sent", "status == 'new'"),
        ("enters: orders.sent", "old.status == 'sent'"),
        ("enters: orders.new", "any(items, True) and not any(items, True)"),
    ],
)
def test_a_rule_that_never_fires(when: str, condition: str) -> None:
    said = found(more=rule(when, condition))
    assert [(each.code, each.path, each.severity) for each in said] == [
        ("rule-never-fires", "rules.first.if", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    ("when", "condition"),
    [
        ("created: orders", "amount == 0"),
        ("enters: orders.sent", "old.status == 'new'"),
        ("enters: orders.sent", "old.status == None"),
        ("created: orders", "count(items) > 3"),
        ("created: orders", "contains(note, 'x')"),
        ("created: orders", "False"),
    ],
)
def test_one_that_may_fire_is_not_mentioned(when: str, condition: str) -> None:
    assert found(more=rule(when, condition)) == []


def test_an_earlier_rule_may_have_moved_the_record() -> None:
    mover = rule("created: orders", "paid", "{transition: send}")
    later = rule("created: orders", "status == 'sent'", name="second", head="")
    assert found(more=mover + later) == []
    assert [each.path for each in found(more=rule("created: orders", "status == 'sent'", "{transition: send}"))] == [
        "rules.first.if"
    ]


def test_a_connection_may_create_in_any_state() -> None:
    pull = """
connections:
  shop:
    use: shopify
    settings: {shop: "secret:a", token: "secret:b"}
    pull:
      orders:
        every: 15m
        into: orders
        match: [store]
        map: {store: "source.id", status: "'sent'"}
"""
    loaded = load_text(
        HEAD.replace("CHECKS", "").replace("SEND", "").replace("PERMISSION", READ)
        + rule("created: orders", "status == 'sent'")
        + pull
    )
    assert "rule-never-fires" not in [each.code for each in loaded.diagnostics]


@pytest.mark.parametrize(
    ("send", "path"),
    [
        (", guard: \"status == 'sent'\"", "tables.orders.flow.transitions.send.guard"),
        (', guard: "empty(note)"', "tables.orders.flow.transitions.send.guard"),
        (', approvals: [{of: clerk, if: "amount < 0"}]', "tables.orders.flow.transitions.send.approvals[0].if"),
    ],
)
def test_transitions_that_nobody_can_take(send: str, path: str) -> None:
    assert [(each.code, each.path) for each in found(send=send)] == [("never-holds", path)]


def test_a_guard_that_may_hold() -> None:
    assert found(send=", guard: \"status == 'new' and not empty(note)\"") == []


@pytest.mark.parametrize(
    ("permission", "paths"),
    [
        ('{records: "amount < 0", read: {all: true}, edit: {paid: "amount < 0"}}', ["records"]),
        ('{records: "amount > 5", read: {all: true}, edit: {paid: "amount < 3"}}', ["edit.paid"]),
        ('{records: "store == user.store", read: {all: true}, edit: {paid: "empty(user.store)"}}', ["edit.paid"]),
        ('{records: "store == user.store", read: {all: true}, edit: {paid: "empty(store)"}}', ["edit.paid"]),
        ('{read: {all: true, note: "paid and not paid"}}', ["read.note"]),
        ('{read: {all: "amount < 0"}}', ["read.amount"]),
        ('{read: {all: true}, create: {fields: [amount], if: "amount < 0"}, delete: "amount < 0"}', ["create.if", "delete"]),
        ('{read: {all: true}, edit: {paid: "empty(user.store)", note: "count(items) > 2"}}', []),
    ],
)
def test_grants_that_grant_nothing(permission: str, paths: list[str]) -> None:
    said = [each for each in found(permission=permission) if each.code == "never-holds"]
    assert [each.path.removeprefix("permissions.clerk.orders.") for each in said] == paths


def test_alerts_and_checks() -> None:
    alert = """
alerts:
  late:
    title: {zh: 迟了, en: Late}
    of: orders
    if: "status == 'new' and amount < 0"
    text: late
    levels: [{after: 2h, notify: {to: [role.clerk], by: [inbox]}}]
"""
    assert [(each.code, each.path) for each in found(more=alert)] == [("never-holds", "alerts.late.if")]
    checks = 'checks: {odd: {must: "amount < 0", otherwise: refuse, message: Odd}}'
    assert [(each.code, each.path) for each in found(checks=checks)] == [("never-holds", "tables.orders.checks.odd.must")]


def test_checks_that_refuse_everything_are_no_ground_for_other_findings() -> None:
    checks = 'checks: {odd: {must: "amount < 0", otherwise: refuse, message: Odd}}'
    said = found(checks=checks, more=rule("created: orders", "amount > 3"))
    assert [each.path for each in said] == ["tables.orders.checks.odd.must"]


def test_checks_that_refuse_are_facts() -> None:
    checks = 'checks: {odd: {must: "amount > 3", otherwise: refuse, message: Odd}}'
    assert [each.code for each in found(checks=checks, more=rule("created: orders", "amount == 2"))] == ["rule-never-fires"]
