"""Functions for values of any type: empty, first_of, len, flagged."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, or_, true

from engine.language import forms
from engine.language.functions.checks import constant_text, count, of, usage_hint
from engine.language.functions.protocol import Function, Manual, Misuse, PythonWriter, Site, SqlWriter
from engine.language.report import did_you_mean
from engine.language.rules import unify
from engine.model.text import Text
from engine.model.tree import Call, Constant, Node, This
from engine.model.types import BOOLEAN, INTEGER, Type, TypeKind


def _empty_check(arguments: tuple[Node, ...], _: Site) -> Type:
    count(arguments, 1, "empty(x)")
    return BOOLEAN


def _empty(value: Any) -> bool:
    return value is None or value in ("", ())


def _empty_write(writer: PythonWriter, call: Call) -> str:
    argument = call.arguments[0]
    if isinstance(argument, Constant):
        return str(_empty(argument.value))
    kind = argument.type.kind
    source = writer.value(call.arguments[0])
    return f"(not {source})" if kind in (TypeKind.TEXT, TypeKind.LIST) else f"({source} is None)"


def _empty_sql(writer: SqlWriter, call: Call, negated: bool) -> ColumnElement[Any]:
    known, value = writer.constant(call.arguments[0])
    if known:
        return true() if _empty(value) is not negated else false()
    column = writer.value(call.arguments[0])
    return column.is_not(None) if negated else column.is_(None)


def _first_check(arguments: tuple[Node, ...], _: Site) -> Type:
    usage = usage_hint("first_of(a, b, …)")
    if len(arguments) < 2:
        raise Misuse(Text("至少要两个参数", "Takes two arguments or more"), usage)
    common = arguments[0].type
    for index, argument in enumerate(arguments[1:], 1):
        both = unify(common, argument.type)
        if both is None:
            raise Misuse(Text("各个参数的类型要相同", "All arguments must have the same type"), usage, index)
        common = both
    return common


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None and value not in ("", ())), None)


def _first_write(writer: PythonWriter, call: Call) -> str:
    return f"{writer.bind(_first)}({', '.join(writer.branch(call, each) for each in call.arguments)})"


def _first_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    return func.coalesce(*(writer.branch(call, each) for each in call.arguments))


def _len_check(arguments: tuple[Node, ...], _: Site) -> Type:
    count(arguments, 1, "len(text)")
    of(arguments, 0, TypeKind.TEXT, TypeKind.LIST, usage="len(text)")
    return INTEGER


def _len(value: Any) -> int:
    return len(value) if value else 0


def _len_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    argument = call.arguments[0]
    counted = forms.members if argument.type.kind is TypeKind.LIST else func.length
    return forms.numeric(func.coalesce(counted(writer.value(argument)), 0))


def _flagged_check(arguments: tuple[Node, ...], site: Site) -> Node:
    usage = "flagged('check')"
    count(arguments, 1, usage)
    name = constant_text(arguments, 0, usage)
    if site.record is None:
        raise Misuse(Text("这里没有记录，没有标记可问", "There is no record here that could be flagged"))
    if name not in site.flags:
        message = Text(f"没有叫 {name} 的检查", f"There is no check called {name}")
        raise Misuse(message, did_you_mean(name, site.flags), 0)
    return Call("flagged", (arguments[0], site.record), BOOLEAN)


def _flagged_parts(call: Call) -> tuple[str, int]:
    """The check's name and the row it is asked of."""
    name, record = call.arguments
    return (str(name.value), record.row) if isinstance(name, Constant) and isinstance(record, This) else ("", 0)


def _flagged_write(writer: PythonWriter, call: Call) -> str:
    name, row = _flagged_parts(call)
    return f"({name!r} in ({writer.record(row)}.get('flags') or ()))"


def _flagged_sql(writer: SqlWriter, call: Call, negated: bool) -> ColumnElement[Any]:
    name, row = _flagged_parts(call)
    flags = writer.flags(row)
    at = forms.position(flags, literal(f'"{name}"'))
    return or_(at == 0, flags.is_(None)) if negated else at > 0


def _flagged(name: str) -> bool:
    raise NotImplementedError(f"flagged({name!r}) asks a record; the back ends write it themselves")


_EMPTY_MANUAL = Manual(
    usage="empty(x)",
    words=Text("{0}为空", "{0} is empty"),
    negated=Text("{0}不为空", "{0} is not empty"),
    about=Text(
        "有没有值。空白文字也算空；一个人没有角色时，角色列表也是空。",
        "Is there no value? Blank text counts, and so does an empty list.",
    ),
    example="empty(concat(None, None)) → True",
    asks=True,
)
_FIRST_MANUAL = Manual(
    usage="first_of(a, b, …)",
    words=Text("{all}中第一个非空的值", "the first of {all} that is not empty"),
    about=Text(
        "从左到右第一个不为空的值；都为空就是空。", "The first value from the left that is not empty; empty if all are."
    ),
    example="first_of(None, 3, 4) → 3",
)
_LEN_MANUAL = Manual(
    usage="len(text)",
    words=Text("{0}的长度", "the length of {0}"),
    about=Text("文字有几个字，列表有几项；空是 0。", "How many characters a text has, or members a list; 0 for empty."),
    example="len('浙江省') → 3",
    whole=True,
)
_FLAGGED_MANUAL = Manual(
    usage="flagged('check')",
    words=Text("有标记{0}", "it is flagged {0}"),
    negated=Text("没有标记{0}", "it is not flagged {0}"),
    about=Text(
        "记录上有没有某个检查（checks 里 otherwise: flag 的）打的标记。",
        "Does the record bear the flag of a check (one with `otherwise: flag`)?",
    ),
    example="flagged('adds_up') → True",
    asks=True,
)

FUNCTIONS = (
    Function("empty", _EMPTY_MANUAL, _empty_check, _empty, _empty_sql, write=_empty_write),
    Function("first_of", _FIRST_MANUAL, _first_check, _first, _first_sql, write=_first_write),
    Function("len", _LEN_MANUAL, _len_check, _len, _len_sql),
    Function("flagged", _FLAGGED_MANUAL, _flagged_check, _flagged, _flagged_sql, write=_flagged_write),
)
