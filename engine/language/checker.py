"""Syntax tree → typed tree: sends each part to names, operators or calls, and says what is not part of the language."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.language.calls import read_call
from engine.language.names import read_name, read_path
from engine.language.numbers import SAFE_DIGITS, SCALE_OF_DIVISION
from engine.language.operators import read_arithmetic, read_choice, read_compare, read_logic, read_unary
from engine.language.reading import Part, Rows
from engine.language.report import Report
from engine.language.syntax import Source
from engine.model.text import Text
from engine.model.tree import Constant, Node
from engine.model.types import BOOLEAN, EMPTY, TEXT, Scope, Type, TypeKind

_THOUSANDS = re.compile(r"\b\d{1,3}(?:,\d{3})+\b")
_LISTS = Text("列表只能跟在 in 后面", "A list can only follow `in`")
_OUT: Mapping[type[ast.expr], tuple[str, Text | None]] = {
    ast.Subscript: ("no-subscripts", None),
    ast.Lambda: ("no-lambda", None),
    ast.JoinedStr: ("no-f-string", None),
    ast.ListComp: ("no-comprehension", None),
    ast.SetComp: ("no-comprehension", None),
    ast.DictComp: ("no-comprehension", None),
    ast.GeneratorExp: ("no-comprehension", None),
    ast.List: ("not-a-value", _LISTS),
    ast.Tuple: ("not-a-value", Text("这里多了一个逗号", "There is a comma too many")),
    ast.Set: ("not-a-value", _LISTS),
    ast.NamedExpr: ("assignment", Text("不能赋值", "No assignment")),
}


@dataclass(slots=True)
class Checker:
    """Reads one expression. `parts`: what its pieces were read as, in the order in which they were done."""

    scope: Scope
    source: Source
    report: Report
    parts: list[Part] = field(default_factory=list)

    def problem(self, code: str, node: ast.AST, message: Text | None = None, hint: Text | None = None) -> None:
        """Report it at the node's place."""
        self.report.add(code, self.source.offset(node), message, hint)

    def read(self, node: ast.expr, rows: Rows) -> Node | None:
        """One part; the depth limit has been checked before."""
        found = self._read(node, rows)
        if found is not None:
            self.parts.append(Part(node, found, rows))
        return found

    def _read(self, node: ast.expr, rows: Rows) -> Node | None:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return read_name(self, node, rows)
            case ast.Attribute():
                return read_path(self, node, rows)
            case ast.BoolOp():
                return read_logic(self, node, rows)
            case ast.UnaryOp():
                return read_unary(self, node, rows)
            case ast.Compare():
                return read_compare(self, node, rows)
            case ast.BinOp():
                return read_arithmetic(self, node, rows)
            case ast.IfExp():
                return read_choice(self, node, rows)
            case ast.Call():
                return read_call(self, node, rows)
        code, message = _OUT.get(type(node), ("no-such-syntax", None))
        thousands = _THOUSANDS.search(self.source.of(node)) if isinstance(node, ast.Tuple) else None
        if thousands is None:
            self.problem(code, node, message)
        else:
            hint = Text("数字里不写逗号：{a}", "No commas inside a number: {a}").fill(a=thousands[0].replace(",", ""))
            self.report.add(code, self.source.offset(node) + thousands.start(), message, hint)
        return None

    def _constant(self, node: ast.Constant) -> Constant | None:
        value = node.value
        if value is None:
            return Constant(None, EMPTY)
        if isinstance(value, bool):
            return Constant(value, BOOLEAN)
        if isinstance(value, str):
            return self._text(node, value)
        if isinstance(value, int | float):
            return self._number(node)
        self.problem("no-such-syntax", node)
        return None

    def _text(self, node: ast.Constant, value: str) -> Constant | None:
        if any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF for char in value):
            self.problem(
                "look-alike", node, Text("文字里有控制字符", "A text with a control character"), Text("删掉它", "Remove it")
            )
            return None
        return Constant(value, Type(TypeKind.TEXT, options=(value,))) if value else Constant(None, TEXT)

    def _number(self, node: ast.Constant) -> Constant | None:
        value = _plain_number(self.source.of(node))
        if value is None:
            self.problem("number", node)
            return None
        scale = -int(value.as_tuple().exponent) if isinstance(value, Decimal) else 0
        if len(str(value).replace(".", "")) > SAFE_DIGITS or scale > SCALE_OF_DIVISION:
            message = Text(
                f"数字最多 {SAFE_DIGITS} 位，小数最多 {SCALE_OF_DIVISION} 位",
                f"At most {SAFE_DIGITS} digits, {SCALE_OF_DIVISION} of them after the point",
            )
            self.problem("too-many-digits", node, message)
            return None
        return Constant(value, Type(TypeKind.NUMBER, scale))


def _plain_number(written: str) -> Decimal | int | None:
    """A number as written, exactly; None unless plain decimal notation."""
    plain = written.replace("_", "")
    if not plain.replace(".", "", 1).isdecimal() or not plain.isascii():
        return None
    return Decimal(plain) if "." in plain else int(plain)
