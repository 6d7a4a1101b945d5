"""Alerts: accepted and checked in full; they do not run yet, and say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from engine.definition.build.context import Context, text_of, title_of
from engine.definition.build.steps import build_steps, check_audience
from engine.definition.nodes import ListNode, MapNode, plain
from engine.model.app import Alert, Level, Table
from engine.model.text import Text
from engine.model.types import DURATION, Scope


def build_alert(
    name: str, node: MapNode, tables: Mapping[str, Table], channels: frozenset[str], context: Context
) -> Alert | None:
    """One alert; None when it is broken and set aside."""
    path = f"alerts.{name}"
    before = context.report.errors
    if context.table(node.items["of"], f"{path}.of") is None:
        return None
    table = tables[text_of(node.items["of"])]
    scope = context.scope(table.name)
    condition = context.expression(node.items["if"], scope, f"{path}.if")
    told = Scope(scope.tables, scope.table, extra={"elapsed": DURATION})
    text = context.template(node.items["text"], told, f"{path}.text")
    levels = node.items["levels"]
    found = [
        _level(item, table, tables, scope, channels, context, f"{path}.levels[{number}]")
        for number, item in enumerate(levels.items if isinstance(levels, ListNode) else ())
        if isinstance(item, MapNode)
    ]
    if context.report.errors > before or condition is None or text is None:
        return None
    title = title_of(node, name)
    context.report.add(
        "not-running-yet", node.span, path, what=Text("提醒「{title}」", "the alert “{title}”").fill(title=title)
    )
    return Alert(name, title, table.name, condition, text, tuple(level for level in found if level), node.span)


def _level(
    node: MapNode,
    table: Table,
    tables: Mapping[str, Table],
    scope: Scope,
    channels: frozenset[str],
    context: Context,
    path: str,
) -> Level | None:
    after = context.duration(node.items["after"], f"{path}.after")
    if "repeat" in node.items:
        context.duration(node.items["repeat"], f"{path}.repeat")
    notify = node.items.get("notify")
    if isinstance(notify, MapNode):
        check_audience(notify, channels, context, f"{path}.notify")
    then = node.items.get("then")
    if notify is None and then is None:
        context.report.add("one-of", node.span, path, names="notify, then")
    steps = build_steps(then, table, tables, scope, channels, context, f"{path}.then") if then is not None else ()
    options = {key: plain(item) for key, item in node.items.items() if key not in {"after", "then"}}
    return Level(after, MappingProxyType(options), steps, node.span) if isinstance(after, timedelta) else None
