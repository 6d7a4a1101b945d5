"""Tables: fields with their formulas, keys, checks and flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.definition.build.context import Context, children, members, text_of, title_of
from engine.definition.build.flows import build_flow
from engine.definition.build.formulas import Formula
from engine.definition.nodes import ListNode, MapNode, Node, plain
from engine.model.app import Check, Field, Otherwise, Table
from engine.model.text import Text

_NO_KEY = frozenset({"formula", "long_text", "boolean", "state"})


def build_table(
    name: str, node: MapNode, fields: Mapping[str, Field], formulas: Mapping[tuple[str, str], Formula], context: Context
) -> Table:
    """One table; its expressions see all tables."""
    path = f"tables.{name}"
    display = node.items.get("display")
    if display is not None:
        context.field(text_of(display), display, context.tables[name], f"{path}.display")
    complete = {field.name: _complete(name, field, formulas) for field in fields.values()}
    _check_unique(name, node, complete, context)
    return Table(
        name=name,
        title=title_of(node, name),
        display=text_of(display) if display is not None else None,
        fields=MappingProxyType(complete),
        children=context.tables[name].children,
        keys=_keys(name, node.items.get("keys"), complete, context),
        checks=MappingProxyType(_checks(name, node.items.get("checks"), context)),
        flow=build_flow(name, node.items.get("flow"), context),
        types=context.tables[name],
        span=node.span,
        was=text_of(node.items.get("was")) or None,
    )


def _complete(table: str, field: Field, formulas: Mapping[tuple[str, str], Formula]) -> Field:
    formula = formulas.get((table, field.name))
    if formula is None:
        return field
    return replace(field, type=formula.expression.type, value=formula.expression, stored=formula.stored)


def _check_unique(table: str, node: MapNode, fields: Mapping[str, Field], context: Context) -> None:
    for name, field_node in children(node.items["fields"]):
        if fields[name].unique and fields[name].kind in _NO_KEY and isinstance(field_node, MapNode):
            span = field_node.items["unique"].span
            context.report.add("not-for-a-key", span, f"tables.{table}.fields.{name}.unique", name=name)


def _keys(table: str, node: Node | None, fields: Mapping[str, Field], context: Context) -> tuple[tuple[str, ...], ...]:
    keys = []
    for number, key in enumerate(node.items if isinstance(node, ListNode) else ()):
        path = f"tables.{table}.keys[{number}]"
        for item in members(key):
            name = text_of(item)
            if context.field(name, item, context.tables[table], path) is None:
                continue
            if name not in fields or fields[name].kind in _NO_KEY:
                context.report.add("not-for-a-key", item.span, path, name=name)
        keys.append(tuple(text_of(item) for item in members(key)))
    return tuple(keys)


def _checks(table: str, node: Node | None, context: Context) -> dict[str, Check]:
    checks = {}
    for name, item in children(node):
        if not isinstance(item, MapNode):
            continue
        must = context.expression(item.items["must"], context.scope(table), f"tables.{table}.checks.{name}.must")
        otherwise = Otherwise(text_of(item.items.get("otherwise")) or "refuse")
        if must is not None:
            checks[name] = Check(name, must, otherwise, Text.of(plain(item.items["message"])), item.span)
    return checks
