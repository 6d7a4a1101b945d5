"""Generated Python: empties, missing fields, paths, and that nothing of a user's text gets into the source."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.model.diagnostic import Span
from engine.model.tree import Aggregate, Find
from engine.model.types import Scope
from tests.unit.language.env import NOW, FakeEnv
from tests.unit.language.orders import ALERT, EXAMPLE, FROM_LINE, FROM_SHOP, ORDERS, SHIPMENTS_WHERE, TABLES

ORDER: dict[str, Any] = {
    **{name: None for name in TABLES["orders"].fields if name not in TABLES["orders"].computed},
    "id": "o1",
    "amount": Decimal("320.00"),
    "cost": Decimal("200.50"),
    "freight": Decimal("10.00"),
    "coupon": Decimal("0.00"),
    "status": "pending",
    "store": "online",
    "province": "Zhejiang",
    "customer": "c1",
    "phone": "138",
    "created_at": NOW - timedelta(hours=2),
    "flags": frozenset(),
}
DATA: dict[str, list[dict[str, Any]]] = {
    "customers": [{"id": "c1", "level": "diamond", "phone": "138"}],
    "products": [
        {"id": "p1", "category": "engine", "fragile": True, "sku": "A"},
        {"id": "p2", "category": "oil", "fragile": None},
    ],
    "order_items": [
        {"id": "i1", "order": "o1", "product": "p1", "quantity": 3, "price": Decimal("100.00")},
        {"id": "i2", "order": "o1", "product": "p2", "quantity": 1, "price": Decimal("10.00")},
        {"id": "i3", "order": "o2", "product": "p2", "quantity": 9, "price": Decimal("9.00")},
    ],
}


def env(**given: Any) -> FakeEnv:
    return FakeEnv(tables=DATA, user={"store": "online"}, computed_values={("orders", "goods"): Decimal("310.00")}, **given)


def run(text: str, record: dict[str, Any] = ORDER, scope: Scope = ORDERS, around: FakeEnv | None = None) -> Any:
    return compile_python(read_expression(text, scope, span=Span(), path="x"))(record, around or env())


@pytest.mark.parametrize(("text", "scope"), EXAMPLE)
def test_the_reference_example_compiles(text: str, scope: Scope) -> None:
    assert callable(compile_python(read_expression(text, scope, span=Span(), path="x")))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("amount < 500 and empty(remark) and not flagged('amount_adds_up')", True),
        ("amount == goods + freight - coupon", True),
        ("sum(items, price * quantity)", Decimal("310.00")),
        ("amount - cost", Decimal("119.50")),
        ("amount / 3", Decimal("106.666667")),
        ("round(amount / 3, 2)", Decimal("106.67")),
        ("-amount / 3", Decimal("-106.666667")),
        ("amount / coupon", None),
        ("in_region(province, '华东')", True),
        ("in_region(province, '华南')", False),
        ("customer.level == 'diamond' and count(items, product.category == 'engine') >= 1", True),
        ("any(items, product.fragile)", True),
        ("all(items, product.fragile)", False),
        ("all(items, product.fragile or product.category == 'oil')", True),
        ("count(items, price > this.freight)", 1),
        ("min(items, price)", Decimal("10.00")),
        ("max(shipments, created_at)", None),
        ("sum(tickets, 1)", 0),
        ("any(shipments, frozen)", False),
        ("all(shipments, frozen)", True),
        ("remark == None", True),
        ("remark < 'a'", False),
        ("not remark < 'a'", True),
        ("remark != 'a'", True),
        ("not remark in ['a']", True),
        ("len(remark)", 0),
        ("concat(store, remark, '号')", "online号"),
        ("first_of(remark, store)", "online"),
        ("'line' in store", True),
        ("created_at > now() - hours(24)", True),
        ("days_between(created_at, now())", 0),
        ("weekday(now())", 7),
        ("time_of(now()) < time('14:00')", True),
        ("100 <= amount < 400", True),
        ("customer", "c1"),
        ("this", "o1"),
        ("'大' if amount > 100 else '小'", "大"),
        ("status in ['pending', 'approved']", True),
    ],
)
def test_values(text: str, wanted: Any) -> None:
    assert run(text) == wanted


def test_blank_text_is_empty() -> None:
    blank = {**ORDER, "remark": "", "store": ""}
    assert run("empty(remark) and remark == None and not 'a' in remark and remark == store", blank) is True
    assert run("remark", blank) is None
    assert run("store == remark", {**ORDER, "store": ""}) is True


def test_missing_fields_are_asked_of_the_env() -> None:
    assert run("goods > 300") is True
    assert run("goods > 300", {**ORDER, "goods": Decimal("1.00")}) is False
    with pytest.raises(KeyError):
        run("waiting > hours(1)")


def test_old_is_empty_on_creation() -> None:
    assert run("old.status == 'pending'") is False
    assert run("old.status != status") is True
    assert run("old.status == status", around=env(old={"status": "pending"})) is True
    assert run("old.customer.level", around=env(old={"customer": "c1"})) == "diamond"
    assert run("old.customer.level", around=env(old={"customer": "gone"})) is None


def test_links_that_lead_nowhere() -> None:
    assert run("customer.level", {**ORDER, "customer": None}) is None
    assert run("customer.level == 'gold'", {**ORDER, "customer": "gone"}) is False


def test_a_record_without_an_id_has_no_children() -> None:
    assert run("count(items)", {**ORDER, "id": None}) == 0
    assert run("count(items)", {name: value for name, value in ORDER.items() if name != "id"}) == 0


def test_whole_tables_are_asked_of_the_env() -> None:
    around = env(answers=[5, "c1"])
    assert run("count(orders, phone == this.phone) > 3", around=around) is True
    assert run("find(customers, phone == this.phone) == customer", around=around) is True
    (counted, rows), (found, _) = around.asked
    assert isinstance(counted, Aggregate)
    assert isinstance(found, Find)
    assert rows == (ORDER,)


def test_inside_children_the_env_gets_all_rows() -> None:
    around = env(answers=[True, False])
    assert run("count(items, any(products, id == this.id and sku == '1'))", around=around) == 1
    assert [rows[1]["id"] for _, rows in around.asked] == ["i1", "i2"]


def test_source_extra_and_inner() -> None:
    source = env()
    source.source = {"id": "7", "note": "", "quantity": 2}
    assert run("source.id", {}, FROM_SHOP, source) == "7"
    assert run("source.note", {}, FROM_SHOP, source) is None
    assert run("source.quantity", {}, FROM_LINE, source) == 2
    assert run("elapsed > hours(1)", ORDER, ALERT, env(extra={"elapsed": timedelta(hours=2)})) is True
    where = compile_python(read_expression("order == this", SHIPMENTS_WHERE, span=Span(), path="x"))
    assert where({"id": "o1"}, env(), {"id": "s1", "order": "o1"}) is True
    assert where({"id": "o1"}, env(), {"id": "s1", "order": None}) is False


def test_now_moves_by_passed_time_over_a_change_of_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    around = env(now=datetime(2026, 3, 29, 12, tzinfo=berlin))
    late = {**ORDER, "created_at": datetime(2026, 3, 28, 11, 30, tzinfo=berlin)}
    assert run("created_at > now() - hours(24)", late, around=around) is True
    assert run("now() - created_at", late, around=around) == timedelta(hours=23, minutes=30)


def test_a_text_never_becomes_code() -> None:
    nasty = "'] or __import__(chr(111)) #\n\""
    assert run(r"""remark == '\'] or __import__(chr(111)) #"'""", {**ORDER, "remark": nasty.replace("\n", "")}) is True


def test_results_keep_their_places() -> None:
    assert str(run("amount + 1")) == "321.00"
    assert str(run("amount * 2 / 4")) == "160.000000"
    assert run("9999999 * 9999999 * 9999999") is None
    assert isinstance(run("count(items) + 1"), int)
