"""How types go together: what compares, what may be assigned, what two branches have in common, how a type is called.

The one place for this, so that definitions, filters and permissions are refused for the same reasons."""

from __future__ import annotations

from dataclasses import replace

from engine.model.text import Text
from engine.model.types import EMPTY, Type, TypeKind

ORDERED = frozenset({TypeKind.TEXT, TypeKind.NUMBER, TypeKind.DATE, TypeKind.DATETIME, TypeKind.TIME, TypeKind.DURATION})

_NAMES = {
    TypeKind.TEXT: Text("文本", "a text"),
    TypeKind.NUMBER: Text("数字", "a number"),
    TypeKind.BOOLEAN: Text("是否", "a yes/no"),
    TypeKind.DATE: Text("日期", "a date"),
    TypeKind.DATETIME: Text("时间点", "a point in time"),
    TypeKind.TIME: Text("钟点", "a time of day"),
    TypeKind.DURATION: Text("时长", "a duration"),
    TypeKind.RECORD: Text("记录", "a record"),
    TypeKind.LIST: Text("列表", "a list"),
    TypeKind.JSON: Text("JSON 数据", "JSON data"),
    TypeKind.EMPTY: Text("空", "empty"),
}


def describe(given: Type) -> Text:
    """What people call the type."""
    if given.kind is TypeKind.RECORD and given.table:
        return Text(f"{given.table} 的记录", f"a record of {given.table}")
    return _NAMES[given.kind]


def comparable(left: Type, right: Type) -> bool:
    """May `==` stand between them? Empty compares with everything."""
    if TypeKind.EMPTY in (left.kind, right.kind):
        return True
    if left.kind is not right.kind:
        return False
    if left.kind is TypeKind.LIST:
        return left.element is None or right.element is None or comparable(left.element, right.element)
    return left.kind is not TypeKind.RECORD or left.table == right.table


def assignable(given: Type, wanted: Type) -> bool:
    """May a value of type `given` be stored where `wanted` stands? A number must not have more places than there is room
    for; a text goes into a choice (its value is checked when it is written) unless its options are known to lie outside."""
    if given.kind is TypeKind.EMPTY:
        return True
    if given.kind is not wanted.kind:
        return False
    if given.kind is TypeKind.NUMBER:
        return given.scale <= wanted.scale
    if given.kind is TypeKind.RECORD:
        return wanted.table is None or given.table == wanted.table
    if given.kind is TypeKind.LIST and given.element and wanted.element:
        return assignable(given.element, wanted.element)
    if given.options is not None and wanted.options is not None:
        return set(given.options) <= set(wanted.options)
    return True


def unify(left: Type, right: Type) -> Type | None:
    """The type of a value that is one or the other (`x if c else y`, `first_of`); None if they do not mix."""
    if left.kind is TypeKind.EMPTY:
        return right
    if right.kind is TypeKind.EMPTY:
        return left
    if not comparable(left, right):
        return None
    if left.kind is TypeKind.NUMBER:
        return left if left.scale >= right.scale else right
    if left.kind is TypeKind.LIST:
        return replace(left, element=unify(left.element or EMPTY, right.element or EMPTY))
    if left.options is None or right.options is None:
        return replace(left, options=None)
    return replace(left, options=tuple(dict.fromkeys((*left.options, *right.options))))
