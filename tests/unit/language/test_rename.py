"""Expressions under other names: only names change, and they mean what they meant."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.language.references import Kind, Thing
from engine.language.rename import mentions, rename, renamed
from engine.model.diagnostic import Span
from engine.model.problem import Problem
from engine.model.types import Scope
from tests.unit.language.orders import ALERT, EXAMPLE, ORDERS

ORDERS_TABLE = Thing(Kind.TABLE, "", "orders")
AMOUNT = Thing(Kind.FIELD, "orders", "amount")
PENDING = Thing(Kind.OPTION, "orders.status", "pending")
ITEMS_LIST = Thing(Kind.CHILDREN, "orders", "items")
CHECK = Thing(Kind.CHECK, "orders", "amount_adds_up")
STORE = Thing(Kind.FACT, "", "store")
SHIPPED_AT = Thing(Kind.FIELD, "orders", "shipped_at")


@pytest.mark.parametrize(
    ("before", "renames", "after"),
    [
        (" amount>1   and(amount) < 2 ", {AMOUNT: "paid"}, " paid>1   and(paid) < 2 "),
        ("'amount' == remark and amount > 1", {AMOUNT: "paid"}, "'amount' == remark and paid > 1"),
        ("status == 'pending' and remark == 'pending'", {PENDING: "new"}, "status == 'new' and remark == 'pending'"),
        ("status in [\"pending\",'shipped']", {PENDING: "new"}, "status in [\"new\",'shipped']"),
        ("sum(items, price * quantity) > amount", {ITEMS_LIST: "lines"}, "sum(lines, price * quantity) > amount"),
        ("count(orders, amount > this.amount)", {ORDERS_TABLE: "sales", AMOUNT: "a"}, "count(sales, a > this.a)"),
        ('flagged("amount_adds_up")', {CHECK: "adds_up"}, 'flagged("adds_up")'),
        ("store == user.store", {STORE: "shop"}, "store == user.shop"),
        ("shipped_at > now()", {SHIPPED_AT: "sent_at"}, "sent_at > now()"),
        ("concat('中😀', remark) == '待' or amount > 1", {AMOUNT: "paid"}, "concat('中😀', remark) == '待' or paid > 1"),
    ],
)
def test_only_names_change(before: str, renames: dict[Thing, str], after: str) -> None:
    assert rename(before, ORDERS, renames) == after


def test_a_template_keeps_its_words() -> None:
    text = "amount 金额 {amount} {{amount}} {elapsed}"
    assert rename(text, ALERT, {AMOUNT: "paid"}, template=True) == "amount 金额 {paid} {{amount}} {elapsed}"


@pytest.mark.parametrize(
    ("text", "renames", "code"),
    [
        ("amount > 1", {AMOUNT: "cost"}, "name_taken"),
        ("count(items) > 1", {ITEMS_LIST: "amount"}, "name_taken"),
        ("count(orders) > 1", {ORDERS_TABLE: "tickets"}, "name_taken"),
        ("status == 'pending'", {PENDING: "shipped"}, "name_taken"),
        ("count(order_items) > count(items)", {ITEMS_LIST: "order_items"}, "captured"),
        ("status == ('pend' \"ing\")", {PENDING: "new"}, "not_exact"),
        ("status in ['pending', 'shipped'] and amount > 1", {AMOUNT: "in"}, "breaks_expression"),
    ],
)
def test_what_would_mean_something_else_is_refused(text: str, renames: dict[Thing, str], code: str) -> None:
    with pytest.raises(Problem) as caught:
        rename(text, ORDERS, renames)
    assert caught.value.errors[0].code == code
    assert caught.value.detail.zh
    assert caught.value.detail.en


@given(data=st.data(), example=st.sampled_from(EXAMPLE))
def test_there_and_back(data: Any, example: tuple[str, Scope]) -> None:
    text, scope = example
    things = sorted({m.thing for m in mentions(text, scope)})
    chosen = data.draw(st.lists(st.sampled_from(things), unique=True)) if things else []
    renames = {thing: f"zz_{number}" for number, thing in enumerate(chosen)}
    changed = rename(text, scope, renames)
    there = renamed(scope, renames)
    read = read_expression(changed, there, span=Span(), path="")
    assert str(read.type.kind) == str(read_expression(text, scope, span=Span(), path="").type.kind)
    now = mentions(changed, there)
    assert len(now) == len(mentions(text, scope))
    back = {new.thing: old.thing.name for old, new in zip(mentions(text, scope), now, strict=True) if old.thing in renames}
    assert rename(changed, there, back) == text


def test_a_renamed_condition_gives_the_same_answers() -> None:
    text = "status == 'pending' and amount > 10 or status in ['shipped', 'signed'] and not flagged('amount_adds_up')"
    renames = {AMOUNT: "paid", PENDING: "fresh", Thing(Kind.FIELD, "orders", "status"): "stage", CHECK: "adds_up"}
    there = renamed(ORDERS, renames)
    before = compile_python(read_expression(text, ORDERS, span=Span(), path=""))
    after = compile_python(read_expression(rename(text, ORDERS, renames), there, span=Span(), path=""))
    for status in ("pending", "shipped", "signed", None):
        for amount in (5, 20, None):
            for flag in ((), ("amount_adds_up",)):
                one = {"status": status, "amount": amount, "flags": flag}
                new_flag = tuple("adds_up" for _ in flag)
                two = {"stage": "fresh" if status == "pending" else status, "paid": amount, "flags": new_flag}
                assert before(one, None) == after(two, None)
