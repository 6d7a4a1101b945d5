"""Writes the source of generated Python, part by part. Every expression it returns is an atom or stands in brackets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.language.functions import FUNCTIONS
from engine.language.numbers import outgrows, safe
from engine.model.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Compare,
    Constant,
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
from engine.model.types import TypeKind

_CHECKED = {"+": "_add", "-": "_subtract", "*": "_multiply"}


@dataclass(slots=True)
class Writer:
    """`bind` gives a value a name. `strict`: fields are read as `r0['name']` and a missing one raises KeyError; else the
    Env is asked. `last` numbers the temporaries."""

    bind: Callable[[Any], str]
    strict: bool
    last: int = 0

    def record(self, row: int) -> str:
        """The record of a row depth."""
        return f"r{row}"

    def temporary(self) -> str:
        """A fresh name."""
        self.last += 1
        return f"t{self.last}"

    def condition(self, node: Node) -> str:
        """Source that is True or False."""
        match node:
            case Constant(value=value):
                return "True" if value is True else "False"
            case Not(operand=operand):
                return f"(not {self.condition(operand)})"
            case Logic(operator=operator, operands=operands):
                return "(" + f" {operator} ".join(self.condition(each) for each in operands) + ")"
            case Compare():
                return self._compare(node)
            case In():
                return self._in(node)
            case IfElse():
                then, otherwise = self.condition(node.then), self.condition(node.otherwise)
                return f"({then} if {self.condition(node.test)} else {otherwise})"
            case Aggregate() if node.link is not None:
                return self._aggregate(node)
            case Call(function=called) if called != "first_of":
                return self._call(node)
            case _:
                return f"({self.value(node)} is True)"

    def value(self, node: Node) -> str:
        """Source of the value; None when empty."""
        match node:
            case Constant():
                return self._constant(node.value)
            case FieldOf():
                return self._field(node)
            case This(row=row):
                return f"r{row}['id']" if self.strict else f"r{row}.get('id')"
            case UserFact(name=name):
                return f"env.user.get({name!r})"
            case SourceValue(name=name):
                return f"env.source.get({name!r})"
            case Extra(name=name):
                return f"env.extra.get({name!r})"
            case Arithmetic():
                return self._arithmetic(node)
            case Negative(operand=operand):
                return f"_negate({self.value(operand)})"
            case IfElse():
                return (
                    f"({self.branch(node, node.then)} if {self.condition(node.test)} else {self.branch(node, node.otherwise)})"
                )
            case Call():
                return self._call(node)
            case Aggregate() if node.link is not None:
                return self._aggregate(node)
            case Aggregate() | Find():
                return f"_query(env, {self.bind(node)}, ({''.join(f'r{each}, ' for each in range(node.row))}))"
            case _:
                return self.condition(node)

    def branch(self, whole: Node, part: Node) -> str:
        """Source of one of the values that the whole may take."""
        source = self.value(part)
        if whole.type.kind is TypeKind.NUMBER and outgrows(part, whole.type.scale):
            return f"_held({source}, {whole.type.scale})"
        return source

    def _constant(self, value: Any) -> str:
        return repr(value) if value is None or isinstance(value, bool | int) else self.bind(value)

    def _field(self, node: FieldOf) -> str:
        table, name = (node.hops[0][0], node.hops[0][1]) if node.hops else (node.table, node.name)
        record = "env.old" if node.row < 0 else f"r{node.row}"
        source = f"{record}[{name!r}]"
        if node.row < 0 or not self.strict:
            source = f"_field(env, {table!r}, {name!r}, {record})"
        if not node.hops:
            return source
        between = tuple((hop[2], following[1]) for hop, following in zip(node.hops, node.hops[1:], strict=False))
        return f"_follow(env, {source}, {between!r}, {node.table!r}, {node.name!r})"

    def _present(self, node: Node) -> tuple[str, str]:
        """(a test that the value is there, assigning it; how to use it afterwards). The test is '' if it always is."""
        if isinstance(node, Constant) and node.value is not None:
            return "", self._constant(node.value)
        name = self.temporary()
        source = self.value(node)
        if node.type.kind is TypeKind.TEXT:
            source = f"({source} or None)"
        return f"({name} := {source}) is not None", name

    def _compare(self, node: Compare) -> str:
        if node.operator in ("==", "!="):
            return self._equal(node)
        (left_test, left), (right_test, right) = self._present(node.left), self._present(node.right)
        tests = [each for each in (left_test, right_test) if each]
        return "(" + " and ".join([*tests, f"{left} {node.operator} {right}"]) + ")"

    def _equal(self, node: Compare) -> str:
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, Constant) and one.value is None:
                if isinstance(other, Constant):
                    return str((other.value is None) is (node.operator == "=="))
                test = f"({self.value(other)} is None)"
                if other.type.kind in (TypeKind.TEXT, TypeKind.LIST):
                    test = f"(not {self.value(other)})"
                return test if node.operator == "==" else f"(not {test})"
        sides = [self.value(node.left), self.value(node.right)]
        if node.left.type.kind is TypeKind.LIST:
            return f"(frozenset({sides[0]} or ()) {node.operator} frozenset({sides[1]} or ()))"
        if (
            node.left.type.kind is TypeKind.TEXT
            and not isinstance(node.left, Constant)
            and not isinstance(node.right, Constant)
        ):
            sides = [f"({each} or None)" for each in sides]
        return f"({sides[0]} {node.operator} {sides[1]})"

    def _in(self, node: In) -> str:
        if isinstance(node.right, tuple):
            wanted = frozenset(each.value for each in node.right)
            return f"({self.value(node.left)} in {self.bind(wanted)})"
        left_test, left = self._present(node.left)
        if node.right.type.kind is TypeKind.LIST:
            tests = [left_test] if left_test else []
            return "(" + " and ".join([*tests, f"{left} in ({self.value(node.right)} or ())"]) + ")"
        right_test, right = self._present(node.right)
        tests = [each for each in (left_test, right_test) if each]
        return "(" + " and ".join([*tests, f"{left} in {right}"]) + ")"

    def _arithmetic(self, node: Arithmetic) -> str:
        kind, sign = node.type.kind, "1" if node.operator == "+" else "-1"
        left, right = node.left, node.right
        if kind is TypeKind.DATETIME:
            moment, by = (left, right) if left.type.kind is TypeKind.DATETIME else (right, left)
            return f"_shift({self.value(moment)}, {self.value(by)}, {sign})"
        if kind is TypeKind.DURATION and left.type.kind is TypeKind.DATETIME:
            return f"_between({self.value(left)}, {self.value(right)})"
        if kind is TypeKind.DURATION:
            return f"_add_span({self.value(left)}, {self.value(right)}, {sign})"
        if node.operator == "/":
            return f"_divide({self.value(left)}, {self.value(right)}, {left.type.scale}, {right.type.scale})"
        if not safe(node):
            return f"{_CHECKED[node.operator]}({self.value(left)}, {self.value(right)}, {node.type.scale})"
        (left_test, one), (right_test, two) = self._present(left), self._present(right)
        tests = [each for each in (left_test, right_test) if each]
        sum_of = f"{one} {node.operator} {two}"
        return f"({sum_of} if {' and '.join(tests)} else None)" if tests else f"({sum_of})"

    def _call(self, node: Call) -> str:
        function = FUNCTIONS[node.function]
        if function.write is not None:
            return function.write(self, node)
        arguments = [self.value(each) for each in node.arguments]
        return f"{self.bind(function.run)}({', '.join((['env'] if function.wants_env else []) + arguments)})"

    def _aggregate(self, node: Aggregate) -> str:
        loop = f"for r{node.row} in _children(env, {node.table!r}, {node.link!r}, r{node.owner})"
        body = node.body
        if body is None:
            return f"sum(1 {loop})"
        if node.function in ("any", "all"):
            return f"{node.function}({self.condition(body)} {loop})"
        if node.function == "count":
            return f"sum(1 {loop} if {self.condition(body)})"
        values = f"({self.value(body)} {loop})"
        if node.function == "sum":
            return f"_span_total{values}" if node.type.kind is TypeKind.DURATION else f"_total({values}, {node.type.scale})"
        return f"_least{values}" if node.function == "min" else f"_greatest{values}"
