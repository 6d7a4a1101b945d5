"""Rules that write different things on one event."""

from __future__ import annotations

import pytest

from engine.model.diagnostic import Diagnostic, Severity
from tests.unit.definition.loading import load_text

HEAD = """
app: shop
title: Shop
version: 1.0.0
roles: {clerk: {title: Clerk}}
tables:
  items:
    title: Items
    fields:
      order: {type: link, to: orders, inverse: items}
  customers:
    title: Customers
    fields:
      level: {type: choice, choices: {normal: N, gold: G}}
  orders:
    title: {zh: 订单, en: Orders}
    fields:
      amount:   {type: money, title: {zh: 金额, en: Amount}}
      customer: {type: link, to: customers}
      express:  {type: boolean, title: {zh: 加急, en: Express}}
      level:    {type: choice, title: {zh: 级别, en: Level}, choices: {low: {zh: 低, en: Low}, high: {zh: 高, en: High}}}
      double:   {type: formula, value: "amount * 2"}
      status:   {type: state}
    flow:
      field: status
      states:
        new:  {initial: true, title: New}
        sent: {title: Sent}
        done: {final: true, title: Done}
      transitions:
        send: {from: new, to: sent, by: [clerk, system]}
        end:  {from: sent, to: done, by: [clerk]}
permissions:
  clerk: {orders: {read: {all: true}}, items: {read: {all: true}}, customers: {read: {all: true}}}
rules:
"""


def two(first: tuple[str, str, str], second: tuple[str, str, str]) -> list[Diagnostic]:
    """What check says of two rules, given by trigger, condition and steps."""
    rules = "".join(
        f'  {name}:\n    title: {{zh: {zh}, en: {name}}}\n    when: {{{when}}}\n    if: "{condition}"\n    then: [{steps}]\n'
        for name, zh, (when, condition, steps) in (("one", "甲", first), ("two", "乙", second))
    )
    loaded = load_text(HEAD + rules)
    assert loaded.app is not None, loaded.diagnostics
    return [each for each in loaded.diagnostics if each.severity is not Severity.PENDING]


def put(**values: str) -> str:
    return "{set: {" + ", ".join(f'{name}: "{value}"' for name, value in values.items()) + "}}"


MADE, SENT = "created: orders", "enters: orders.sent"
HIGH, LOW = put(level="'high'"), put(level="'low'")


def test_both_write_and_the_later_wins() -> None:
    (found,) = two((MADE, "amount > 100", HIGH), (MADE, "not express", LOW))
    assert (found.code, found.severity, found.path) == ("rules-disagree", Severity.WARNING, "rules.two")
    assert found.witness == (("amount", "100.01"), ("express", False))
    assert "「乙」和「甲」" in found.message.zh
    assert "后面的「乙」说了算" in found.message.zh
    assert "「级别」写成低，一个写成高" in found.message.zh
    assert "金额=100.01，加急=否" in found.message.zh
    assert "“two” comes later and wins" in found.message.en


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((MADE, "amount > 100", HIGH), (MADE, "amount <= 100", LOW)),
        ((MADE, "amount > 100", HIGH), (MADE, "not express", HIGH)),
        ((MADE, "amount > 100", HIGH), (MADE, "not express", put(express="True"))),
        ((MADE, "amount > 100", HIGH), (SENT, "not express", LOW)),
        ((MADE, "amount > 100", HIGH), (MADE, "empty(level)", LOW)),
        ((MADE, "amount > 100", HIGH), (MADE, "level != 'high'", LOW)),
        ((MADE, "amount > 100", HIGH + ", " + put(amount="5")), (MADE, "double > 20", LOW)),
        ((MADE, "amount > 100", HIGH + ", {transition: send}"), (MADE, "status == 'new'", LOW)),
        ((MADE, "count(items) > 3", HIGH), (MADE, "amount > 1", LOW)),
        ((MADE, "amount > 100", put(level="'high' if express else 'low'")), (MADE, "amount > 1", LOW)),
        ((MADE, "amount > 1", HIGH + ", " + put(customer="None")), (MADE, "customer.level == 'gold'", LOW)),
    ],
)
def test_rules_that_do_not_fight(first: tuple[str, str, str], second: tuple[str, str, str]) -> None:
    assert two(first, second) == []


@pytest.mark.parametrize(
    ("first", "second", "witness"),
    [
        ((MADE, "amount > 1", HIGH), ("enters: orders.new", "amount < 5", LOW), {"amount": "1.01"}),
        ((MADE, "amount > 1", HIGH), (MADE, "level == 'high'", LOW), {"amount": "1.01"}),
        ((MADE, "amount > 1", HIGH + ", " + put(amount="amount + 100")), (MADE, "amount > 200", LOW), {"amount": "100.01"}),
        ((MADE, "amount > 1", HIGH + ", {transition: send}"), (MADE, "status == 'sent'", LOW), {"amount": "1.01"}),
        ((SENT, "amount > 1", HIGH), (SENT, "customer.level == 'gold'", LOW), {"amount": "1.01", "customer.level": "gold"}),
    ],
)
def test_rules_that_do(first: tuple[str, str, str], second: tuple[str, str, str], witness: dict[str, str]) -> None:
    (found,) = two(first, second)
    assert dict(found.witness) == witness
