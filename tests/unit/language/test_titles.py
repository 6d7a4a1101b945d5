"""Hints for those who think in titles, and for the habits of spreadsheets and other languages."""

from __future__ import annotations

import pytest

from engine.language.expression import read_expression
from engine.language.titles import by_title
from engine.model.diagnostic import DefinitionError, Diagnostic, Span
from engine.model.types import BOOLEAN, DATETIME, MONEY, TEXT, Scope, TableTypes, Type, TypeKind

STATES = Type(TypeKind.TEXT, options=("pending", "shipped"))
TITLES = {
    "实付金额": ("amount",),
    "待审核": ("'pending'",),
    "手机号": ("phone",),
    "时间": ("paid_at", "seen_at"),
    "Paid": ("amount",),
}
FIELDS = {"amount": MONEY, "status": STATES, "phone": TEXT, "paid_at": DATETIME, "seen_at": DATETIME, "urgent": BOOLEAN}
ORDERS = TableTypes("orders", FIELDS, titles=TITLES)
CUSTOMERS = TableTypes("customers", {"level": TEXT}, titles={"等级": ("level",), "实付金额": ("total",)})
TABLES = {"orders": ORDERS, "customers": CUSTOMERS}


def problem(text: str, scope: Scope) -> Diagnostic:
    """The one problem of an expression."""
    with pytest.raises(DefinitionError) as raised:
        read_expression(text, scope, span=Span("app.yaml", 1, 1), path="rules.x.if", expect=BOOLEAN)
    (found,) = raised.value.diagnostics
    return found


@pytest.mark.parametrize(
    ("text", "column", "zh"),
    [
        ("实付金额 < 500", 1, "是不是想写 amount（实付金额）？"),
        ("status == 待审核", 11, "是不是想写 'pending'（待审核）？"),
        ("status == '待审核'", 1, "是不是想写 'pending'（待审核）？"),
        ("status in ['待审核']", 12, "是不是想写 'pending'（待审核）？"),
        ("手机号不为空", 1, "是不是想写 phone（手机号）？"),
        ("时间 < now()", 1, "是不是想写 paid_at 或 seen_at（时间）？"),
        ("paid < 500", 1, "是不是想写 amount（Paid）？"),
        ("等级 == 'gold'", 1, "是不是想写 level（等级）？"),
        ("user.门店 == phone", 6, "是不是想写 user.store（门店）？"),
        ("库存 < 5", 1, "文字要加引号；字段用它的名称，不是标题"),
        ("amount < 500 并且 urgent", 14, "写成 and"),
        ("amount < 500元", 13, "只写数字，不带单位"),
        ("amount < 1,000", 10, "数字里不写逗号：1000"),
        ("paid_at > 2026-01-01", 11, "日期写成 date('2026-11-22')"),
        ("time_of(paid_at) > 14:00", 20, "钟点写成 time('14:00')"),
        ("now() - paid_at > 2h", 19, "时长写成 hours(2)、days(3)"),
        ("amount < 10%", 10, "百分数写成小数，10% 是 0.1"),
        ("phone contains '138'", 7, "写成 contains(a, b)"),
        ("weekday(paid_at) == '周三'", 1, "星期用数字：一是 1，日是 7；这里写 3"),
        ("IF(urgent, 1, 0) == 1", 1, "写成 a if c else b"),
        ("orders.amount < 500", 1, "自己的字段前面不用写表"),
        ("amount // 2 < 500", 1, "用 /；要整数用 round(a / b, 0)"),
    ],
)
def test_what_to_write_instead(text: str, column: int, zh: str) -> None:
    found = problem(text, Scope(TABLES, "orders", user={"store": TEXT}, facts={"门店": ("user.store",)}))
    assert (found.span.column, found.hint.zh if found.hint else None) == (column, zh)


def test_what_the_hint_says_is_right() -> None:
    for text in ("round(amount / 2, 0) == 3", "date_of(paid_at) >= date('2026-11-22')", "('a' if urgent else 'b') == phone"):
        read_expression(text, Scope(TABLES, "orders"), span=Span("x", 1, 1), path="x")


def test_without_titles_nothing_is_named() -> None:
    bare = {name: TableTypes(name, table.fields) for name, table in TABLES.items()}
    assert problem("实付金额 < 500", Scope(bare, "orders")).hint == problem("库存 < 500", Scope(bare, "orders")).hint


def test_short_words_are_not_alike() -> None:
    assert by_title("华东", [{"华东仓": ("east",)}]) is None
    assert by_title("华东分仓", [{"华东仓": ("east",)}]) is not None


def test_quoted_words_are_nobodys_habit() -> None:
    found = problem("phone == 'AND 2h' phone", Scope(TABLES, "orders"))
    assert (found.code, found.span.column) == ("syntax", 19)
