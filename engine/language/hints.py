"""What to write instead when two types do not go together. Words only; what goes together is decided in rules and operators."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.text import Text
from engine.model.tree import Constant, Node
from engine.model.types import Type, TypeKind

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = tuple(
    frozenset((*(f"{week}{day}" for week in ("周", "星期", "礼拜")), name, name[:3]))
    for day, name in zip(
        "一二三四五六日", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], strict=True
    )
)


def _use(ours: str) -> Text:
    return Text(f"写成 {ours}", f"Use {ours}")


# Functions of spreadsheets, and what is written here.
FROM_SHEETS: Mapping[str, Text] = MappingProxyType(
    {
        **dict.fromkeys(("if", "iif"), _use("a if c else b")),
        **dict.fromkeys(("isblank", "isnull", "isempty", "is_empty"), _use("empty(x)")),
        **dict.fromkeys(("ifnull", "coalesce", "nvl", "iferror", "ifna"), _use("first_of(a, b)")),
        **dict.fromkeys(("sumif", "sumifs"), _use("sum(items, amount if c else 0)")),
        **dict.fromkeys(("countif", "countifs"), _use("count(items, c)")),
        **dict.fromkeys(("vlookup", "xlookup", "lookup", "match"), _use("find(customers, phone == this.phone)")),
        **dict.fromkeys(("concatenate", "textjoin", "join"), _use("concat(a, b)")),
        **dict.fromkeys(("find", "search", "includes"), _use("contains(a, b)")),
        **{"and": _use("a and b"), "or": _use("a or b"), "datedif": _use("days_between(a, b)")},
    }
)


def mixed_hint(left: Node, right: Node) -> Text | None:
    """For a comparison."""
    kinds = {left.type.kind, right.type.kind}
    constant = next((each.value for each in (left, right) if isinstance(each, Constant)), None)
    if kinds == {TypeKind.TEXT, TypeKind.NUMBER} and isinstance(constant, str):
        return _number(constant)
    if kinds == {TypeKind.TEXT, TypeKind.NUMBER} and constant is not None:
        return Text(f"文字要加引号：'{constant}'", f"Put a text in quotes: '{constant}'")
    if kinds == {TypeKind.DATE, TypeKind.DATETIME}:
        return Text("把时间点换成日期：date_of(x)", "Make the point in time a date: date_of(x)")
    if TypeKind.TEXT in kinds and TypeKind.DATE in kinds:
        return Text("日期写成 date('2026-11-22')", "Write a date as date('2026-11-22')")
    if TypeKind.TEXT in kinds and TypeKind.DATETIME in kinds:
        return Text("和日期比：date_of(x) >= date('2026-11-22')", "Compare its day: date_of(x) >= date('2026-11-22')")
    if TypeKind.TEXT in kinds and TypeKind.TIME in kinds:
        return Text("钟点写成 time('14:00')", "Write a time of day as time('14:00')")
    if kinds == {TypeKind.DURATION, TypeKind.NUMBER}:
        return Text("时长写成 hours(2)、days(3)", "Write a duration as hours(2) or days(3)")
    if TypeKind.RECORD in kinds:
        return Text("关联和 this、find(…) 或另一个关联比较", "Compare a link with this, find(…) or another link")
    if TypeKind.BOOLEAN in kinds and constant is not None:
        return Text("用 True 或 False", "Use True or False")
    return None


def arithmetic_hint(left: Type, right: Type) -> Text | None:
    """For `+ - * /`."""
    kinds = {left.kind, right.kind}
    if TypeKind.TEXT in kinds:
        return Text("连接文字用 concat(a, b)", "Join texts with concat(a, b)")
    if kinds == {TypeKind.DATE}:
        return Text("用 days_between(a, b)", "Use days_between(a, b)")
    if TypeKind.DATE in kinds:
        return Text("用 add_days(日期, 天数)", "Use add_days(date, count)")
    if kinds == {TypeKind.DATETIME, TypeKind.NUMBER}:
        return Text("加减时长：hours(2)、days(3)", "Add a duration: hours(2), days(3)")
    return None


def expected_hint(node: Node, wanted: Type) -> Text | None:
    """Where a value of a certain type is to be put. A date without quotes comes as a subtraction."""
    if wanted.kind is TypeKind.DATE and node.type.kind in (TypeKind.TEXT, TypeKind.NUMBER):
        return Text("日期写成 date('2026-11-22')", "Write a date as date('2026-11-22')")
    if wanted.kind is TypeKind.DATETIME and node.type.kind in (TypeKind.TEXT, TypeKind.NUMBER, TypeKind.DATE):
        return Text("例如 now()、now() + hours(2)", "For example now(), now() + hours(2)")
    if wanted.kind is TypeKind.TEXT and node.type.kind is TypeKind.NUMBER and isinstance(node, Constant):
        return Text(f"文字要加引号：'{node.value}'", f"Put a text in quotes: '{node.value}'")
    if wanted.kind is TypeKind.NUMBER and isinstance(node, Constant) and isinstance(node.value, str):
        return _number(node.value)
    if wanted.kind is TypeKind.DURATION and node.type.kind is TypeKind.NUMBER:
        return Text("时长写成 hours(2)、days(3)", "Write a duration as hours(2) or days(3)")
    if wanted.kind is TypeKind.RECORD:
        return Text("用 this、find(…) 或另一个关联", "Use this, find(…) or another link")
    return None


def _number(written: str) -> Text:
    """A weekday's name, or digits in quotes."""
    for day, names in enumerate(_DAYS, start=1):
        if written.casefold() in names:
            return Text(f"星期用数字：一是 1，日是 7；这里写 {day}", f"Days are numbers, Monday 1 to Sunday 7: write {day}")
    return Text("数字不加引号", "Write numbers without quotes")
