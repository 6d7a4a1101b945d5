"""SQL for comparisons and `in`: the bare column on one side, what is known on the other, and what empty means said by the leaf
itself. A number that is known is brought to the column's places, never the column to the number's: the index would be lost."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import ColumnElement, String, false, func, literal, or_, true, type_coerce

from engine.language import forms
from engine.language.functions.protocol import SqlWriter
from engine.language.functions.text import contains_sql
from engine.language.logic import OPPOSITE, TURNED
from engine.language.numbers import Amount, at_scale
from engine.language.sqltypes import Units, listed
from engine.model.tree import Compare, FieldOf, In, Node, This
from engine.model.types import TypeKind

_ORDER: dict[str, Callable[[Any, Any], Any]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
Column = ColumnElement[Any]


class CompareWriter(SqlWriter, Protocol):
    """The part of the writer that is needed here."""

    def literal(self, node: Node, value: Any) -> Column:
        """A known value of the node's type."""


def compare(writer: CompareWriter, node: Compare, negated: bool) -> Column:
    """`==` to `>=`, or its negation."""
    left, right, sign = node.left, node.right, node.operator
    if sign in ("==", "!="):
        return _equal(writer, left, right, (sign == "==") is negated)
    if _never(writer, left) or _never(writer, right):
        return true() if negated else false()
    if writer.constant(left)[0]:
        left, right, sign = right, left, TURNED[sign]
    one, other = _sides(writer, left, right, sign)
    if TypeKind.TEXT in (left.type.kind, right.type.kind):
        one = forms.ordered(one)
    if not negated:
        return _ordered(sign, one, other)
    may_be_empty = [side.is_(None) for each, side in ((left, one), (right, other)) if not _always(writer, each)]
    return or_(_ordered(OPPOSITE[sign], one, other), *may_be_empty)


def _sides(writer: CompareWriter, left: Node, right: Node, sign: str) -> tuple[Column, Column]:
    """Both in the same units; `right` is the one that may be known."""
    if TypeKind.NUMBER not in (left.type.kind, right.type.kind):
        return writer.value(left), writer.value(right)
    known, found = writer.constant(right)
    if known and found is not None:
        # x < 4.5 is x < 5 and x >= 4.5 is x >= 5 where x is whole; the other two go the other way.
        return writer.value(left), _known(at_scale(found, left.type.scale, up=sign in ("<", ">=")), left.type.scale)
    scale = max(left.type.scale, right.type.scale)
    return writer.units(left, scale), writer.units(right, scale)


def _equal(writer: CompareWriter, left: Node, right: Node, different: bool) -> Column:
    for one, other in ((left, right), (right, left)):
        if _never(writer, one):
            column = writer.value(other)
            return column.is_not(None) if different else column.is_(None)
    if writer.constant(left)[0]:
        left, right = right, left
    if _impossible(writer, left, right):
        return true() if different else false()
    one_side, other_side = _sides(writer, left, right, "==")
    if _always(writer, left) or _always(writer, right):
        if not different:
            return one_side == other_side
        sides = ((left, one_side), (right, other_side))
        return or_(one_side != other_side, *(side.is_(None) for each, side in sides if not _always(writer, each)))
    return one_side.is_distinct_from(other_side) if different else forms.same(one_side, other_side)


def _impossible(writer: CompareWriter, left: Node, right: Node) -> bool:
    """Has a known number places that the other side never has?"""
    known, found = writer.constant(right)
    return known and right.type.kind is TypeKind.NUMBER and at_scale(found, left.type.scale, up=False) != found


def among(writer: CompareWriter, node: In, negated: bool) -> Column:
    """`in` a list of constants, a list that is known, or a text."""
    right = node.right
    if isinstance(right, tuple):
        return _among(writer, node.left, [(each, each.value) for each in right], negated)
    if right.type.kind is TypeKind.LIST:
        known, found = writer.constant(right)
        if not known:
            return _listed(writer, node.left, right, negated)
        return _among(writer, node.left, [(node.left, each) for each in found or ()], negated)
    return contains_sql(writer, right, node.left, negated)


def _listed(writer: CompareWriter, left: Node, right: Node, negated: bool) -> Column:
    """A word in a list that is kept with the record, as JSON. Each word is looked for with the comma before it, which never
    stands before a quotation mark inside a word."""
    known, found = writer.constant(left)
    if known and found in (None, ""):
        return true() if negated else false()
    words = type_coerce(writer.value(right), String())
    part: Column
    if known:
        part = literal("," + listed([found])[1:-1])
    else:
        quoted = func.replace(func.replace(writer.value(left), "\\", "\\\\"), '"', '\\"')
        part = literal(',"').concat(quoted).concat('"')
    at = forms.position(literal(",").concat(func.substr(words, 2)), part)
    return or_(at == 0, at.is_(None)) if negated else at > 0


def _among(writer: CompareWriter, left: Node, wanted: list[tuple[Node, Any]], negated: bool) -> Column:
    """`wanted`: pairs of (a node of the value's type, value)."""
    column = writer.value(left)
    if left.type.kind is TypeKind.NUMBER:
        scale = left.type.scale
        values = [_known(each, scale) for _, each in wanted if at_scale(each, scale, up=False) == each]
    else:
        values = [writer.literal(node, each) for node, each in wanted if each not in (None, "")]
    if not values:
        return true() if negated else false()
    return or_(column.not_in(values), column.is_(None)) if negated else column.in_(values)


def _known(value: Amount, scale: int) -> Column:
    return literal(value, Units(scale))


def _never(writer: CompareWriter, node: Node) -> bool:
    """Known to be empty."""
    return writer.constant(node) == (True, None)


def _always(writer: CompareWriter, node: Node) -> bool:
    """Known not to be empty."""
    known, found = writer.constant(node)
    if known:
        return found is not None
    return isinstance(node, This) or (isinstance(node, FieldOf) and node.name == "id" and not node.hops)


def _ordered(sign: str, left: Column, right: Column) -> Column:
    found: Column = _ORDER[sign](left, right)
    return found
