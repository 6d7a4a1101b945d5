"""The reference: scalar expressions evaluated by simpleeval, locked down. The oracle in tests, and for one-off trials.

Our typed tree is turned into the few syntax nodes that it needs; attributes, subscripts, powers and everything else cannot
be said. Numbers are exact fractions here, so that this shares no arithmetic with the back ends it judges. It is slow on
purpose and must not run published programs."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from simpleeval import SimpleEval

from engine.language.env import Env, Record
from engine.language.functions import FUNCTIONS
from engine.model.tree import (
    Arithmetic,
    Call,
    Compare,
    Constant,
    Expression,
    Extra,
    FieldOf,
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

_LARGEST = 2**63 - 1
_PLACES = 6
_LONGEST = timedelta(days=36_500_000)
_COMPARE: Mapping[str, ast.cmpop] = MappingProxyType(
    {"==": ast.Eq(), "!=": ast.NotEq(), "<": ast.Lt(), "<=": ast.LtE(), ">": ast.Gt(), ">=": ast.GtE()}
)
_ARITHMETIC: Mapping[str, ast.operator] = MappingProxyType({"+": ast.Add(), "-": ast.Sub(), "*": ast.Mult()})
_ALLOWED = (ast.Name, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Constant)


class NotScalar(Exception):
    """The expression follows links or aggregates; the reference takes scalars only."""


def evaluate(expression: Expression | Node, record: Record, env: Env) -> Any:
    """The value for one record; what generated Python and SQL must answer too. Raises NotScalar."""
    node = expression.node if isinstance(expression, Expression) else expression
    names: dict[str, Any] = {}
    tree = _Tree(record, env, names).write(node)
    functions: dict[str, Callable[..., Any]] = {
        **{name: each.run for name, each in FUNCTIONS.items()},
        "flagged": lambda name: name in (record.get("flags") or ()),
        "fit": _fit,
        "ratio": _ratio,
        "truth": lambda value: value is True,
        "plain": _plain,
        "exact": _exact,
        "within": _within,
    }
    evaluator = SimpleEval(operators=dict(_OPERATORS), functions=functions, names=names)
    evaluator.nodes = {kind: handler for kind, handler in evaluator.nodes.items() if kind in _ALLOWED}
    found = evaluator.eval("", previously_parsed=tree)
    return _plain(found, node.type.scale) if node.type.kind is TypeKind.NUMBER else found


class _Tree:
    """Writes the syntax nodes; values of fields become names."""

    def __init__(self, record: Record, env: Env, names: dict[str, Any]) -> None:
        self.record = record
        self.env = env
        self.names = names

    def write(self, node: Node) -> ast.expr:
        """One part."""
        match node:
            case Not(operand=operand):
                return ast.UnaryOp(ast.Not(), self._truth(operand))
            case Logic(operator=sign, operands=operands):
                joined = ast.BoolOp(ast.And() if sign == "and" else ast.Or(), [self._truth(each) for each in operands])
                return _call("truth", joined)
            case Compare(operator=sign):
                return ast.Compare(self.write(node.left), [_COMPARE[sign]], [self.write(node.right)])
            case In(right=right):
                among = self._name(tuple(each.value for each in right)) if isinstance(right, tuple) else self.write(right)
                return ast.Compare(self.write(node.left), [ast.In()], [among])
            case Arithmetic():
                return self._arithmetic(node)
            case Negative(operand=operand):
                return ast.UnaryOp(ast.USub(), self.write(operand))
            case IfElse():
                return ast.IfExp(self._truth(node.test), self._branch(node, node.then), self._branch(node, node.otherwise))
            case Call():
                return self._function(node)
            case _:
                return self._name(self._leaf(node))

    def _branch(self, whole: Node, part: Node) -> ast.expr:
        written = self.write(part)
        return _call("fit", written, ast.Constant(whole.type.scale)) if whole.type.kind is TypeKind.NUMBER else written

    def _truth(self, node: Node) -> ast.expr:
        return _call("truth", self.write(node))

    def _leaf(self, node: Node) -> Any:
        value: Any
        match node:
            case Constant(value=constant):
                value = constant
            case FieldOf(row=0, hops=(), name=name):
                value = self.record[name] if name in self.record else self.env.computed(node.table, name, self.record)
            case FieldOf(row=-1, hops=(), name=name):
                value = (self.env.old or {}).get(name)
            case This(row=0):
                value = self.record["id"]
            case UserFact(name=name):
                value = self.env.user.get(name)
            case SourceValue(name=name):
                value = self.env.source.get(name)
            case Extra(name=name):
                value = self.env.extra.get(name)
            case _:
                raise NotScalar(type(node).__name__)
        value = None if value == "" else value
        if node.type.kind is TypeKind.LIST:
            value = tuple(sorted(set(value))) if value else None
        return _exact(value) if node.type.kind is TypeKind.NUMBER else value

    def _name(self, value: Any) -> ast.expr:
        name = f"v{len(self.names)}"
        self.names[name] = value
        return ast.Name(name, ast.Load())

    def _arithmetic(self, node: Arithmetic) -> ast.expr:
        left, right = self.write(node.left), self.write(node.right)
        scales = node.left.type.scale, node.right.type.scale
        if node.type.kind is not TypeKind.NUMBER:
            return _call("within", ast.BinOp(left, _ARITHMETIC[node.operator], right))
        if node.operator == "/":
            return _call("ratio", left, right, *(ast.Constant(each) for each in scales))
        scale = ast.Constant(node.type.scale)
        if node.operator in "+-":
            left, right = _call("fit", left, scale), _call("fit", right, scale)
        return _call("fit", ast.BinOp(left, _ARITHMETIC[node.operator], right), scale)

    def _function(self, node: Call) -> ast.expr:
        if node.function == "flagged":
            return _call("flagged", self.write(node.arguments[0]))
        arguments = [
            _call("plain", self.write(each), ast.Constant(each.type.scale))
            if each.type.kind is TypeKind.NUMBER
            else self.write(each)
            for each in node.arguments
        ]
        if node.function == "first_of":
            arguments = [self._branch(node, each) for each in node.arguments]
        environment = [self._name(self.env)] if FUNCTIONS[node.function].wants_env else []
        called = _call(node.function, *environment, *arguments)
        return _call("exact", called) if node.type.kind is TypeKind.NUMBER else called


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _exact(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _plain(value: Fraction | None, scale: int) -> int | Decimal | None:
    if value is None:
        return None
    units = value * 10**scale
    whole = units.numerator // units.denominator
    return whole if scale == 0 else Decimal(f"{whole}e-{scale}")


def _fit(value: Fraction | None, scale: int) -> Fraction | None:
    return value if value is not None and abs(value * 10**scale) <= _LARGEST else None


def _ratio(left: Fraction | None, right: Fraction | None, left_scale: int, right_scale: int) -> Fraction | None:
    if left is None or right is None or right == 0:
        return None
    shift = _PLACES + right_scale - left_scale
    above = left * 10**left_scale * 10 ** max(shift, 0)
    below = right * 10**right_scale * 10 ** max(-shift, 0)
    # What the database must hold while it rounds: twice the dividend, that and the divisor, twice the divisor.
    if max(2 * abs(above) + abs(below), 2 * abs(below)) > _LARGEST:
        return None
    ratio = abs(above / below) + Fraction(1, 2)
    rounded = ratio.numerator // ratio.denominator
    return Fraction(rounded if above * below > 0 else -rounded, 10**_PLACES)


def _within(value: Any) -> Any:
    return None if isinstance(value, timedelta) and abs(value) > _LONGEST else value


def _both(apply: Callable[[Any, Any], Any], missing: Any) -> Callable[[Any, Any], Any]:
    """Empty-safe: an operand that is not there decides the answer."""

    def applied(left: Any, right: Any) -> Any:
        if left is None or right is None:
            return missing
        sides = [each.astimezone(UTC) if isinstance(each, datetime) else each for each in (left, right)]
        try:
            return apply(sides[0], sides[1])
        except OverflowError:
            return None

    return applied


_OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = MappingProxyType(
    {
        ast.Add: _both(operator.add, None),
        ast.Sub: _both(operator.sub, None),
        ast.Mult: _both(operator.mul, None),
        ast.USub: lambda value: None if value is None else -value,
        ast.Not: operator.not_,
        ast.Eq: operator.eq,
        ast.NotEq: operator.ne,
        ast.Lt: _both(operator.lt, False),
        ast.LtE: _both(operator.le, False),
        ast.Gt: _both(operator.gt, False),
        ast.GtE: _both(operator.ge, False),
        ast.In: _both(lambda left, right: left in right, False),
    }
)
