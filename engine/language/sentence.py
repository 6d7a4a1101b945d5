"""A condition as words for people, in both languages, for refusals and rule lists. One message with slots for each shape; what
has no shape here stands as it was written, in quotation marks, and is never left out."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.model.app import App
from engine.model.text import Text
from engine.model.tree import (
    Aggregate,
    Call,
    Compare,
    Constant,
    Expression,
    FieldOf,
    In,
    Logic,
    Node,
    Not,
    This,
    UserFact,
)

_COMPARE = {
    "==": Text("{left}是{right}", "{left} is {right}"),
    "!=": Text("{left}不是{right}", "{left} is not {right}"),
    "<": Text("{left}小于{right}", "{left} is less than {right}"),
    "<=": Text("{left}不超过{right}", "{left} is at most {right}"),
    ">": Text("{left}大于{right}", "{left} is more than {right}"),
    ">=": Text("{left}不少于{right}", "{left} is at least {right}"),
}
_CALLS = {
    "empty": Text("{0}为空", "{0} is empty"),
    "flagged": Text("有标记「{0}」", "it is flagged {0}"),
    "in_region": Text("{0}在{1}", "{0} is in {1}"),
    "contains": Text("{0}含有{1}", "{0} contains {1}"),
    "starts_with": Text("{0}以{1}开头", "{0} starts with {1}"),
    "ends_with": Text("{0}以{1}结尾", "{0} ends with {1}"),
}
_NEGATED = {
    "empty": Text("{0}不为空", "{0} is not empty"),
    "flagged": Text("没有标记「{0}」", "it is not flagged {0}"),
}


class _NoWords(Exception):
    """A shape that has no words yet."""


def sentence(expression: Expression, app: App, table: str) -> Text:
    """The condition in words; `table` is the one that it is about."""
    try:
        return _words(expression.node, app, table)
    except _NoWords:
        return Text(f"「{expression.text}」", f"“{expression.text}”")


def _words(node: Node, app: App, table: str) -> Text:
    if isinstance(node, Logic):
        parts = [_words(operand, app, table) for operand in node.operands]
        zh, en = (" 且 ", " and ") if node.operator == "and" else (" 或 ", " or ")
        return Text(zh.join(p.zh for p in parts), en.join(p.en for p in parts))
    if isinstance(node, Compare):
        left, right = _value(node.left, app, table, node.right), _value(node.right, app, table, node.left)
        return _COMPARE[node.operator].fill(left=left, right=right)
    if isinstance(node, In) and isinstance(node.right, tuple):
        values = [_value(constant, app, table, node.left) for constant in node.right]
        listed = Text("、".join(v.zh for v in values), " or ".join(v.en for v in values))
        return Text("{left}是{right}", "{left} is {right}").fill(left=_value(node.left, app, table, None), right=listed)
    if isinstance(node, Not):
        return _not(node.operand, app, table)
    if isinstance(node, Call) and node.function in _CALLS:
        return _call(_CALLS[node.function], node, app, table)
    if isinstance(node, Aggregate) and node.function in ("any", "all"):
        return _some(node, app)
    if isinstance(node, FieldOf):
        return Text("{field}为「是」", "{field} is set").fill(field=_field(node, app))
    raise _NoWords


def _not(node: Node, app: App, table: str) -> Text:
    if isinstance(node, Call) and node.function in _NEGATED:
        return _call(_NEGATED[node.function], node, app, table)
    if isinstance(node, Aggregate) and node.function == "any" and node.body is not None:
        inner = _words(node.body, app, node.table)
        return Text("「{list}」中没有{inner}的", "none of {list} has: {inner}").fill(
            list=app.tables[node.table].title, inner=inner
        )
    if isinstance(node, FieldOf):
        return Text("{field}不为「是」", "{field} is not set").fill(field=_field(node, app))
    return Text("不是（{it}）", "not ({it})").fill(it=_words(node, app, table))


def _call(text: Text, node: Call, app: App, table: str) -> Text:
    slots = {str(i): _argument(node, argument, app, table) for i, argument in enumerate(node.arguments)}
    return text.fill(**slots)


def _argument(call: Call, argument: Node, app: App, table: str) -> Text:
    if isinstance(argument, This):
        return Text("", "")  # whose flag is asked: no word of its own
    if call.function == "flagged" and isinstance(argument, Constant):
        check = app.tables[table].checks.get(str(argument.value))
        return check.message if check else Text.of(str(argument.value))
    return _value(argument, app, table, None)


def _some(node: Aggregate, app: App) -> Text:
    if node.body is None:
        raise _NoWords
    inner = _words(node.body, app, node.table)
    if node.function == "any":
        return Text("「{list}」中有{inner}的", "any of {list} has: {inner}").fill(
            list=app.tables[node.table].title, inner=inner
        )
    return Text("「{list}」都{inner}", "all of {list} have: {inner}").fill(list=app.tables[node.table].title, inner=inner)


def _value(node: Node, app: App, table: str, beside: Node | None) -> Text:
    """A value's words; a choice or state shows by its title, which the field `beside` it knows."""
    if isinstance(node, FieldOf):
        return _field(node, app)
    if isinstance(node, UserFact):
        field = app.people.get(node.name)
        return Text("您的{name}", "your {name}").fill(name=field.title if field else node.name)
    if isinstance(node, Constant):
        return _constant(node.value, beside, app)
    if isinstance(node, This):
        return Text("本记录", "this record")
    if isinstance(node, Aggregate) and node.function == "count":
        title = app.tables[node.table].title
        if node.body is None:
            return Text("「{list}」的条数", "the number of {list}").fill(list=title)
        inner = _words(node.body, app, node.table)
        return Text("「{list}」中{inner}的条数", "the number of {list} where {inner}").fill(list=title, inner=inner)
    raise _NoWords


def _field(node: FieldOf, app: App) -> Text:
    tables = [app.tables[hop[0]] for hop in node.hops]
    parts = [table.fields[hop[1]].title for table, hop in zip(tables, node.hops, strict=True)]
    own = app.tables[node.table]
    last = own.fields[node.name].title if node.name in own.fields else Text.of(node.name)
    parts.append(last)
    return Text("的".join(p.zh for p in parts), "'s ".join(p.en for p in parts))


def _constant(value: Any, beside: Node | None, app: App) -> Text:
    if isinstance(beside, FieldOf) and isinstance(value, str):
        table = app.tables[beside.table]
        if table.flow and beside.name == table.flow.field and value in table.flow.states:
            return Text("「{x}」", "{x}").fill(x=table.flow.states[value].title)
        field = table.fields.get(beside.name)
        if field is not None and value in field.choices:
            return Text("「{x}」", "{x}").fill(x=field.choices[value].title)
    if isinstance(value, bool):
        return Text("是" if value else "否", "yes" if value else "no")
    if value is None:
        return Text("空", "empty")
    if isinstance(value, str):
        return Text(f"「{value}」", f"“{value}”")
    if isinstance(value, int | Decimal | timedelta):
        return Text.of(str(value))
    raise _NoWords
