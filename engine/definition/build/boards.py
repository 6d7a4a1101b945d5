"""Boards: how people see a table, as cards by state or as a grid."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definition.build.context import Context, members, text_of, title_of
from engine.definition.messages import instead
from engine.definition.nodes import MapNode, Node
from engine.model.app import Table
from engine.model.edges import Board
from engine.model.types import TableTypes

# Which key holds the fields, and whether columns are made by a field.
_FIELDS = {"kanban": "card", "grid": "columns"}


def build_board(name: str, node: MapNode, tables: Mapping[str, Table], context: Context) -> Board | None:
    """One board; None when it is broken and set aside."""
    path = f"boards.{name}"
    before = context.report.errors
    types = context.table(node.items["of"], f"{path}.of")
    if types is None:
        return None
    kind = text_of(node.items["kind"])
    by = _by(node, kind, tables[types.name], context, path)
    fields = _names(node.items.get(_FIELDS[kind]), types, context, f"{path}.{_FIELDS[kind]}")
    if not fields:
        context.report.add("missing-key", node.span, path, name=_FIELDS[kind])
    for key in set(_FIELDS.values()) - {_FIELDS[kind]}:
        if key in node.items:
            hint = instead(key, [_FIELDS[kind]])
            context.report.add("unknown-key", node.keys[key], f"{path}.{key}", name=key, hint=hint)
    where = context.expression(node.items.get("where"), context.scope(types.name, user=True), f"{path}.where")
    sort = _names(node.items.get("sort"), types, context, f"{path}.sort", signed=True)
    if context.report.errors > before:
        return None
    return Board(name, title_of(node, name), types.name, kind, by, fields, where, sort, node.span)


def _by(node: MapNode, kind: str, table: Table, context: Context, path: str) -> str | None:
    """The state field whose states are the columns."""
    by = node.items.get("by")
    if kind != "kanban":
        if by is not None:
            context.report.add("unknown-key", node.keys["by"], f"{path}.by", name="by")
        return None
    if by is None:
        context.report.add("missing-key", node.span, path, name="by")
        return None
    if context.field(text_of(by), by, context.tables[table.name], f"{path}.by") is None:
        return None
    if table.flow is None or table.flow.field != text_of(by):
        context.report.add("not-a-state", by.span, f"{path}.by", name=text_of(by))
    return text_of(by)


def _names(node: Node | None, types: TableTypes, context: Context, path: str, *, signed: bool = False) -> tuple[str, ...]:
    """Fields of the table, implicit ones too; `signed`: `-` before a name turns the order round."""
    for item in members(node):
        text = text_of(item)
        context.field(text.removeprefix("-") if signed else text, item, types, path)
    return tuple(text_of(item) for item in members(node))
