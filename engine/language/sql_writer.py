"""Writes SQL, part by part. Numbers and durations are whole units while they are computed with (see sqltypes); `condition`
takes the wanted negation along instead of wrapping NOT around something that may be NULL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    String,
    and_,
    case,
    false,
    literal,
    null,
    or_,
    true,
    type_coerce,
)

from engine.language import forms
from engine.language.bound import BoundEnv, is_bound, run
from engine.language.functions import FUNCTIONS
from engine.language.numbers import held, outgrows, safe
from engine.language.sql_compare import among, compare
from engine.language.sql_context import Rows, SqlContext
from engine.language.sql_related import aggregate, field_of, find, this
from engine.language.sqltypes import MICROSECOND, Units, sqltype
from engine.language.times import MOST_DURATION, epoch_microseconds
from engine.model.calendar import Calendar
from engine.model.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Compare,
    FieldOf,
    Find,
    IfElse,
    In,
    Logic,
    Negative,
    Node,
    Not,
    This,
)
from engine.model.types import DURATION, Type, TypeKind

_LONGEST = MOST_DURATION // MICROSECOND
NUMBER = Type(TypeKind.NUMBER)
Column = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """`rows[d]` is the FromClause of a row depth, None if that record is known (`context.records[d]`)."""

    context: SqlContext
    rows: Rows

    def inside(self, row: int, table: FromClause) -> Writer:
        """A writer for one row deeper."""
        between = tuple(None for _ in range(row - len(self.rows)))
        return replace(self, rows=(*self.rows[:row], *between, table))

    def zone(self) -> tzinfo:
        """The organisation's zone."""
        return self.context.now.tzinfo or UTC

    def calendar(self) -> Calendar:
        """The organisation's working hours."""
        return self.context.calendar

    def now(self) -> datetime:
        """The moment bound for this run."""
        self.context.moves()
        return self.context.now

    def flags(self, row: int) -> Column:
        """The flags of a row, as JSON text."""
        source = self.rows[row]
        return null() if source is None else type_coerce(source.c["flags"], String())

    def constant(self, node: Node) -> tuple[bool, Any]:
        """(True, value) if no row of the query matters to it."""
        if node.type.kind is TypeKind.EMPTY:
            return True, None
        context = self.context
        if not is_bound(node, self.rows, context.records, context.old):
            return False, None
        found = run(node, BoundEnv(context), context.records)
        return True, None if found in ("", ()) else found

    def literal(self, node: Node, value: Any) -> Column:
        """A known value of the node's type."""
        if value is None:
            return null() if node.type.kind is TypeKind.EMPTY else forms.nothing(node.type)
        if node.type.kind is TypeKind.NUMBER:
            return literal(value, Units(node.type.scale))
        if node.type.kind is TypeKind.DURATION:
            return literal(value // MICROSECOND, BigInteger())
        return literal(value, sqltype(node.type))

    def condition(self, node: Node, negated: bool) -> Column:
        """The condition, or its negation."""
        match node:
            case Not(operand=operand):
                return self.condition(operand, not negated)
            case Logic(operands=operands):
                parts = [self.condition(each, negated) for each in operands]
                return and_(*parts) if (node.operator == "and") is not negated else or_(*parts)
        known, found = self.constant(node)
        if known:
            return true() if (found is True) is not negated else false()
        match node:
            case Compare():
                return compare(self, node, negated)
            case In():
                return among(self, node, negated)
            case IfElse():
                then, otherwise = (_truth(self.condition(each, negated)) for each in (node.then, node.otherwise))
                return case((self.condition(node.test, False), then), else_=otherwise) == true()
            case Aggregate():
                return aggregate(self, node, negated)
            case Call() if node.function != "first_of":
                return FUNCTIONS[node.function].sql(self, node, negated)
        column = self.value(node)
        return or_(column == false(), column.is_(None)) if negated else column == true()

    def value(self, node: Node) -> Column:
        """The value, NULL when empty; numbers and durations in whole units."""
        known, found = self.constant(node)
        if known:
            return self.literal(node, found)
        match node:
            case FieldOf():
                return _raw(node, field_of(self, node))
            case This():
                return this(self, node)
            case Arithmetic() if node.type.kind is TypeKind.NUMBER:
                plain = self._number(node)
                return plain if safe(node) else forms.fitting(plain, node.type.scale)
            case Arithmetic():
                return self._time(node)
            case Negative(operand=operand):
                return -self.value(operand)
            case IfElse():
                return _raw(node, self._choice(node))
            case Aggregate() if node.type.kind is not TypeKind.BOOLEAN:
                return _raw(node, aggregate(self, node))
            case Find():
                return find(self, node)
            case Call() if node.type.kind is not TypeKind.BOOLEAN or node.function == "first_of":
                return _raw(node, FUNCTIONS[node.function].sql(self, node, False))
            case _:
                return _truth(self.condition(node, False))

    def units(self, node: Node, scale: int) -> Column:
        """A number whose places are counted up to `scale`."""
        known, found = self.constant(node)
        if known:
            return forms.nothing(NUMBER) if found is None else literal(found, Units(scale))
        return forms.scaled(self.value(node), scale - node.type.scale)

    def _choice(self, node: IfElse) -> Column:
        """`a if c else b if d else e` is one CASE, however long it goes on."""
        branches: list[tuple[Column, Column]] = []
        rest: Node = node
        while isinstance(rest, IfElse):
            branches.append((self.condition(rest.test, False), self.branch(node, rest.then)))
            rest = rest.otherwise
        return case(*branches, else_=self.branch(node, rest))

    def branch(self, whole: Node, part: Node) -> Column:
        """One of the values that the whole may take, in the type of the whole; empty if it does not fit there."""
        if whole.type.kind is not TypeKind.NUMBER:
            return self.value(part)
        scale = whole.type.scale
        if not outgrows(part, scale):
            return self.units(part, scale)
        known, found = self.constant(part)
        return self.literal(whole, held(found, scale)) if known else forms.fitting(self.units(part, scale), scale)

    def _number(self, node: Arithmetic) -> Column:
        scales = (node.left.type.scale, node.right.type.scale)
        one, two, checked = self._operand(node.left), self._operand(node.right), not safe(node)
        if node.operator == "/":
            return forms.divide(one, two, *scales, checked=checked)
        return forms.arithmetic(one, two, node.operator, scales=scales, scale=node.type.scale, checked=checked)

    def _operand(self, node: Node) -> Column:
        """Inside arithmetic only the outermost result is fitted: each step sees to its own on the way."""
        if isinstance(node, Arithmetic) and not self.constant(node)[0]:
            return self._number(node)
        return self.units(node, node.type.scale)

    def _time(self, node: Arithmetic) -> Column:
        """Moments and durations."""
        one, two = (self._micros(each) for each in (node.left, node.right))
        total = one + two if node.operator == "+" else one - two
        if node.type.kind is TypeKind.DATETIME:
            return forms.moment(total)
        moments = node.left.type.kind is TypeKind.DATETIME
        return total if moments else forms.within(total, _LONGEST)

    def _micros(self, node: Node) -> Column:
        if node.type.kind is not TypeKind.DATETIME:
            return self.value(node)
        known, found = self.constant(node)
        if known:
            return forms.nothing(DURATION) if found is None else literal(epoch_microseconds(found), BigInteger())
        return forms.microseconds(self.value(node))


def _raw(node: Node, column: Column) -> Column:
    """Numbers and durations as the integers they are kept as."""
    return type_coerce(column, BigInteger()) if node.type.kind in (TypeKind.NUMBER, TypeKind.DURATION) else column


def _truth(condition: Column) -> Column:
    """A condition as a value."""
    return case((condition, true()), else_=false())
