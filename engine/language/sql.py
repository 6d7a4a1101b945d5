"""Expression → SQL (SQLAlchemy Core). Filters, permissions, sweeps and computed columns run this way.

Negation is pushed to the leaves, and a leaf says itself what empty means (`x <= 5 OR x IS NULL`): nothing is ever wrapped
around a condition, so indexes keep working. What depends on no row of the query is computed beforehand and bound."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, literal, type_coerce

from engine.language import forms
from engine.language.sql_context import Rows, Sources, SqlContext
from engine.language.sql_writer import Writer
from engine.language.sqltypes import Number, sqltype
from engine.model.tree import Aggregate, Expression, Find, Node

__all__ = ["Rows", "Sources", "SqlContext", "aggregate", "condition", "total", "value"]


def condition(expression: Expression | Node, context: SqlContext, rows: Rows) -> ColumnElement[bool]:
    """For WHERE: true for exactly the rows for which the condition holds (and never relied upon when it does not: a leaf
    may be NULL there, which WHERE, AND, OR and CASE take as no)."""
    return _writer(context, rows).condition(_node(expression), False)


def value(expression: Expression | Node, context: SqlContext, rows: Rows) -> ColumnElement[Any]:
    """For SELECT and ORDER BY: the value, NULL when empty, typed so that Python gets Decimal, datetime, …"""
    node = _node(expression)
    writer = _writer(context, rows)
    known, found = writer.constant(node)
    if known:
        return forms.nothing(node.type) if found is None else literal(found, sqltype(node.type))
    return type_coerce(writer.value(node), sqltype(node.type))


def aggregate(node: Aggregate | Find, context: SqlContext, rows: Rows) -> ColumnElement[Any]:
    """A whole-table aggregate or find() for an Env's query(): `select()` it. `rows` are usually all None, with the records in
    `context.records`."""
    return value(node, context, rows)


def total(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sum of a column of numbers over a group; empty where it passes 64 bits, which SQLite's own sum() fails at."""
    scale = column.type.scale if isinstance(column.type, Number) else 0
    return type_coerce(forms.total(type_coerce(column, BigInteger()), scale), column.type)


def _node(expression: Expression | Node) -> Node:
    return expression.node if isinstance(expression, Expression) else expression


def _writer(context: SqlContext, rows: Rows) -> Writer:
    missing = max(len(context.records), 1) - len(rows)
    return Writer(context, (*rows, *(None for _ in range(missing))))
