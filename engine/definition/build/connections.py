"""Connections: a connector with its settings, and what it pulls into which table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.definition.build.context import Context, children, members, text_of, title_of
from engine.definition.build.uses import field_of, list_path
from engine.definition.build.writing import lacking, writable
from engine.definition.messages import instead
from engine.definition.nodes import MapNode, Node
from engine.model.app import Table
from engine.model.connector import ConnectorInfo, Stream
from engine.model.edges import ChildPull, Connection, Pull
from engine.model.text import Text
from engine.model.tree import Expression
from engine.model.types import Scope, Type

SECRET = "secret:"  # noqa: S105 - the mark of a secret, not one
_SECRET_NAMES = ("token", "key", "secret", "password")


@dataclass(frozen=True, slots=True)
class _Place:
    """One connection, while it is read."""

    info: ConnectorInfo
    tables: Mapping[str, Table]
    context: Context


def build_connection(name: str, node: MapNode, tables: Mapping[str, Table], context: Context) -> Connection | None:
    """One connection; None when it is broken and set aside."""
    path, before = f"connections.{name}", context.report.errors
    use = node.items["use"]
    info = context.catalogue.info(text_of(use))
    if info is None:
        known = context.catalogue.names()
        context.report.add("unknown-connector", use.span, f"{path}.use", name=text_of(use), hint=instead(text_of(use), known))
        return None
    sees = node.items.get("as")
    role = context.role(sees, f"{path}.as") if sees is not None else None
    settings = _settings(node, info, context, path)
    place = _Place(info, tables, context)
    pulls = {
        stream: _pull(stream, item, node.items["pull"], place, f"{path}.pull.{stream}")
        for stream, item in children(node.items.get("pull"))
        if isinstance(item, MapNode)
    }
    if context.report.errors > before:
        return None
    title = title_of(node, name)
    if info.pending:
        what = Text("连接「{name}」（{title}）", "the connection “{name}” ({title})").fill(name=title, title=info.title)
        context.report.add("not-running-yet", node.span, path, what=what)
    elif sees is not None:
        what = Text("以角色的眼光（as）发送", "sending as what a role sees (as)")
        context.report.add("not-running-yet", sees.span, f"{path}.as", what=what)
    kept = {stream: pull for stream, pull in pulls.items() if pull is not None}
    return Connection(name, title, info.name, role, MappingProxyType(settings), MappingProxyType(kept), node.span)


def _settings(node: MapNode, info: ConnectorInfo, context: Context, path: str) -> dict[str, str]:
    given = node.items.get("settings")
    found = {}
    for name, item in children(given):
        here, text = f"{path}.settings.{name}", text_of(item)
        span = given.keys[name] if isinstance(given, MapNode) else item.span
        if name not in info.settings:
            hint = instead(name, info.settings)
            context.report.add("unknown-setting", span, here, name=name, connector=info.name, hint=hint)
        elif any(word in name for word in _SECRET_NAMES) and not text.startswith(SECRET):
            context.report.add("secret-in-text", item.span, here)
        found[name] = text
    for name, what in info.settings.items():
        if name not in found:
            context.report.add("missing-setting", given.span if given else node.span, f"{path}.settings", name=name, what=what)
    return found


def _pull(stream: str, node: MapNode, parent: Node, place: _Place, path: str) -> Pull | None:
    report = place.context.report
    source = place.info.streams.get(stream)
    if source is None:
        span = parent.keys[stream] if isinstance(parent, MapNode) else node.span
        hint = instead(stream, place.info.streams)
        report.add("unknown-stream", span, path, name=stream, connector=place.info.name, hint=hint)
        return None
    every = place.context.duration(node.items["every"], f"{path}.every")
    if place.context.table(node.items["into"], f"{path}.into") is None or every is None:
        return None
    table = place.tables[text_of(node.items["into"])]
    values = _map(node.items["map"], table, source.fields, place, f"{path}.map")
    _need_all(node.items["map"], table, set(), place, f"{path}.map")
    match = _match(node.items["match"], node.items["map"], table, place, f"{path}.match")
    _check_key(match, node.items["match"], table, place, f"{path}.match")
    owns = _match(node.items.get("owns"), node.items["map"], table, place, f"{path}.owns")
    lists = {
        name: _child(name, item, node.items["children"], table, source, place, f"{path}.children.{name}")
        for name, item in children(node.items.get("children"))
        if isinstance(item, MapNode)
    }
    kept = {name: child for name, child in lists.items() if child is not None}
    return Pull(stream, every, table.name, match, MappingProxyType(values), MappingProxyType(kept), owns, node.span)


def _child(name: str, node: MapNode, parent: Node, table: Table, source: Stream, place: _Place, path: str) -> ChildPull | None:
    report = place.context.report
    if name not in table.children:
        span = parent.keys[name] if isinstance(parent, MapNode) else node.span
        report.add("unknown-children", span, path, name=name, table=table.name, hint=instead(name, table.children))
        return None
    if isinstance(parent, MapNode):
        place.context.uses.name(list_path(table.children[name]), name, parent.keys[name])
    origin = node.items["from"]
    rows = source.lists.get(text_of(origin))
    if rows is None:
        hint = instead(text_of(origin), source.lists)
        report.add("unknown-list", origin.span, f"{path}.from", name=text_of(origin), stream=source.name, hint=hint)
        return None
    target = table.children[name]
    into = place.tables[target.table]
    values = _map(node.items["map"], into, rows, place, f"{path}.map")
    _need_all(node.items["map"], into, {target.link}, place, f"{path}.map")
    match = _match(node.items["match"], node.items["map"], into, place, f"{path}.match")
    return ChildPull(name, text_of(origin), target.table, target.link, match, MappingProxyType(values), node.span)


def _map(node: Node, table: Table, source: Mapping[str, Type], place: _Place, path: str) -> dict[str, Expression]:
    """Field → expression over `source`. A record that does not exist yet may be given its state."""
    scope = Scope(place.context.tables, source=source)
    values = {}
    for name, item in children(node):
        span = node.keys[name] if isinstance(node, MapNode) else item.span
        if writable(name, span, table, f"{path}.{name}", place.context, also=("state",)):
            wanted, into = table.fields[name].type, field_of(table.name, name)
            expression = place.context.expression(item, scope, f"{path}.{name}", expect=wanted, into=into)
            if expression is not None:
                values[name] = expression
    return values


def _need_all(node: Node, table: Table, given: set[str], place: _Place, path: str) -> None:
    missing = lacking(table, {name for name, _ in children(node)} | given)
    if missing:
        place.context.report.add("lacks-required", node.span, path, names=", ".join(missing))


def _match(node: Node | None, mapped: Node, table: Table, place: _Place, path: str) -> tuple[str, ...]:
    """Names of fields that stand in `map`."""
    known = [name for name, _ in children(mapped)]
    for item in members(node):
        place.context.mention(f"tables.{table.name}.fields.{text_of(item)}", item)
        if text_of(item) not in known:
            place.context.report.add("not-mapped", item.span, path, name=text_of(item))
    return tuple(text_of(item) for item in members(node))


def _check_key(match: tuple[str, ...], node: Node, table: Table, place: _Place, path: str) -> None:
    """Without a key two pulls at once could make the same record twice."""
    keys = [set(key) for key in table.keys] + [{name} for name, field in table.fields.items() if field.unique]
    if set(match) not in keys:
        place.context.report.add("not-a-key", node.span, path, names=", ".join(match))
