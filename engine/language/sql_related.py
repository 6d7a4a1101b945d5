"""SQL for what lies outside the row: links followed, children and tables aggregated, find(). All are subqueries correlated
to the rows around them, so that the caller's FROM stays as it is."""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, Select, case, exists, func, literal, null, select

from engine.language import forms
from engine.language.bound import record_at
from engine.language.numbers import summable
from engine.language.sql_context import Rows, SqlContext
from engine.language.sqltypes import MICROSECOND
from engine.language.times import MOST_DURATION
from engine.model.tree import Aggregate, FieldOf, Find, Node, This
from engine.model.types import TypeKind

Column = ColumnElement[Any]


class RelatedWriter(Protocol):
    """The part of the writer that is needed here."""

    @property
    def context(self) -> SqlContext:
        """What is known."""

    @property
    def rows(self) -> Rows:
        """The rows around."""

    def inside(self, row: int, table: FromClause) -> RelatedWriter:
        """A writer for a deeper row."""

    def condition(self, node: Node, negated: bool) -> Column:
        """A condition or its negation."""

    def value(self, node: Node) -> Column:
        """A value in raw units."""


def column(writer: RelatedWriter, row: FromClause, table: str, name: str) -> Column:
    """A field of a row, stored or computed."""
    return row.c[name] if name in row.c else writer.context.sources.computed(table, name, row)


def identity(writer: RelatedWriter, row: int) -> Column:
    """The id of the record at a row depth; -1 is the before image."""
    source = writer.rows[row] if row >= 0 else None
    if source is not None:
        return source.c["id"]
    record = record_at(writer.context.records, row) if row >= 0 else writer.context.old
    known = record.get("id") if record is not None else None
    return null() if known is None else literal(known)


def this(writer: RelatedWriter, node: This) -> Column:
    """`this`."""
    return identity(writer, node.row)


def field_of(writer: RelatedWriter, node: FieldOf) -> Column:
    """A field of the row, of a known record, or at the end of a path."""
    path = list(node.hops)
    row = writer.rows[node.row] if node.row >= 0 else None
    if row is not None:
        if not path:
            return column(writer, row, node.table, node.name)
        table, link, target = path.pop(0)
        return _along(writer, column(writer, row, table, link), target, path, node)
    record = record_at(writer.context.records, node.row) if node.row >= 0 else writer.context.old
    if path and record is not None and path[0][1] in record:
        _, link, target = path.pop(0)
        start = null() if record[link] is None else literal(record[link])
        return _along(writer, start, target, path, node)
    # A computed field of a record that is known otherwise: read it from its own row.
    return _along(writer, identity(writer, node.row), path[0][0] if path else node.table, path, node)


def _along(writer: RelatedWriter, start: Column, table: str, path: list[tuple[str, str, str]], node: FieldOf) -> Column:
    here = writer.context.sources.table(table)
    passed: list[FromClause] = [here]
    joined: FromClause = here
    for standing, link, target in path:
        following = writer.context.sources.table(target)
        joined = joined.join(following, following.c["id"] == column(writer, here, standing, link))
        passed.append(following)
        here = following
    found = select(column(writer, here, node.table, node.name)).select_from(joined).where(passed[0].c["id"] == start)
    return found.correlate_except(*passed).scalar_subquery()


def aggregate(writer: RelatedWriter, node: Aggregate, negated: bool = False) -> Column:
    """count, sum, any, all, min, max; `negated` for the two conditions."""
    table = writer.context.sources.table(node.table)
    inner = writer.inside(node.row, table)
    body = node.body
    if node.function in ("any", "all") and body is not None:
        meant = inner.condition(body, node.function == "all")
        there = exists(_over(writer, node, table, select(literal(1))).where(meant))
        return ~there if (node.function == "all") is not negated else there
    if node.function == "count" or body is None:
        counted = _over(writer, node, table, select(forms.numeric(func.count())))
        counted = counted if body is None else counted.where(inner.condition(body, False))
        return counted.scalar_subquery()
    return _over(writer, node, table, select(_measure(node, body, inner.value(body)))).scalar_subquery()


def _measure(node: Aggregate, body: Node, value: Column) -> Column:
    if node.function == "sum":
        if node.type.kind is TypeKind.DURATION:
            return forms.within(forms.total(value, 0), MOST_DURATION // MICROSECOND)
        return func.coalesce(func.sum(value), 0) if summable(body) else forms.total(value, body.type.scale)
    if node.type.kind is TypeKind.BOOLEAN:
        raise ValueError(f"no {node.function} of conditions")
    if node.type.kind is TypeKind.TEXT:
        value = forms.ordered(value)
    return func.min(value) if node.function == "min" else func.max(value)


def _over(writer: RelatedWriter, node: Aggregate, table: FromClause, chosen: Select[Any]) -> Select[Any]:
    chosen = chosen.select_from(table)
    if node.link is not None:
        chosen = chosen.where(column(writer, table, node.table, node.link) == identity(writer, node.owner))
    return chosen.correlate_except(table)


def find(writer: RelatedWriter, node: Find) -> Column:
    """The id of the only record for which the condition holds."""
    table = writer.context.sources.table(node.table)
    inner = writer.inside(node.row, table)
    only = case((func.count() == 1, func.min(table.c["id"])))
    chosen = select(only).select_from(table).where(inner.condition(node.condition, False))
    return chosen.correlate_except(table).scalar_subquery()
