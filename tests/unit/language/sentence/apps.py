"""Apps for sentences: made from what expressions know of tables, each field with a title of its own in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.language.expression import read_expression
from engine.model.app import App, Check, Choice, Field, Otherwise, Role, Table
from engine.model.diagnostic import Span
from engine.model.text import Text
from engine.model.types import BOOLEAN, Scope, TableTypes, Type

_NO: Mapping[str, object] = MappingProxyType({})


def app_of(tables: Mapping[str, TableTypes], titles: Mapping[str, Text], people: Mapping[str, Type] | None = None) -> App:
    """`titles`: by name, for tables, fields, choices and checks alike; a name without one is its own title."""

    def title(name: str) -> Text:
        return titles.get(name, Text.of(name))

    def field(name: str, given: Type) -> Field:
        choices = {option: Choice(option, title(option)) for option in given.options or ()}
        return Field(name, title(name), "text", given, False, False, None, choices, {}, None, False, Span())

    true = read_expression("True", Scope(tables), span=Span(), path="", expect=BOOLEAN)

    def table(types: TableTypes) -> Table:
        checks = {name: Check(name, true, Otherwise.FLAG, title(name), Span()) for name in types.flags}
        fields = {name: field(name, given) for name, given in types.fields.items() if name in titles}
        return Table(types.name, title(types.name), None, fields, types.children, (), checks, None, types, Span())

    return App(
        name="sample",
        title=Text("示例", "Sample"),
        version="1.0.0",
        roles={"a": Role("a", Text("主管", "Lead"), False, Span())},
        people={name: field(name, given) for name, given in (people or {}).items() if name in titles},
        tables={name: table(types) for name, types in tables.items()},
        permissions={},
        rules=(),
        routings=(),
        alerts=(),
        connections={},
        boards={},
        pending=(),
        span=Span(),
    )


TITLES = {
    "things": Text("物品", "Things"),
    "whole": Text("数量", "Quantity"),
    "count": Text("件数", "Pieces"),
    "price": Text("单价", "Price"),
    "paid": Text("实付", "Paid"),
    "rate": Text("费率", "Rate"),
    "name": Text("品名", "Product name"),
    "note": Text("备注", "Remark"),
    "level": Text("级别", "Level"),
    "low": Text("低", "Low"),
    "mid": Text("中", "Middle"),
    "高": Text("高", "High"),
    "ok": Text("已确认", "Confirmed"),
    "late": Text("已逾期", "Overdue"),
    "day": Text("下单日", "Day ordered"),
    "due": Text("交货日", "Day due"),
    "at": Text("付款时间", "Paid at"),
    "made_at": Text("下单时间", "Ordered at"),
    "clock": Text("取货钟点", "Pick-up time"),
    "span": Text("耗时", "Duration"),
    "one": Text("主件", "Main part"),
    "other": Text("配件", "Spare part"),
    "odd": Text("编号是单数", "The number is odd"),
    "even": Text("编号是双数", "The number is even"),
    "limit": Text("额度", "limit"),
    "orders": Text("订单", "Orders"),
    "items": Text("订单明细", "Order items"),
    "products": Text("产品", "Products"),
    "phone": Text("电话", "Phone"),
    "fee": Text("运费", "Freight"),
    "parent": Text("上级订单", "Parent order"),
    "best": Text("主推行", "Best item"),
    "order": Text("所属订单", "Order"),
    "product": Text("商品", "Product"),
    "quantity": Text("数量", "Quantity"),
    "sku": Text("货号", "SKU"),
    "fragile": Text("易碎", "Fragile"),
    "main": Text("首单", "First order"),
    "total": Text("总额", "Total"),
}
