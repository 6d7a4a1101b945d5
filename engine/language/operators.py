"""Operators: what may stand on both sides, and the type of the result. Nothing but a BOOLEAN counts as a condition."""

from __future__ import annotations

import ast

from engine.language.hints import arithmetic_hint, mixed_hint
from engine.language.numbers import MOST_SCALE, SCALE_OF_DIVISION
from engine.language.reading import Reading, Rows
from engine.language.report import options_hint, short
from engine.language.rules import ORDERED, comparable, describe, unify
from engine.model.text import Text
from engine.model.tree import Arithmetic, Compare, Constant, IfElse, In, Logic, Negative, Node, Not
from engine.model.types import BOOLEAN, DATETIME, DURATION, INTEGER, Type, TypeKind

_COMPARE = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_FOREIGN = {
    ast.Pow: ("**", Text("乘方", "power"), Text("写成连乘", "Multiply instead")),
    ast.Mod: ("%", Text("取余", "remainder"), Text("用除法和比较代替", "Use / and a comparison")),
    ast.FloorDiv: (
        "//",
        Text("整除", "whole division"),
        Text("用 /；要整数用 round(a / b, 0)", "Use /; for a whole number round(a / b, 0)"),
    ),
}
_BITS = Text("条件之间用 and、or、not", "Between conditions use and, or, not")


def condition(reading: Reading, node: ast.expr, rows: Rows) -> Node | None:
    """A part that must be a condition."""
    found = reading.read(node, rows)
    if found is None or found.type.kind is TypeKind.BOOLEAN:
        return found
    kind = describe(found.type)
    written = short(reading.source.of(node))
    message = Text(f"这里要条件，{written} 是{kind.zh}", f"A condition is needed here; {written} is {kind.en}")
    hint = Text(f"例如 not empty({written})", f"For example not empty({written})")
    reading.problem("not-a-condition", node, message, hint)
    return None


def read_logic(reading: Reading, node: ast.BoolOp, rows: Rows) -> Node | None:
    """`and`, `or`."""
    operands = [condition(reading, each, rows) for each in node.values]
    whole = tuple(each for each in operands if each is not None)
    if len(whole) < len(operands):
        return None
    return Logic("and" if isinstance(node.op, ast.And) else "or", whole, BOOLEAN)


def read_unary(reading: Reading, node: ast.UnaryOp, rows: Rows) -> Node | None:
    """`not x`, `-x`."""
    if isinstance(node.op, ast.Not):
        operand = condition(reading, node.operand, rows)
        return None if operand is None else Not(operand, BOOLEAN)
    if not isinstance(node.op, ast.USub):
        sign = "~" if isinstance(node.op, ast.Invert) else "+"
        hint = _BITS if sign == "~" else Text("去掉它", "Leave it out")
        reading.problem("operator", node, Text(f"没有 {sign} 运算", f"There is no operator {sign} here"), hint)
        return None
    number = reading.read(node.operand, rows)
    if number is None:
        return None
    if number.type.kind not in (TypeKind.NUMBER, TypeKind.EMPTY):
        kind = describe(number.type)
        reading.problem("mixed-types", node, Text(f"{kind.zh}前面不能加负号", f"There is no minus of {kind.en}"))
        return None
    if isinstance(number, Constant):
        return Constant(None if number.value is None else -number.value, number.type)
    return Negative(number, number.type)


def read_compare(reading: Reading, node: ast.Compare, rows: Rows) -> Node | None:
    """`a < b`, chained `a < b < c`, `in`, `not in`."""
    parts: list[Node | None] = []
    left = reading.read(node.left, rows)
    for operator, right_side in zip(node.ops, node.comparators, strict=True):
        written = node.left if not parts else node.comparators[len(parts) - 1]
        if isinstance(operator, ast.In | ast.NotIn):
            parts.append(_in(reading, operator, left, right_side, rows))
            left = None if len(node.ops) > 1 else left
            if len(node.ops) > 1:
                reading.problem(
                    "operator", node, Text("in 不能连写", "`in` cannot be chained"), Text("用 and 连接", "Join with and")
                )
        elif isinstance(operator, ast.Is | ast.IsNot):
            meant = "==" if isinstance(operator, ast.Is) else "!="
            reading.problem("operator", written, Text("没有 is", "There is no `is`"), Text(f"写成 {meant}", f"Use {meant}"))
            return None
        else:
            right = reading.read(right_side, rows)
            parts.append(_compare(reading, node, _COMPARE[type(operator)], left, right))
            left = right
    whole = tuple(each for each in parts if each is not None)
    if len(whole) < len(parts):
        return None
    return whole[0] if len(whole) == 1 else Logic("and", whole, BOOLEAN)


def _compare(reading: Reading, node: ast.Compare, operator: str, left: Node | None, right: Node | None) -> Node | None:
    if left is None or right is None:
        return None
    kinds = describe(left.type), describe(right.type)
    if not comparable(left.type, right.type):
        message = Text(
            f"{kinds[0].zh}不能和{kinds[1].zh}比较", f"{_capital(kinds[0].en)} cannot be compared with {kinds[1].en}"
        )
        reading.problem("mixed-types", node, message, mixed_hint(left, right))
        return None
    if operator not in ("==", "!="):
        unordered = next((each.type for each in (left, right) if each.type.kind not in ORDERED), None)
        if unordered is not None:
            kind = describe(unordered)
            message = Text(f"{kind.zh}没有大小先后", f"There is no order for {kind.en}")
            reading.problem("mixed-types", node, message, Text("用 == 或 !=", "Use == or !="))
            return None
    if _is_blank(left) or _is_blank(right):
        reading.problem("blank", node)
        return None
    fine = _option(reading, node, left, right.type) and _option(reading, node, right, left.type)
    return Compare(operator, left, right, BOOLEAN) if fine else None


def _is_blank(node: Node) -> bool:
    return isinstance(node, Constant) and node.value is None and node.type.kind is TypeKind.TEXT


def _option(reading: Reading, node: ast.AST, constant: Node, other: Type) -> bool:
    """A constant compared with a choice must be one of its options."""
    if not isinstance(constant, Constant) or other.options is None:
        return True
    if constant.value is None or constant.value in other.options:
        return True
    written = short(str(constant.value))
    message = Text(f"没有选项 '{written}'", f"There is no option '{written}'")
    reading.problem("unknown-option", node, message, options_hint(str(constant.value), other.options, reading.report.titles))
    return False


def _in(reading: Reading, operator: ast.cmpop, left: Node | None, right: ast.expr, rows: Rows) -> Node | None:
    if isinstance(right, ast.List | ast.Tuple | ast.Set):
        found = _in_constants(reading, left, right, rows)
    else:
        found = _in_value(reading, left, right, rows)
    return Not(found, BOOLEAN) if found is not None and isinstance(operator, ast.NotIn) else found


def _in_constants(reading: Reading, left: Node | None, right: ast.List | ast.Tuple | ast.Set, rows: Rows) -> In | None:
    constants: list[Constant] = []
    good = left is not None
    for each in right.elts:
        node = reading.read(each, rows)
        if node is None or left is None:
            good = False
        elif not isinstance(node, Constant):
            reading.problem("not-a-constant", each)
            good = False
        elif node.value is None:
            reading.problem("blank", each, Text("列表里不能有空", "The list cannot hold empty"))
            good = False
        elif not comparable(left.type, node.type):
            zh, en = describe(left.type).zh, describe(left.type).en
            reading.problem("mixed-types", each, Text(f"列表里要{zh}", f"The list needs {en}"), mixed_hint(left, node))
            good = False
        else:
            good = _option(reading, each, node, left.type) and good
            constants.append(node)
    if not right.elts:
        reading.problem("not-a-value", right, Text("列表是空的", "The list is empty"))
    return In(left, tuple(constants), BOOLEAN) if good and left is not None and right.elts else None


def _in_value(reading: Reading, left: Node | None, right: ast.expr, rows: Rows) -> In | None:
    found = reading.read(right, rows)
    if left is None or found is None:
        return None
    element = found.type.element if found.type.kind is TypeKind.LIST else None
    if found.type.kind is TypeKind.LIST and (element is None or comparable(left.type, element)):
        fine = element is None or _option(reading, right, left, element)
        return In(left, found, BOOLEAN) if fine else None
    if found.type.kind is TypeKind.TEXT and left.type.kind in (TypeKind.TEXT, TypeKind.EMPTY):
        return In(left, found, BOOLEAN)
    kind = describe(found.type)
    message = Text(f"in 后面要列表或文本，不是{kind.zh}", f"`in` needs a list or a text after it, not {kind.en}")
    reading.problem("mixed-types", right, message, Text("例如 x in ['a', 'b']", "For example x in ['a', 'b']"))
    return None


def read_arithmetic(reading: Reading, node: ast.BinOp, rows: Rows) -> Node | None:
    """`+ - * /` on numbers; + and - on times and durations."""
    if type(node.op) in _FOREIGN:
        sign, called, hint = _FOREIGN[type(node.op)]
        message = Text(f"不能用{called.zh}（{sign}）", f"There is no {called.en} here ({sign})")
        reading.problem("operator", node, message, hint)
        return None
    if type(node.op) not in _ARITHMETIC:
        reading.problem("operator", node, Text("不能用位运算", "There are no bit operators here"), _BITS)
        return None
    operator = _ARITHMETIC[type(node.op)]
    left, right = reading.read(node.left, rows), reading.read(node.right, rows)
    if left is None or right is None:
        return None
    result = _result(operator, left.type, right.type)
    if result is None:
        kinds = describe(left.type), describe(right.type)
        message = Text(
            f"{kinds[0].zh}和{kinds[1].zh}之间不能用 {operator}",
            f"{operator} does not go between {kinds[0].en} and {kinds[1].en}",
        )
        reading.problem("mixed-types", node, message, arithmetic_hint(left.type, right.type))
        return None
    if result.scale > MOST_SCALE:
        message = Text(
            f"结果会有 {result.scale} 位小数，放不下", f"The result would have {result.scale} decimal places, too many to hold"
        )
        reading.problem("too-many-digits", node, message, Text("少乘几次", "Multiply less"))
        return None
    return Arithmetic(operator, left, right, result)


def _result(operator: str, left: Type, right: Type) -> Type | None:
    one, two = left.kind, right.kind
    if TypeKind.EMPTY in (one, two):
        other = right if one is TypeKind.EMPTY else left
        return INTEGER if other.kind in (TypeKind.NUMBER, TypeKind.EMPTY) else None
    if one is TypeKind.NUMBER and two is TypeKind.NUMBER:
        scales = {"*": left.scale + right.scale, "/": SCALE_OF_DIVISION}
        return Type(TypeKind.NUMBER, scales.get(operator, max(left.scale, right.scale)))
    if operator not in ("+", "-"):
        return None
    if one is TypeKind.DURATION and two is TypeKind.DURATION:
        return DURATION
    if one is TypeKind.DATETIME and two is TypeKind.DURATION:
        return DATETIME
    if operator == "+" and one is TypeKind.DURATION and two is TypeKind.DATETIME:
        return DATETIME
    return DURATION if operator == "-" and one is TypeKind.DATETIME and two is TypeKind.DATETIME else None


def read_choice(reading: Reading, node: ast.IfExp, rows: Rows) -> Node | None:
    """`x if c else y`."""
    test = condition(reading, node.test, rows)
    then, otherwise = reading.read(node.body, rows), reading.read(node.orelse, rows)
    if test is None or then is None or otherwise is None:
        return None
    common = unify(then.type, otherwise.type)
    if common is None:
        kinds = describe(then.type), describe(otherwise.type)
        message = Text(f"一边是{kinds[0].zh}，一边是{kinds[1].zh}", f"One side is {kinds[0].en}, the other {kinds[1].en}")
        reading.problem("mixed-types", node, message, Text("两边类型要相同", "Both sides need the same type"))
        return None
    return IfElse(test, then, otherwise, common)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
