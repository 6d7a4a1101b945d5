"""What the names in an expression stand for, to the character."""

from __future__ import annotations

import pytest

from engine.language.expression import read_expression
from engine.language.reading import Parts
from engine.language.references import Kind, Meeting, names_in
from engine.language.rename import mentions
from engine.model.diagnostic import DefinitionError, Span
from engine.model.types import Scope
from tests.unit.language.orders import ALERT, EXAMPLE, FROM_SHOP, ITEMS, ORDERS, SHIPMENTS_WHERE


def said(text: str, scope: Scope = ORDERS, *, template: bool = False) -> list[str]:
    """`written=kind:owner.name`, in order."""
    return [
        f"{text[m.start : m.end]}={m.thing.kind}:{m.thing.owner}.{m.thing.name}"
        for m in mentions(text, scope, template=template)
    ]


@pytest.mark.parametrize(
    ("text", "scope", "names"),
    [
        ("amount", ORDERS, ["amount=field:orders.amount"]),
        ("this.phone == old . phone", ORDERS, ["phone=field:orders.phone"] * 2),
        ("customer.level", ORDERS, ["customer=field:orders.customer", "level=field:customers.level"]),
        (
            "this.order.customer.level",
            ITEMS,
            ["order=field:order_items.order", "customer=field:orders.customer", "level=field:customers.level"],
        ),
        ("(customer) . level", ORDERS, ["customer=field:orders.customer", "level=field:customers.level"]),
        ("count(items)", ORDERS, ["items=children:orders.items"]),
        ("count(orders)", ORDERS, ["orders=table:.orders"]),
        (
            "any(items, count(this.items, price > 1) > 0)",
            ORDERS,
            ["items=children:orders.items", "items=children:orders.items", "price=field:order_items.price"],
        ),
        (
            "find(customers, phone == this.phone)",
            ORDERS,
            ["customers=table:.customers", "phone=field:customers.phone", "phone=field:orders.phone"],
        ),
        (
            "find(customers, phone == source.phone)",
            FROM_SHOP,
            ["customers=table:.customers", "phone=field:customers.phone"],
        ),
        ("flagged('amount_adds_up')", ORDERS, ["amount_adds_up=check:orders.amount_adds_up"]),
        ("store == user.store", ORDERS, ["store=field:orders.store", "store=fact:.store"]),
        ("order == this", SHIPMENTS_WHERE, ["order=field:shipments.order"]),
        ("empty(shipped_at)", ORDERS, ["shipped_at=field:orders.shipped_at"]),
        ("elapsed > hours(2)", ALERT, []),
        ("status == 'pending'", ORDERS, ["status=field:orders.status", "pending=option:orders.status.pending"]),
        ("'clerk' in user.roles", ORDERS, ["clerk=option:user.roles.clerk", "roles=fact:.roles"]),
        ("store == 'pending'", ORDERS, ["store=field:orders.store"]),
        ("in_region(province, '华东')", ORDERS, ["province=field:orders.province"]),
    ],
)
def test_what_each_name_is(text: str, scope: Scope, names: list[str]) -> None:
    assert said(text, scope) == names


@pytest.mark.parametrize(
    "text",
    [
        "status == 'pending'",
        "'pending' != status",
        "status in ['pending', 'shipped']",
        "status not in ('shipped', 'pending')",
        "(status if amount > 5 else 'pending') == 'shipped'",
        "first_of(status, 'pending') == 'shipped'",
        "any(orders, status == 'pending') or amount > 1",
        "customer.level == 'gold' and find(orders, status == 'pending') == this",
        "'approved' < status and status <= 'pending'",
        "(('pending')) == (status)",
    ],
)
def test_constants_that_name_a_state(text: str) -> None:
    assert "pending=option:orders.status.pending" in said(text)


@pytest.mark.parametrize(
    ("written", "inside"),
    [
        ("'pending'", "pending"),
        ('"pending"', "pending"),
        ("r'pending'", "pending"),
        ("'''pending'''", "pending"),
        (r"'pend\x69ng'", r"pend\x69ng"),
        ("'pend' 'ing'", "pend' 'ing"),
    ],
)
def test_texts_in_any_quotes(written: str, inside: str) -> None:
    assert said(f"status == {written}") == ["status=field:orders.status", f"{inside}=option:orders.status.pending"]


def test_offsets_are_characters() -> None:
    text = "remark == '待审😀' and status == 'pending' and remark != '中'"
    assert said(text)[1:3] == ["status=field:orders.status", "pending=option:orders.status.pending"]
    assert said("  \n amount\t> 1") == ["amount=field:orders.amount"]


def test_templates() -> None:
    text = "加急😀 {order_no} {{amount}} {'x' if status == 'pending' else concat('}', remark)}"
    assert said(text, ALERT, template=True) == [
        "order_no=field:orders.order_no",
        "status=field:orders.status",
        "pending=option:orders.status.pending",
        "remark=field:orders.remark",
    ]


def meetings(text: str, scope: Scope = ORDERS) -> tuple[Meeting, ...]:
    heard: list[Parts] = []
    read_expression(text, scope, span=Span(), path="", listen=heard.append)
    return names_in(heard[0]).meetings


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("status == 'pending'", False),
        ("status in ['pending']", False),
        ("empty(status)", False),
        ("not empty(first_of(status, 'pending'))", False),
        ("'clerk' in user.roles", False),
        ("status < 'pending'", True),
        ("starts_with(status, 'pend')", True),
        ("lower(status) == 'pending'", True),
        ("'pend' in status", True),
        ("len(status) > 3", True),
        ("min(orders, status) == 'pending'", True),
    ],
)
def test_where_the_letters_of_a_name_count(text: str, spelled: bool) -> None:
    found = meetings(text)
    touching = [m for m in found if any(o.thing and o.thing.name in ("status", "roles") for o in m.origins)]
    assert any(meeting.spelled for meeting in touching) is spelled


def test_every_field_that_an_expression_reads_is_named_in_it() -> None:
    for text, scope in EXAMPLE:
        read = read_expression(text, scope, span=Span(), path="")
        named = {(m.thing.owner, m.thing.name) for m in mentions(text, scope) if m.thing.kind is Kind.FIELD}
        lists = {m.thing for m in mentions(text, scope) if m.thing.kind is Kind.CHILDREN}
        links = {(c.table, c.link) for t in lists for c in [scope.tables[t.owner].children[t.name]]}
        assert named | links == read.reads
        assert {m.thing.name for m in mentions(text, scope) if m.thing.kind is Kind.FACT} == read.users
        assert {m.thing.name for m in mentions(text, scope) if m.thing.kind is Kind.CHECK} == read.flags


def test_nothing_is_heard_of_a_wrong_expression() -> None:
    heard: list[Parts] = []
    with pytest.raises(DefinitionError):
        read_expression("amount > 1 and stat == 'pending'", ORDERS, span=Span(), path="", listen=heard.append)
    assert heard == []
