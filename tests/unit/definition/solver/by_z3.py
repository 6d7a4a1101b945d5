"""Conditions for z3, from the tree and from the definition alone: nothing of the solver under test is used.

Records are whole numbers, fields are functions of them, so that two links to one record lead to the same values by themselves.
Numbers are reals of whole units, texts are z3's own strings, times are whole microseconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import z3

from engine.language.regions import PROVINCES, names_in
from engine.model.app import App
from engine.model.tree import (
    Arithmetic,
    Call,
    Compare,
    Constant,
    FieldOf,
    IfElse,
    In,
    Logic,
    Negative,
    Node,
    Not,
    This,
    UserFact,
)
from engine.model.types import Type, TypeKind

_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_DAYS = (1, date.max.toordinal())
_TEXT = z3.Plus(z3.Range(" ", "\U0002ffff"))
_ORDERED: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: b < a,
    ">=": lambda a, b: b <= a,
}


@dataclass(frozen=True)
class Term:
    """A value and whether it is empty."""

    empty: Any
    value: Any


@dataclass(frozen=True)
class Row:
    """A record: is it there, which one, and is it the before image?"""

    there: Any
    id: Any
    before: bool = False


class Encoder:
    """One condition on records of one table; `facts` gathers what the definition says of the values that are asked for."""

    def __init__(self, app: App, table: str) -> None:
        self.app, self.table = app, table
        self.facts: list[Any] = []
        self.this = z3.Int("this")
        self.old = z3.Bool("old is there")
        self.now = z3.Int("now")
        self.facts += [self.now >= 0, self.now <= (_LAST - _FIRST) // _MICRO]

    # --- values

    def term(self, node: Node, row: Row) -> Term:
        match node:
            case Constant(value=value):
                return Term(z3.BoolVal(value is None), self._constant(value, node.type))
            case FieldOf():
                return self._path(node, row)
            case This():
                return Term(z3.BoolVal(False), row.id)
            case UserFact(name=name):
                return self._fresh(f"user {name}", node.type)
            case Negative(operand=operand):
                found = self.term(operand, row)
                return Term(found.empty, -found.value)
            case Arithmetic():
                return self._arithmetic(node, row)
            case IfElse():
                test, one, two = self.condition(node.test, row), self.term(node.then, row), self.term(node.otherwise, row)
                if one.value is None or two.value is None:
                    value = two.value if one.value is None else one.value
                else:
                    value = z3.If(test, one.value, two.value)
                return Term(z3.If(test, one.empty, two.empty), value)
            case Call(function="first_of"):
                *front, last = [self.term(each, row) for each in node.arguments]
                for each in reversed(front):
                    last = Term(z3.And(each.empty, last.empty), z3.If(each.empty, last.value, each.value))
                return last
            case Call(function="now"):
                return Term(z3.BoolVal(False), self.now)
            case Call(function="add_days"):
                day, count = (self.term(each, row) for each in node.arguments)
                moved = day.value + z3.ToInt(count.value)
                inside = z3.And(moved >= _DAYS[0], moved <= _DAYS[1])
                return Term(z3.Or(day.empty, count.empty, z3.Not(inside)), moved)
            case Call(function="days_between"):
                one, two = (self.term(each, row) for each in node.arguments)
                return Term(z3.Or(one.empty, two.empty), z3.ToReal(two.value - one.value))
        return Term(z3.BoolVal(False), self.condition(node, row))

    def _constant(self, value: Any, given: Type) -> Any:
        match value:
            case None:
                return None
            case bool():
                return z3.BoolVal(value)
            case str():
                return z3.StringVal(value)
            case datetime():
                return z3.IntVal((value - _FIRST) // _MICRO)
            case date():
                return z3.IntVal(value.toordinal())
            case timedelta():
                return z3.IntVal(value // _MICRO)
            case time():
                raise NotImplementedError
        return z3.RealVal(str(value))

    def _fresh(self, name: str, given: Type, key: Any = None) -> Term:
        """A value that may be anything of its type; with `key`, a function of a record."""
        sorts = {
            TypeKind.TEXT: z3.StringSort(),
            TypeKind.BOOLEAN: z3.BoolSort(),
            TypeKind.LIST: z3.ArraySort(z3.StringSort(), z3.BoolSort()),
        }
        sort = sorts.get(given.kind, z3.IntSort())
        if key is None:
            empty, value = z3.Bool(f"{name} empty"), z3.Const(name, sort)
        else:
            empty = z3.Function(f"{name} empty", z3.IntSort(), z3.BoolSort())(key)
            value = z3.Function(name, z3.IntSort(), sort)(key)
        if given.options is not None:
            self.facts.append(z3.Or(empty, *(value == z3.StringVal(each) for each in given.options)))
        elif given.kind is TypeKind.TEXT:
            self.facts.append(z3.InRe(value, _TEXT))
        elif given.kind is TypeKind.DATE:
            self.facts += [value >= _DAYS[0], value <= _DAYS[1]]
        elif given.kind is TypeKind.DATETIME:
            self.facts += [value >= 0, value <= (_LAST - _FIRST) // _MICRO]
        elif given.kind is TypeKind.NUMBER:
            self.facts += [value > -(10**15), value < 10**15]
            value = z3.ToReal(value) / 10**given.scale
        return Term(empty, value)

    # --- fields

    def _path(self, node: FieldOf, row: Row) -> Term:
        at = Row(self.old, self.this, before=True) if node.row == -1 else row
        for table, link, target in node.hops:
            found = self._field(table, link, Type(TypeKind.RECORD, table=target), at)
            at = Row(z3.Not(found.empty), found.value)
        return self._field(node.table, node.name, node.type, at)

    def _field(self, table: str, name: str, given: Type, row: Row) -> Term:
        field = self.app.tables[table].fields.get(name)
        if field is not None and field.value is not None:
            found = self.term(field.value.node, row)  # its own names are those of this record
            return Term(z3.Or(z3.Not(row.there), found.empty), found.value)
        called = f"{'old ' if row.before else ''}{table}.{name}"
        found = self._fresh(called, given, None if row.before else row.id)
        if field is None or field.required or field.kind == "state":
            always = field is not None or name in ("id", "created_at", "created_by")
            self.facts.append(z3.Implies(row.there, z3.Not(found.empty)) if always else z3.BoolVal(True))
        if field is not None and field.kind == "region":
            self.facts.append(z3.Or(found.empty, *(found.value == z3.StringVal(each) for each in PROVINCES)))
        for key, holds in (("min", lambda a, b: a >= b), ("max", lambda a, b: a <= b)):
            if field is not None and key in field.options and given.kind is TypeKind.NUMBER:
                self.facts.append(z3.Or(found.empty, holds(found.value, z3.RealVal(str(field.options[key])))))
        return Term(z3.Or(z3.Not(row.there), found.empty), found.value)

    def _arithmetic(self, node: Arithmetic, row: Row) -> Term:
        one, two = self.term(node.left, row), self.term(node.right, row)
        value = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}[node.operator](one.value, two.value)
        empty = z3.Or(one.empty, two.empty)
        if node.type.kind is TypeKind.DATETIME:
            empty = z3.Or(empty, value < 0, value > (_LAST - _FIRST) // _MICRO)
        return Term(empty, value)

    # --- conditions

    def condition(self, node: Node, row: Row) -> Any:
        match node:
            case Not(operand=operand):
                return z3.Not(self.condition(operand, row))
            case Logic(operator=operator, operands=operands):
                return (z3.And if operator == "and" else z3.Or)([self.condition(each, row) for each in operands])
            case IfElse():
                return z3.If(
                    self.condition(node.test, row), self.condition(node.then, row), self.condition(node.otherwise, row)
                )
            case Compare():
                return self._compare(node, row)
            case In():
                return self._in(node, row)
            case Call(function="empty", arguments=(argument,)):
                return self._empty(argument, row)
            case Call(function="starts_with", arguments=(text, part)):
                found, begin = self.term(text, row), self.term(part, row)
                return z3.And(z3.Not(found.empty), z3.PrefixOf(begin.value, found.value))
            case Call(function="in_region", arguments=(place, region)):
                found, names = self.term(place, row), names_in(str(region.value)) or ()
                return z3.And(z3.Not(found.empty), z3.Or([found.value == z3.StringVal(name) for name in names]))
        found = self.term(node, row)
        return z3.And(z3.Not(found.empty), found.value)

    def _compare(self, node: Compare, row: Row) -> Any:
        if TypeKind.LIST in (node.left.type.kind, node.right.type.kind):
            none = self.term(node.left, row).empty
            return none if node.operator == "==" else z3.Not(none)
        one, two = self.term(node.left, row), self.term(node.right, row)
        there = z3.And(z3.Not(one.empty), z3.Not(two.empty))
        if node.operator not in ("==", "!="):
            return z3.And(there, _ORDERED[node.operator](one.value, two.value))
        equal = z3.BoolVal(False) if None in (one.value, two.value) else one.value == two.value
        same = z3.Or(z3.And(one.empty, two.empty), z3.And(there, equal))
        return same if node.operator == "==" else z3.Not(same)

    def _in(self, node: In, row: Row) -> Any:
        found = self.term(node.left, row)
        if isinstance(node.right, tuple):
            among = z3.Or([found.value == self._constant(each.value, each.type) for each in node.right])
            return z3.And(z3.Not(found.empty), among)
        assert isinstance(node.right, UserFact)
        return z3.And(
            z3.Not(found.empty),
            self._some(node.right),
            z3.Select(self._fresh(f"user {node.right.name}", node.right.type).value, found.value),
        )

    def _some(self, node: UserFact) -> Any:
        """The list is there and not blank."""
        return z3.And(z3.Not(z3.Bool(f"user {node.name} empty")), z3.Not(z3.Bool(f"user {node.name} blank")))

    def _empty(self, node: Node, row: Row) -> Any:
        return (
            z3.Not(self._some(node))
            if isinstance(node, UserFact) and node.type.kind is TypeKind.LIST
            else self.term(node, row).empty
        )


def possible(node: Node, app: App, table: str, *, seconds: float) -> bool | None:
    """Is there a record for which it holds? None where z3 cannot say in time."""
    encoder = Encoder(app, table)
    holds = encoder.condition(node, Row(z3.BoolVal(True), encoder.this))
    solver = z3.Solver()
    solver.set("timeout", int(seconds * 1000))
    solver.add(holds, *encoder.facts)
    found = solver.check()
    return None if found == z3.unknown else found == z3.sat
