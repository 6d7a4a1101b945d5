"""What is refused, where it is said to be, and what is suggested instead."""

from __future__ import annotations

import pytest

from engine.language.expression import read_expression
from engine.model.diagnostic import DefinitionError, Diagnostic, Span
from engine.model.types import BOOLEAN, DURATION, INTEGER, MONEY, TEXT, Scope, Type, TypeKind
from tests.unit.language.orders import ALERT, EXAMPLE, FROM_SHOP, ITEMS, ORDERS, SHIPMENTS_WHERE, TABLES, choice, link

HERE = Span("app.yaml", 7, 11)


def problems(text: str, scope: Scope = ORDERS, expect: Type | None = None) -> list[Diagnostic]:
    with pytest.raises(DefinitionError) as raised:
        read_expression(text, scope, span=HERE, path="rules.x.if", expect=expect)
    return list(raised.value.diagnostics)


def problem(text: str, scope: Scope = ORDERS, expect: Type | None = None) -> Diagnostic:
    found = problems(text, scope, expect)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("text", "scope"), EXAMPLE)
def test_the_reference_example_is_read(text: str, scope: Scope) -> None:
    assert read_expression(text, scope, span=HERE, path="x").text == text


@pytest.mark.parametrize(
    ("text", "code", "offset", "hint"),
    [
        ("status = 'pending'", "assignment", 7, "Use =="),
        ("status := 'pending'", "assignment", 7, "Use =="),
        ("count(items, quantity = 3)", "assignment", 22, "Use =="),
        ("amonut > 5", "unknown-name", 0, "Did you mean amount?"),
        ("customer.levle == 'gold'", "unknown-name", 0, "Did you mean level?"),
        ("status == 'pendng'", "unknown-option", 0, "Did you mean pending?"),
        ("status in ['pending', 'aproved']", "unknown-option", 22, "Did you mean approved?"),
        ("status == pending", "unknown-name", 10, "Put a text in quotes: 'pending'"),
        ("emtpy(remark)", "unknown-function", 0, "Did you mean empty?"),
        ("аmount > 5", "look-alike", 0, "Type a again"),
        ("ａmount > 5", "look-alike", 0, "Type a again"),
        ("amount ＞ 5", "look-alike", 7, "Type >"),
        ("in_region（province, '华东')", "look-alike", 9, "Type ("),
        ("金额 > 5", "unknown-name", 0, "their name, not their title"),
        ("amount ** 2 > 5", "operator", 0, "Multiply instead"),
        ("version % 2 == 0", "operator", 0, "Use / and a comparison"),
        ("version // 2 == 0", "operator", 0, "Use /"),
        ("version & 2", "operator", 0, "use and, or, not"),
        ("amount > 5 && amount < 9", "operator", 11, "Use and"),
        ("remark is None", "operator", 0, "Use =="),
        ("remark == null", "unknown-name", 10, "Use None"),
        ("remark == ''", "blank", 0, "Use empty(x)"),
        ("amount > '500'", "mixed-types", 0, "numbers without quotes"),
        ("remark == 500", "mixed-types", 0, "quotes: '500'"),
        ("remark + 'x' == 'y'", "mixed-types", 0, "concat(a, b)"),
        ("wanted_by < now()", "mixed-types", 0, "date_of(x)"),
        ("wanted_by < '2026-11-22'", "mixed-types", 0, "date('2026-11-22')"),
        ("waiting > 4", "mixed-types", 0, "hours(2)"),
        ("customer == '1'", "mixed-types", 0, "another link"),
        ("customer == this", "mixed-types", 0, "another link"),
        ("created_at + 1 > now()", "mixed-types", 0, "hours(2)"),
        ("wanted_by - wanted_by > 1", "mixed-types", 0, "days_between(a, b)"),
        ("remark.upper() == 'X'", "no-attributes", 0, "lower(name), not name.lower()"),
        ("amount.real > 1", "no-attributes", 0, "Only a link field"),
        ("items.price > 1", "not-a-value", 0, "count(items)"),
        ("order_no[0] == 'S'", "no-subscripts", 0, "Follow a link with a dot"),
        ("f'{amount}' == 'x'", "no-f-string", 0, "concat(a, b)"),
        ("[x for x in items]", "no-comprehension", 0, "count, sum"),
        ("count", "not-a-value", 0, "Write count"),
        ("flagged('amount_ads_up')", "wrong-argument", 8, "Did you mean amount_adds_up?"),
        ("in_region(province, '华冬')", "wrong-argument", 20, "华东"),
        ("hours('2') < waiting", "wrong-argument", 6, "hours(2)"),
        ("time('25:00') == time('14:00')", "wrong-argument", 5, "time('14:00')"),
        ("count(itmes) > 1", "unknown-name", 6, "Did you mean items?"),
        ("count(items, phone == '1') > 0", "unknown-name", 13, "this.phone"),
        ("sum(items, product) > 1", "mixed-types", 11, "count"),
        ("find(custmers, phone == '1') == customer", "unknown-name", 5, "Did you mean customers?"),
        ("user.stroe == store", "unknown-name", 0, "Did you mean store?"),
        ("amount and status == 'pending'", "not-a-condition", 0, "not empty(amount)"),
        ("1e5 < amount", "number", 0, "1000"),
        ("0x10 < amount", "number", 0, "1000"),
        ("amount AND status", "syntax", 7, "Use and"),
        ("(amount > 5", "syntax", 0, "brackets do not match"),
        ("amount in [cost]", "not-a-constant", 11, None),
        ("status == 'pending' # x", "operator", 20, None),
        ("amount > 5; True", "operator", 10, None),
        ("workhours_between(created_at, now()) > hours(8)", "mixed-types", 0, None),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, code: str, offset: int, hint: str | None) -> None:
    found = problem(text)
    assert found.code == code
    assert found.span == Span("app.yaml", 7, 11 + offset)
    assert found.path == "rules.x.if"
    assert found.message.zh != found.message.en
    if hint is not None:
        assert found.hint is not None
        assert hint in found.hint.en


def test_all_problems_come_at_once() -> None:
    found = problems("amonut > 5 and stauts == 'x' and remark > 3")
    assert [each.code for each in found] == ["unknown-name", "unknown-name", "mixed-types"]
    assert [each.span.column for each in found] == [11, 26, 44]


def test_columns_count_characters_not_bytes() -> None:
    assert problem("remark == '金额' and amonut > 5").span.column == 11 + 19
    assert problem("  amonut > 5").span.column == 11 + 2


@pytest.mark.parametrize(
    ("text", "expect", "code"),
    [
        ("amount", BOOLEAN, "not-a-condition"),
        ("remark", MONEY, "mixed-types"),
        ("amount / 3", MONEY, "mixed-types"),
        ("'express!'", choice("normal", "express"), "unknown-option"),
        ("customer", link("products"), "mixed-types"),
    ],
)
def test_what_must_be_assignable(text: str, expect: Type, code: str) -> None:
    assert problem(text, expect=expect).code == code


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("round(amount / 3, 2)", MONEY),
        ("version", MONEY),
        ("'express'", choice("normal", "express")),
        ("remark", choice("normal", "express")),
        ("None", TEXT),
        ("find(customers, phone == this.phone)", link("customers")),
    ],
)
def test_what_may_be_assigned(text: str, expect: Type) -> None:
    read_expression(text, ORDERS, span=HERE, path="x", expect=expect)


def test_types() -> None:
    for text, scope, wanted in [
        ("amount * version", ORDERS, MONEY),
        ("amount / version", ORDERS, Type(TypeKind.NUMBER, 6)),
        ("now() - created_at", ORDERS, DURATION),
        ("elapsed", ALERT, DURATION),
        ("count(items)", ORDERS, INTEGER),
        ("sum(items, price)", ORDERS, MONEY),
        ("source.total_price", FROM_SHOP, MONEY),
        ("'a' if amount > 1 else 'b'", ORDERS, choice("a", "b")),
        ("'a' if amount > 1 else remark", ORDERS, TEXT),
        ("order", ITEMS, link("orders")),
        ("order == this", SHIPMENTS_WHERE, BOOLEAN),
    ]:
        assert read_expression(text, scope, span=HERE, path="x").type == wanted, text


def test_what_an_expression_reads() -> None:
    read = read_expression(
        "customer.level == 'gold' and count(items, product.fragile) > 1 and store == user.store and flagged('amount_adds_up')",
        ORDERS,
        span=HERE,
        path="x",
    )
    assert read.reads == {
        ("orders", "customer"),
        ("customers", "level"),
        ("order_items", "order"),
        ("order_items", "product"),
        ("products", "fragile"),
        ("orders", "store"),
    }
    assert read.users == {"store"}
    assert read.flags == {"amount_adds_up"}
    assert read.whole
    assert not read_expression("amount > 5", ORDERS, span=HERE, path="x").whole


def test_words_that_do_not_exist_here() -> None:
    plain = Scope(TABLES, "orders")
    for text in ("user.store == store", "old.amount > 1", "source.id == '1'", "elapsed > hours(1)"):
        assert problem(text, plain).code == "unknown-name"
    assert {each.code for each in problems("this == this", FROM_SHOP)} == {"unknown-name"}
    assert problem("old == this").code == "not-a-value"
