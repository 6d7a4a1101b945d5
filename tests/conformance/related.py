"""Small data sets with links, and expressions that follow them, aggregate over them and look records up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Column, ColumnElement, FromClause, MetaData, Table, type_coerce

from engine.language import sql
from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.language.sqltypes import Flags, Number, sqltype
from engine.model.diagnostic import Span
from engine.model.tree import Aggregate, Find
from engine.model.types import BOOLEAN, DATETIME, INTEGER, MONEY, TEXT, Children, Scope, TableTypes, Type, TypeKind
from tests.unit.language.env import NOW, FakeEnv

_ORDER, _PRODUCT, _ITEM = (Type(TypeKind.RECORD, table=name) for name in ("orders", "products", "items"))
FIELDS: dict[str, dict[str, Type]] = {
    "orders": {"id": TEXT, "phone": TEXT, "fee": MONEY, "at": DATETIME, "parent": _ORDER, "best": _ITEM},
    "items": {"id": TEXT, "order": _ORDER, "product": _PRODUCT, "quantity": INTEGER, "price": MONEY},
    "products": {"id": TEXT, "sku": TEXT, "fragile": BOOLEAN, "main": _ORDER},
}
TOTAL = "sum(items, price * quantity)"
TABLES: dict[str, TableTypes] = {
    "orders": TableTypes(
        "orders",
        {**FIELDS["orders"], "total": MONEY},
        {"items": Children("items", "order"), "parts": Children("orders", "parent")},
        computed=frozenset({"total"}),
        flags=frozenset({"odd"}),
    ),
    "items": TableTypes("items", FIELDS["items"], flags=frozenset({"even"})),
    "products": TableTypes("products", FIELDS["products"], {"uses": Children("items", "product")}),
}
USER = {"phone": TEXT, "best": _ITEM, "roles": Type(TypeKind.LIST, element=TEXT), "limit": MONEY}
USER_FACTS = {"phone": "1", "best": "i0", "roles": ("a", "2"), "limit": Decimal("15.00")}
SOURCE = {"sku": TEXT, "count": INTEGER, "at": DATETIME}
SOURCE_ROW = {"sku": "b", "count": 1, "at": datetime(2026, 11, 21, 2, tzinfo=UTC)}
SCOPE = Scope(TABLES, "orders", old=True, user=USER, source=SOURCE)
TOTAL_OF_ORDER = read_expression(TOTAL, SCOPE, span=Span(), path="total")

metadata = MetaData()
SQL_TABLES = {
    name: Table(name, metadata, *(Column(field, sqltype(given)) for field, given in fields.items()), Column("flags", Flags()))
    for name, fields in FIELDS.items()
}


@dataclass(frozen=True)
class Everything:
    """Sources of all tables; `total` is computed."""

    now: datetime = NOW

    def table(self, name: str) -> FromClause:
        return SQL_TABLES[name].alias()

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        context = sql.SqlContext(sources=self, user=USER_FACTS, source=SOURCE_ROW, now=self.now)
        return type_coerce(sql.value(TOTAL_OF_ORDER, context, (row,)), Number(2))


class Memory(FakeEnv):
    """Everything in lists; whole-table questions are answered by going through them, so SQL is not its own judge."""

    def computed(self, table: str, field: str, record: Mapping[str, Any]) -> Any:
        return compile_python(TOTAL_OF_ORDER)(record, self)

    def query(self, node: Aggregate | Find, rows: tuple[Mapping[str, Any] | None, ...]) -> Any:
        everything = self.tables[node.table]
        if isinstance(node, Find):
            found = [each for each in everything if compile_python(node.condition)(*_arguments(rows, self, each))]
            return found[0]["id"] if len(found) == 1 else None
        if node.body is None:
            return len(everything)
        values = [compile_python(node.body)(*_arguments(rows, self, each)) for each in everything]
        match node.function:
            case "count":
                return sum(each is True for each in values)
            case "any":
                return any(each is True for each in values)
            case "all":
                return all(each is True for each in values)
        present = [each for each in values if each is not None]
        if node.function == "sum":
            nothing = timedelta() if node.type.kind is TypeKind.DURATION else Decimal(0).scaleb(-node.type.scale)
            return sum(present, nothing if node.type.scale or isinstance(nothing, timedelta) else 0)
        return (min if node.function == "min" else max)(present, default=None)


def _arguments(rows: Sequence[Mapping[str, Any] | None], env: FakeEnv, record: Mapping[str, Any]) -> list[Any]:
    first, *others = (*rows, record)
    return [first, env, *others]


_MOMENTS = [datetime(2026, 11, day, 2, tzinfo=UTC) + timedelta(microseconds=day) for day in (20, 21, 22)]
_VALUES: dict[str, Any] = {
    "phone": st.sampled_from(["1", "2", "浙江", "ZJ", "😀", None]),
    "fee": st.sampled_from([None, Decimal("0.00"), Decimal("0.50"), Decimal("30.00")]),
    "at": st.sampled_from([None, *_MOMENTS]),
    "parent": st.sampled_from([None, "o0", "o1", "gone"]),
    "best": st.sampled_from([None, "i0", "i1"]),
    "order": st.sampled_from([None, "o0", "o0", "o1"]),
    "product": st.sampled_from([None, "p0", "p1"]),
    "quantity": st.sampled_from([None, 0, 1, 2, 10]),
    "price": st.sampled_from([None, Decimal("0.10"), Decimal("15.00"), Decimal("0.00")]),
    "sku": st.sampled_from([None, "a", "b"]),
    "fragile": st.sampled_from([None, True, False]),
    "main": st.sampled_from([None, "o0"]),
}


@st.composite
def data(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Up to three records of each table."""
    made = {}
    for table, fields in FIELDS.items():
        drawn = []
        for number in range(draw(st.integers(1, 4))):
            values = {name: draw(_VALUES[name]) for name in fields if name != "id"}
            flags = draw(st.sampled_from([frozenset(), frozenset({"odd"}), frozenset({"even", "odd"})]))
            drawn.append({"id": f"{table[0]}{number}", **values, "flags": flags})
        made[table] = drawn
    return made


# Conditions and values inside an aggregate over items, over orders, and about the order itself.
_ITEM_CONDITION = [
    "product.fragile",
    "not product.fragile",
    "quantity >= 2",
    "price * quantity > 20",
    "product.sku == 'a'",
    "product.sku != 'a'",
    "order == this",
    "order.phone == this.phone",
    "price > this.fee",
    "empty(product)",
    "product.main == this",
    "product.main.phone != '1'",
    "price < order.total",
    "count(items, product == product) > 1",
    "order.parent.fee >= 1",
    "in_region(order.phone, '华东')",
    "product.sku == source.sku",
    "price * quantity >= user.limit",
    "order.at >= source.at and order.at < now()",
    "order.phone in user.roles",
    "quantity in [1, 2]",
    "flagged('even')",
]
_ITEM_VALUE = ["quantity", "price", "price * quantity", "price - this.fee", "price / quantity", "product.sku", "order.fee"]
_ORDER_CONDITION = [
    "phone == this.phone",
    "phone == this.phone and at > now() - hours(24)",
    "total > 15",
    "total < this.total",
    "parent == this",
    "any(items, product.fragile)",
    "count(items) > 1",
    "flagged('odd')",
    "not flagged('odd') and fee > 0",
    "id != this.id",
    "empty(parent.phone)",
    "in_region(phone, '华东')",
    "starts_with(phone, '浙')",
    "phone == user.phone or best == user.best",
    "date_of(at) == today()",
    "weekday(at) >= 6",
    "at + hours(24) >= now()",
    "phone > this.phone",
    "old.fee == fee",
    "total != old.total",
]
_ORDER_VALUE = ["fee", "total", "at", "phone", "count(items)", "sum(items, quantity)"]
_OVER_ITEMS = st.sampled_from(["items"])
_OVER_ORDERS = st.sampled_from(["parts", "orders"])


def _text(template: str, *parts: Any) -> st.SearchStrategy[str]:
    return st.tuples(*(st.sampled_from(p) if isinstance(p, list) else p for p in parts)).map(lambda got: template.format(*got))


_NUMERIC_ITEM = [each for each in _ITEM_VALUE if each != "product.sku"]
_NUMERIC_ORDER = ["fee", "total", "count(items)", "sum(items, quantity)", "at - parent.at", "total / count(items)"]
values = st.one_of(
    _text("count(items, {0})", _ITEM_CONDITION),
    _text("count({0}, {1})", _OVER_ORDERS, _ORDER_CONDITION),
    _text("count({0})", ["items", "parts", "orders", "products"]),
    _text("sum(items, {0})", _NUMERIC_ITEM),
    _text("sum({0}, {1})", _OVER_ORDERS, _NUMERIC_ORDER),
    _text("{0}(items, {1})", ["min", "max"], _ITEM_VALUE),
    _text("{0}({1}, {2})", ["min", "max"], _OVER_ORDERS, _ORDER_VALUE),
    _text("find(products, {0})", ["sku == 'a'", "fragile", "main == this", "sku == this.phone", "not fragile"]),
    _text("find(orders, {0})", _ORDER_CONDITION),
    _text("find(items, {0})", _ITEM_CONDITION),
    _text(
        "{0}",
        ["total", "parent.total", "parent.phone", "parent.parent.fee", "best.product.sku", "best.price", "best.order.total"],
    ),
    _text(
        "{0}",
        ["old.total", "old.parent.phone", "old.best.product.sku", "total + fee", "total / 3", "first_of(parent.fee, fee)"],
    ),
)
conditions = st.one_of(
    _text("{0}(items, {1})", ["any", "all"], _ITEM_CONDITION),
    _text("{0}({1}, {2})", ["any", "all"], _OVER_ORDERS, _ORDER_CONDITION),
    _text("find(orders, {0}) == this", _ORDER_CONDITION),
    _text("find(products, sku == 'a') {0} best.product", ["==", "!="]),
    _text("parent.phone {0} phone", ["==", "!=", "<"]),
    _text("count(items, {0}) >= {1}", _ITEM_CONDITION, ["1", "2"]),
    _text("total {0} {1}", ["==", "!=", "<", ">="], ["parent.total", "fee", "0", "sum(parts, total)", "max(items, price)"]),
    _text("best.product.fragile {0} all(items, product.fragile)", ["==", "or", "and"]),
    _text("any(items, any(orders, {0}))", _ORDER_CONDITION),
    _text("all(orders, any(items, {0}))", _ITEM_CONDITION),
    _text("(parent.fee if any(items, {0}) else fee) > 0", _ITEM_CONDITION),
    _text("(parent.at {0} old.at) {1} (at - parent.at > hours({2}))", ["==", "<", "!="], ["and", "or"], ["-1", "0", "24"]),
    _text("old.phone {0} phone and {1}", ["==", "!=", ">"], _ORDER_CONDITION),
    _text("source.sku {0} best.product.sku", ["==", "!=", "<"]),
    _text("max(parts, at) {0} min(orders, at)", ["==", "!=", "<"]),
    _text("count(orders, phone == user.phone) {0} source.count", ["==", "!=", "<"]),
)
