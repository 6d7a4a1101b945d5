"""A part of a condition as it is written in a definition, to name what could not be decided.

From the tree, since the tree has no places: the same words up to blanks and brackets that change nothing."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from engine.model.app import App
from engine.model.diagnostic import Span
from engine.model.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Expression,
    Extra,
    FieldOf,
    Find,
    IfElse,
    In,
    Logic,
    Negative,
    Node,
    Not,
    SourceValue,
    This,
    UserFact,
)

_SPANS = ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes"))
_TIGHT = ("*", "/")


def written(node: Node, app: App, depth: int = 0) -> str:
    """The expression's text; `depth` is the row whose fields are bare names."""

    def of(each: Node) -> str:
        return written(each, app, depth)

    match node:
        case Not(operand=operand):
            return f"not {_bracketed(operand, of(operand))}"
        case Logic(operator=operator, operands=operands):
            return f" {operator} ".join(_bracketed(each, of(each)) for each in operands)
        case Compare(operator=operator, left=left, right=right):
            return f"{_bracketed(left, of(left))} {operator} {_bracketed(right, of(right))}"
        case In(left=left, right=right):
            among = f"[{', '.join(of(each) for each in right)}]" if isinstance(right, tuple) else of(right)
            return f"{of(left)} in {among}"
        case Arithmetic(operator=operator, left=left, right=right):
            return f"{_factor(operator, left, of(left))} {operator} {_factor(operator, right, of(right), last=True)}"
        case Negative(operand=operand):
            return f"-{_factor('*', operand, of(operand))}"
        case IfElse(test=test, then=then, otherwise=otherwise):
            return f"{of(then)} if {of(test)} else {of(otherwise)}"
        case Call(function=function, arguments=arguments):
            told = [of(each) for each in arguments if not (function == "flagged" and isinstance(each, This))]
            return f"{function}({', '.join(told)})"
        case Aggregate():
            return _aggregate(node, app)
        case Find(table=table, condition=condition, row=row):
            return f"find({table}, {written(condition, app, row)})"
    return _name(node, depth)


def _name(node: Node, depth: int) -> str:
    match node:
        case Constant(value=value):
            return _constant(value)
        case FieldOf(row=row, hops=hops, name=name):
            owner = {-1: ["old"], depth: []}.get(row, ["this"])
            return ".".join([*owner, *(hop[1] for hop in hops), name])
        case UserFact(name=name):
            return f"user.{name}"
        case SourceValue(name=name):
            return f"source.{name}"
        case Extra(name=name):
            return name
    return "this"


def _aggregate(node: Aggregate, app: App) -> str:
    names = (
        name
        for table in app.tables.values()
        for name, each in table.children.items()
        if (each.table, each.link) == (node.table, node.link)
    )
    over = next(names, node.table)
    return f"{node.function}({over})" if node.body is None else f"{node.function}({over}, {written(node.body, app, node.row)})"


def _bracketed(node: Node, text: str) -> str:
    return f"({text})" if isinstance(node, Logic | IfElse | Compare | In | Not) and not isinstance(node, Constant) else text


def _factor(operator: str, node: Node, text: str, *, last: bool = False) -> str:
    loose = isinstance(node, Arithmetic) and (operator in _TIGHT or last) and node.operator not in _TIGHT
    again = isinstance(node, Arithmetic) and last and operator == "/"
    return f"({text})" if loose or again or isinstance(node, IfElse) else text


def _constant(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "\\'") + "'"
    if isinstance(value, time):
        return f"time('{value.isoformat(timespec='minutes' if not value.second else 'auto')}')"
    if isinstance(value, date):
        return f"date('{value.isoformat()}')"
    if isinstance(value, timedelta):
        unit, name = next(((u, n) for u, n in _SPANS if not value % u), _SPANS[-1])
        return f"{name}({value // unit})"
    return str(value)


def place(node: Node, app: App, expression: Expression) -> Span:
    """Where the part stands, when its text is found in the expression as it was written; else where the expression begins."""
    span, text = expression.span, "".join(expression.text.split())
    at = text.find("".join(written(node, app).split()))
    if at < 0 or not span.column:
        return span
    seen = 0
    for offset, char in enumerate(expression.text):
        if not char.isspace():
            if seen == at:
                return Span(span.file, span.line, span.column + offset)
            seen += 1
    return span
