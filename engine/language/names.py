"""Names and paths: fields, `this`, `old`, `user.`, `source.`, links followed by dots. Knows types, decides no operators."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from engine.language.functions import FUNCTIONS
from engine.language.reading import Reading, Rows
from engine.language.report import did_you_mean, short
from engine.language.rules import describe
from engine.language.titles import by_title
from engine.model.text import Text
from engine.model.tree import Extra, FieldOf, Node, SourceValue, This, UserFact
from engine.model.types import TableTypes, Type, TypeKind

AGGREGATES = ("count", "sum", "any", "all", "min", "max")
_LITERALS = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None", "TRUE": "True", "FALSE": "False"}
BEFORE = -1


def read_name(reading: Reading, node: ast.Name, rows: Rows) -> Node | None:
    """A bare name."""
    word = node.id
    table = _table(reading, rows[-1])
    if table and word in table.fields:
        return FieldOf(len(rows) - 1, table.name, (), word, table.fields[word])
    if word in reading.scope.extra:
        return Extra(word, reading.scope.extra[word])
    if word == "this" and rows[0] is not None:
        return This(0, Type(TypeKind.RECORD, table=rows[0]))
    _unknown(reading, node, word, rows)
    return None


def _unknown(reading: Reading, node: ast.Name, word: str, rows: Rows) -> None:
    table = _table(reading, rows[-1])
    if word in _LITERALS:
        hint = Text(f"写成 {_LITERALS[word]}", f"Use {_LITERALS[word]}")
        reading.problem("unknown-name", node, Text(f"没有 {word}", f"There is no {word}"), hint)
    elif table and word in table.children:
        message = Text(f"{word} 是一组子记录，不是一个值", f"{word} is a list of records, not a value")
        example = f"count({word}), any({word}, …), sum({word}, …)"
        reading.problem("not-a-value", node, message, Text(f"例如 {example}", f"For example {example}"))
    elif word in ("this", "old", "user", "source"):
        _unknown_word(reading, node, word)
    elif word in FUNCTIONS or word in (*AGGREGATES, "find"):
        usage = FUNCTIONS[word].usage if word in FUNCTIONS else f"{word}(…)"
        message = Text(f"{word} 是函数，要带括号", f"{word} is a function and needs brackets")
        reading.problem("not-a-value", node, message, Text(f"写法：{usage}", f"Write {usage}"))
    else:
        where = Text(f"{table.name} 没有 {short(word)}", f"{table.name} has no {short(word)}") if table else None
        message = where or Text(f"不认识 {short(word)}", f"{short(word)} is not known here")
        names = [*(table.fields if table else ()), *reading.scope.extra]
        outer = _table(reading, rows[0]) if len(rows) > 1 else None
        meant = _wrong_quotes(word, table) or (_of_outer(word, outer) if outer else None)
        reading.problem(
            "unknown-name", node, message, meant or by_title(word, reading.report.titles) or did_you_mean(word, names)
        )


def _of_outer(word: str, outer: TableTypes) -> Text | None:
    """Inside an aggregate, a field of the record around it."""
    meant = f"this.{word}"
    return Text(f"外层记录的字段写成 {meant}", f"The outer record's field is {meant}") if word in outer.fields else None


def _wrong_quotes(word: str, table: TableTypes | None) -> Text | None:
    """`status == pending`: the name of a choice without its quotes."""
    fields = table.fields.values() if table else ()
    if any(word in (each.options or ()) for each in fields):
        return Text(f"文字要加引号：'{word}'", f"Put a text in quotes: '{word}'")
    if table is not None and word == table.name:
        return Text("自己的字段前面不用写表", "The record's own fields stand alone, without the table")
    return None


def _unknown_word(reading: Reading, node: ast.Name, word: str) -> None:
    scope = reading.scope
    here = {"old": scope.old, "user": scope.user is not None, "source": scope.source is not None}.get(word, False)
    if here:
        message = Text(f"{word} 后面要跟一个名称", f"{word} needs a name after it")
        reading.problem("not-a-value", node, message, Text(f"例如 {word}.name", f"For example {word}.name"))
    else:
        reading.problem("unknown-name", node, Text(f"这里没有 {word}", f"There is no {word} here"))


def read_path(reading: Reading, node: ast.Attribute, rows: Rows) -> Node | None:
    """`customer.level`, `this.phone`, `old.status`, `user.store`, `source.id`."""
    steps: list[ast.Attribute] = []
    base: ast.expr = node
    while isinstance(base, ast.Attribute):
        steps.append(base)
        base = base.value
    steps.reverse()
    if not isinstance(base, ast.Name):
        message = Text("点号只能跟在名称后面", "A dot can only follow a name")
        hint = Text("值没有属性；需要的话先做成公式字段", "Values have no attributes; make it a formula field first")
        reading.problem("no-attributes", node, message, hint)
        return None
    scope = reading.scope
    if base.id == "user" and scope.user is not None:
        return _fact(reading, steps, scope.user, UserFact)
    if base.id == "source" and scope.source is not None:
        return _fact(reading, steps, scope.source, SourceValue)
    if base.id == "this" and rows[0] is not None:
        return _follow(reading, 0, rows[0], steps)
    if base.id == "old" and scope.old and scope.table is not None:
        return _follow(reading, BEFORE, scope.table, steps)
    start = read_name(reading, base, rows)
    if start is None:
        return None
    if not isinstance(start, FieldOf):
        _not_a_link(reading, steps[0], base.id, start.type)
        return None
    return _onwards(reading, start, steps, base.id)


def _fact(
    reading: Reading, steps: list[ast.Attribute], names: Iterable[str], kind: type[UserFact] | type[SourceValue]
) -> Node | None:
    word = steps[0].attr
    known = dict(reading.scope.user or {}) if kind is UserFact else dict(reading.scope.source or {})
    owner = "user" if kind is UserFact else "source"
    if word not in known:
        message = Text(f"{owner} 没有 {short(word)}", f"{owner} has no {short(word)}")
        reading.problem("unknown-name", steps[0], message, did_you_mean(word, names))
        return None
    if len(steps) > 1:
        _not_a_link(reading, steps[1], f"{owner}.{word}", known[word])
        return None
    return kind(word, known[word])


def _follow(reading: Reading, row: int, table: str, steps: list[ast.Attribute]) -> Node | None:
    """From a record itself: the first step is its field."""
    first = _field(reading, steps[0], reading.scope.tables[table])
    if first is None:
        return None
    return _onwards(reading, FieldOf(row, table, (), steps[0].attr, first), steps[1:], steps[0].attr)


def _onwards(reading: Reading, start: FieldOf, steps: list[ast.Attribute], called: str) -> Node | None:
    """From a link field to fields of the record it points to, as often as there are dots."""
    current = start
    for step in steps:
        target = current.type.table if current.type.kind is TypeKind.RECORD else None
        if target is None or target not in reading.scope.tables:
            _not_a_link(reading, step, called, current.type)
            return None
        found = _field(reading, step, reading.scope.tables[target])
        if found is None:
            return None
        hops = (*current.hops, (current.table, current.name, target))
        current, called = FieldOf(current.row, target, hops, step.attr, found), step.attr
    return current


def _field(reading: Reading, step: ast.Attribute, table: TableTypes) -> Type | None:
    word = step.attr
    if word in table.fields:
        return table.fields[word]
    if word in table.children:
        message = Text(f"{word} 是一组子记录，不是一个值", f"{word} is a list of records, not a value")
        reading.problem("not-a-value", step, message, Text("改用聚合函数", "Use an aggregate"))
    else:
        message = Text(f"{table.name} 没有 {short(word)}", f"{table.name} has no {short(word)}")
        reading.problem("unknown-name", step, message, did_you_mean(word, table.fields))
    return None


def _not_a_link(reading: Reading, step: ast.Attribute, called: str, given: Type) -> None:
    kind = describe(given)
    message = Text(f"{called} 是{kind.zh}，不能用点号", f"{called} is {kind.en}; no dot can follow it")
    reading.problem("no-attributes", step, message, Text("只有关联字段后面能跟点号", "Only a link field can be followed"))


def _table(reading: Reading, name: str | None) -> TableTypes | None:
    return reading.scope.tables.get(name) if name is not None else None
