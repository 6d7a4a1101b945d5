"""The solver case by case: what it decides, what its witnesses say, what it admits not to know."""

from __future__ import annotations

from typing import Any

import pytest

from engine.definition.solver.solve import Impossible, Undecided, Witness, solve
from engine.definition.solver.space import Space
from engine.language.logic import conjunction, opposite
from engine.model.diagnostic import Span
from tests.unit.definition.loading import app_of
from tests.unit.definition.solver.reading import answer, condition, values
from tests.unit.definition.solver.wide import APP

SHOP = app_of(
    """
    app: shop
    title: Shop
    version: 1.0.0
    roles: {clerk: {title: Clerk}}
    tables:
      items:
        title: Items
        fields:
          order: {type: link, to: orders, inverse: items}
          price: {type: money}
          heavy: {type: boolean}
      orders:
        title: Orders
        fields:
          amount: {type: money}
          cost:   {type: money}
          pieces: {type: integer}
          name:   {type: text}
          total:  {type: formula, value: "sum(items, price)"}
          double: {type: formula, value: "total + 1"}
        checks:
          sane:  {must: "amount >= cost", otherwise: refuse, message: Sane}
          small: {must: "pieces < 10", otherwise: flag, message: Small}
          whole: {must: "total == amount", otherwise: flag, message: Whole}
    permissions:
      clerk: {orders: {read: {all: true}}, items: {read: {all: true}}}
    """
)


@pytest.mark.parametrize(
    "text",
    [
        "amount < cost and cost < amount",
        "amount > 1 and amount < 1.01",
        "weight > 1 and weight < 2",
        "rate > 0.0001 and rate < 0.0002",
        "rate > 1 or rate < 0",
        "amount < rate and rate < weight and weight < amount",
        "pieces < 1",
        "empty(pieces) or payer == None or status == None",
        "channel != 'web' and channel != 'shop' and channel != 'phone' and not empty(channel)",
        "channel == next and channel == 'shop'",
        "customer.level == 'gold' and empty(customer)",
        "customer == payer and customer.level != payer.level",
        "first == this and first.amount != amount",
        "customer.due > 5 and customer.credit < 15",
        "margin > 0 and amount < cost",
        "rich and customer.level != 'gold' and amount < 50",
        "in_region(province, '华东') and in_region(province, '华南')",
        "province == 'Zhejiang'",
        "starts_with(store, 'ab') and store < 'ab'",
        "starts_with(store, 'ab') and starts_with(note, 'b') and note < store",
        "store > 'm' and store < 'm '",
        "'boss' in user.roles and not ('boss' in user.roles)",
        "user.name in user.roles and user.name == 'boss' and 'boss' not in user.roles",
        "'boss' in user.roles and empty(user.roles)",
        "user.roles == None and not empty(user.roles)",
        "old.channel == 'web' and old.status == None",
        "now() < at and at + hours(1) < now()",
        "add_days(day, 3) < until and until <= day",
        "add_days(day, 3) > date('9999-12-31')",
        "(amount if paid else cost) > 3 and amount < 3 and cost < 3",
        "first_of(amount, cost) > 3 and amount < 3",
        "first_of(amount, cost, 3) == None",
        "paid and not (paid == True)",
        "paid != sent and sent != rich and rich != paid and not empty(paid) and not empty(sent)",
    ],
)
def test_what_cannot_be(text: str) -> None:
    assert isinstance(answer(text, APP, "orders", old=True), Impossible)


@pytest.mark.parametrize(
    ("text", "witness"),
    [
        ("amount >= 500 and amount < 1000", {"amount": "500.00"}),
        ("amount > 5", {"amount": "5.01"}),
        ("pieces >= 7", {"pieces": 7}),
        ("amount == None and cost == None", {"amount": None, "cost": None}),
        ("not (amount < 5)", {"amount": "5.00"}),
        ("amount > cost and cost > 3", {"amount": "3.02", "cost": "3.01"}),
        ("channel not in ['web', 'shop'] and not empty(channel)", {"channel": "phone"}),
        ("channel == 'web' or amount > 3", {"channel": "web"}),
        ("paid and not sent", {"paid": True, "sent": False}),
        ("in_region(province, '港澳台') and province != '香港' and province != '澳门'", {"province": "台湾"}),
        ("customer.level == 'gold'", {"customer.level": "gold"}),
        ("starts_with(store, 'ab') and store != 'ab'", {"store": "aba"}),
        ("day > date('2026-01-31') and day < date('2026-02-02')", {"day": "2026-02-01"}),
        ("ready >= at and at == ready", {"ready": "2026-01-05T09:00:00Z", "at": "2026-01-05T09:00:00Z"}),
        ("'boss' in user.roles and 'clerk' not in user.roles", {"user.roles": ["boss"]}),
        ("not empty(user.roles) and 'a' not in user.roles", {"user.roles": ["aa"]}),
        ("empty(user.roles)", {"user.roles": []}),
        ("status == 'done' and old.status == 'new'", {"status": "done", "old.status": "new"}),
        ("rate * 2 > 0.5", {"rate": "0.2501"}),
        ("amount - 10 > cost and cost >= 0", {"amount": "10.01", "cost": "0.00"}),
        ("margin < -2 and cost < 0", {"amount": "-2.02", "cost": "-0.01"}),
        ("True", {}),
    ],
)
def test_witnesses_say_what_matters_and_no_more(text: str, witness: dict[str, Any]) -> None:
    assert dict(values(answer(text, APP, "orders", old=True))) == witness


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("any(items, heavy)", "any(items, heavy)"),
        ("amount > 5 and count(items, price > 3) > 2", "count(items, price > 3)"),
        ("amount * cost > 1000", "amount * cost"),
        ("amount + cost > 1000 and pieces == 1", "amount + cost"),
        ("len(name) > 4", "len(name)"),
        ("contains(name, 'zz')", "contains(name, 'zz')"),
        ("total > 3", "total"),
        ("flagged('whole')", "total"),
        ("amount / 3 > 0.5", "amount / 3"),
    ],
)
def test_what_cannot_be_looked_into_is_named(text: str, construct: str) -> None:
    found = answer(text, SHOP, "orders")
    assert isinstance(found, Undecided)
    assert found.construct.zh == found.construct.en == construct


def test_the_construct_is_shown_at_its_place() -> None:
    found = answer("amount > 5 and  count(items,price > 3) > 2", SHOP, "orders")
    assert isinstance(found, Undecided)
    assert found.span == Span("app.yaml", 7, 11 + len("amount > 5 and  "))


@pytest.mark.parametrize(
    "text",
    [
        "any(items, heavy) and not any(items, heavy)",
        "count(items) < 3 and count(items) > 5",
        "count(items) < 0 or len(name) < 0",
        "amount + pieces > 10 and pieces + amount < 5",
        "amount * pieces > 10 and amount * pieces < 5",
        "total > 5 and double < 3",
        "any(items, heavy) and amount < 3 and amount > 4",
        "amount < cost",
        "pieces >= 10 and not flagged('small')",
        "flagged('sane')",
    ],
)
def test_a_proof_holds_whatever_cannot_be_looked_into(text: str) -> None:
    assert isinstance(answer(text, SHOP, "orders"), Impossible)


@pytest.mark.parametrize(
    ("text", "witness"),
    [
        ("any(items, heavy) or amount > 5", {"amount": "5.01"}),
        ("(any(items, heavy) and pieces == 1) or (not any(items, heavy) and pieces == 1)", {"pieces": 1}),
        ("(pieces == 2 if any(items, heavy) else pieces < 5) and pieces > 1", {"pieces": 2}),
        ("contains(name, 'b') and name == 'abc'", {"name": "abc"}),
        ("flagged('small')", {"pieces": 10}),
    ],
)
def test_a_witness_leans_on_nothing_that_is_not_known(text: str, witness: dict[str, Any]) -> None:
    assert dict(values(answer(text, SHOP, "orders"))) == witness


def test_too_large_a_condition_is_named_and_does_not_hang() -> None:
    fields = ["channel", "next", "old.channel", "old.next", "first.channel", "first.next", "old.first.channel"]
    apart = " and ".join(f"{a} != {b}" for i, a in enumerate(fields) for b in fields[:i])
    there = " and ".join(f"not empty({each})" for each in fields)
    products = " and ".join(f"(amount > {n} or weight < {n} or cost > {n} or store == '{n}')" for n in range(5))
    found = answer(f"{apart} and {there} and {products}", APP, "orders", old=True)
    assert isinstance(found, Impossible | Undecided)


def test_conditions_are_put_together_and_turned_round() -> None:
    one, two = condition("amount > 5", APP, "orders"), condition("not (amount < 9)", APP, "orders")
    space = Space.of(APP, "orders")
    assert dict(values(solve(conjunction([one.node, two.node]), space))) == {"amount": "9.00"}
    assert isinstance(solve(conjunction([one.node, opposite(one.node)]), space), Impossible)
    assert opposite(two.node) == condition("amount < 9", APP, "orders").node


def test_facts_of_the_user_that_must_be_there() -> None:
    assert dict(values(answer("store == user.store", APP, "orders"))) == {"store": "a", "user.store": "a"}
    found = answer("empty(user.store)", APP, "orders", identified=frozenset({"store"}))
    assert isinstance(found, Impossible)


def test_an_update_names_the_two_records_apart() -> None:
    found = answer("name == this.store and level == 'gold'", APP, "orders", inner="customers")
    assert dict(values(found)) == {"name": "a", "this.store": "a", "level": "gold"}


def test_long_chains_of_formulas_are_followed_only_so_far() -> None:
    chain = "\n".join(f'          f{n}: {{type: formula, value: "f{n - 1} + f{n - 1}"}}' for n in range(1, 40))
    flags = "\n".join(f'          g{n}: {{type: formula, value: "not g{n - 1}"}}' for n in range(1, 300))
    app = app_of(
        f"""
    app: deep
    title: Deep
    version: 1.0.0
    roles: {{clerk: {{title: Clerk}}}}
    tables:
      things:
        title: Things
        fields:
          f0: {{type: integer}}
          g0: {{type: boolean}}
{chain}
{flags}
    permissions:
      clerk: {{things: {{read: {{all: true}}}}}}
    """
    )
    assert isinstance(answer("f9 == 3", app, "things"), Impossible)
    assert dict(values(answer("f3 == 8", app, "things"))) == {"f0": 1}
    assert isinstance(answer("g10 and g0 == False", app, "things"), Impossible)
    assert isinstance(answer("f39 > 5 and f0 > 3", app, "things"), Undecided)
    assert isinstance(answer("g299", app, "things"), Undecided | Witness)


@pytest.mark.parametrize(
    "text",
    [
        "empty(user.roles if paid else None)",
        "'a' in (user.roles if paid else None) and paid",
        "(user.roles if paid else None) == None",
        "first_of(user.roles, None) != None",
        "lower(store) == 'x' and store in note",
        "find(customers, name == this.store) == customer",
        "min(orders, amount) > 3 or max(orders, channel) == 'web'",
        "weekday(day) == 3 and time_of(at) > time('14:00')",
        "today() == day and now() > at",
        "waiting > hours(2) and done_at != None",
        "days_between(at, ready) > 3 and round(rate, 2) > 0.5",
        "hours(weight) > ready - at",
        "None == None and (None if paid else 1) != None",
        "in_region(channel, '华东') or in_region(None, '华东')",
        "starts_with(store, note) and starts_with(None, 'a')",
        "version > 3 and id == created_by",
        "old.margin > 3 and old.customer.parent.due < 5 and old.rich",
    ],
)
def test_everything_that_can_be_written_has_an_answer(text: str) -> None:
    assert isinstance(answer(text, APP, "orders", old=True), Witness | Impossible | Undecided)
