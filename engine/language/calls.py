"""Calls: registered functions, aggregates over children or tables, find(). Only plain names can be called."""

from __future__ import annotations

import ast

from engine.language.functions import FUNCTIONS
from engine.language.functions.protocol import Function, Misuse, Site
from engine.language.hints import FROM_SHEETS
from engine.language.names import AGGREGATES
from engine.language.operators import condition
from engine.language.reading import Reading, Rows
from engine.language.report import did_you_mean, short
from engine.language.rules import ORDERED, describe
from engine.model.text import Text
from engine.model.tree import Aggregate, Call, Find, Node, This
from engine.model.types import BOOLEAN, INTEGER, Children, TableTypes, Type, TypeKind

_WITH_CONDITION = ("count", "any", "all")
_FEWEST = {"count": 1}
_TOO_MANY = Text("{name} 要一个或两个参数", "{name} takes one or two arguments")
_NEEDS_TWO = Text("{name} 要两个参数", "{name} takes two arguments")


def read_call(reading: Reading, node: ast.Call, rows: Rows) -> Node | None:
    """One call."""
    if not isinstance(node.func, ast.Name):
        hint = Text("例如 lower(name)，不是 name.lower()", "For example lower(name), not name.lower()")
        reading.problem("no-attributes", node.func, Text("这里不能调用", "This cannot be called"), hint)
        return None
    if node.keywords or any(isinstance(each, ast.Starred) for each in node.args):
        reading.problem("operator", node, Text("不能用 * 展开参数", "No * in front of an argument"))
        return None
    called = node.func.id
    if called in AGGREGATES:
        return _aggregate(reading, node, called, rows)
    if called == "find":
        return _find(reading, node, rows)
    if called not in FUNCTIONS:
        names = (*FUNCTIONS, *AGGREGATES, "find")
        message = Text(f"没有函数 {short(called)}", f"There is no function {short(called)}")
        instead = FROM_SHEETS.get(called.casefold()) or did_you_mean(called, names)
        reading.problem("unknown-function", node.func, message, instead)
        return None
    return _function(reading, node, FUNCTIONS[called], rows)


def _function(reading: Reading, node: ast.Call, function: Function, rows: Rows) -> Node | None:
    read = [reading.read(each, rows) for each in node.args]
    arguments = tuple(each for each in read if each is not None)
    if len(arguments) < len(read):
        return None
    table = reading.scope.tables.get(rows[-1]) if rows[-1] is not None else None
    try:
        record = This(len(rows) - 1, Type(TypeKind.RECORD, table=table.name)) if table else None
        result = function.check(arguments, Site(record, table.flags if table else frozenset()))
    except Misuse as misuse:
        place = node if misuse.argument is None else node.args[misuse.argument]
        message = Text(f"{function.name}：{misuse.message.zh}", f"{function.name}: {misuse.message.en}")
        reading.problem("wrong-argument", place, message, misuse.hint)
        return None
    return Call(function.name, arguments, result) if isinstance(result, Type) else result


def _aggregate(reading: Reading, node: ast.Call, called: str, rows: Rows) -> Node | None:
    loop = next((each for each in node.args if isinstance(each, ast.GeneratorExp | ast.ListComp)), None)
    if loop is not None:
        reading.read(loop, rows)
        return None
    if not _FEWEST.get(called, 2) <= len(node.args) <= 2:
        usage = f"{called}(items, {'…' if called in _WITH_CONDITION else 'price'})"
        message = _TOO_MANY if called in _FEWEST else _NEEDS_TWO
        reading.problem("wrong-argument", node, message.fill(name=called), Text(f"写法：{usage}", f"Write {usage}"))
        return None
    target = _target(reading, node.args[0], rows)
    if target is None:
        return None
    over, owner = target
    inside = (*rows, over.table)
    body: Node | None = None
    if len(node.args) == 2:
        wanted = condition if called in _WITH_CONDITION else _measure
        body = wanted(reading, node.args[1], inside)
        if body is None:
            return None
    result = _result(reading, node, called, body)
    return None if result is None else Aggregate(called, over.table, over.link or None, owner, len(rows), body, result)


def _measure(reading: Reading, node: ast.expr, rows: Rows) -> Node | None:
    return reading.read(node, rows)


def _result(reading: Reading, node: ast.Call, called: str, body: Node | None) -> Type | None:
    if called in ("any", "all"):
        return BOOLEAN
    if called == "count" or body is None:
        return INTEGER
    kind = describe(body.type)
    if called == "sum" and body.type.kind not in (TypeKind.NUMBER, TypeKind.DURATION):
        hint = Text("数个数用 count", "Use count to count")
        reading.problem("mixed-types", node.args[1], Text(f"{kind.zh}不能求和", f"There is no sum of {kind.en}"), hint)
        return None
    if body.type.kind not in ORDERED:
        reading.problem("mixed-types", node.args[1], Text(f"{kind.zh}没有大小先后", f"There is no order for {kind.en}"))
        return None
    return body.type


def _target(reading: Reading, node: ast.expr, rows: Rows) -> tuple[Children, int] | None:
    """What an aggregate goes over, and the row depth whose children they are."""
    owner = len(rows) - 1
    word = node.id if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "this":
        owner, word = 0, node.attr
    table = _table(reading, rows[owner])
    if word is not None and table is not None and word in table.children:
        return table.children[word], owner
    if word is not None and isinstance(node, ast.Name) and word in reading.scope.tables:
        return Children(word, ""), owner
    names = [*(table.children if table else ()), *reading.scope.tables]
    written = short(reading.source.of(node))
    message = Text(f"{written} 不是子记录，也不是表", f"{written} is neither a list of child records nor a table")
    reading.problem("unknown-name", node, message, did_you_mean(word or written, names))
    return None


def _find(reading: Reading, node: ast.Call, rows: Rows) -> Node | None:
    usage = Text("写法：find(customers, phone == this.phone)", "Write find(customers, phone == this.phone)")
    if len(node.args) != 2:
        reading.problem("wrong-argument", node, Text("find 要两个参数", "find takes two arguments"), usage)
        return None
    target = node.args[0]
    if not isinstance(target, ast.Name) or target.id not in reading.scope.tables:
        written = short(reading.source.of(target))
        message = Text(f"没有表 {written}", f"There is no table {written}")
        reading.problem("unknown-name", target, message, did_you_mean(written, reading.scope.tables))
        return None
    found = condition(reading, node.args[1], (*rows, target.id))
    return None if found is None else Find(target.id, len(rows), found, Type(TypeKind.RECORD, table=target.id))


def _table(reading: Reading, name: str | None) -> TableTypes | None:
    return reading.scope.tables.get(name) if name is not None else None
