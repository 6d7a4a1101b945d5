"""What to write instead when two types do not go together. Words only; what goes together is decided in rules and operators."""

from __future__ import annotations

from engine.model.text import Text
from engine.model.tree import Constant, Node
from engine.model.types import Type, TypeKind


def mixed_hint(left: Node, right: Node) -> Text | None:
    """For a comparison."""
    kinds = {left.type.kind, right.type.kind}
    constant = next((each.value for each in (left, right) if isinstance(each, Constant)), None)
    if kinds == {TypeKind.TEXT, TypeKind.NUMBER} and isinstance(constant, str):
        return Text("数字不加引号", "Write numbers without quotes")
    if kinds == {TypeKind.TEXT, TypeKind.NUMBER} and constant is not None:
        return Text(f"文字要加引号：'{constant}'", f"Put a text in quotes: '{constant}'")
    if kinds == {TypeKind.DATE, TypeKind.DATETIME}:
        return Text("把时间点换成日期：date_of(x)", "Make the point in time a date: date_of(x)")
    if TypeKind.TEXT in kinds and TypeKind.DATE in kinds:
        return Text("日期写成 date('2026-11-22')", "Write a date as date('2026-11-22')")
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
