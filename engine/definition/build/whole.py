"""The whole App out of a definition whose shape is known to be right: sections in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from engine.definition.build.alerts import build_alert
from engine.definition.build.boards import build_board
from engine.definition.build.connections import build_connection
from engine.definition.build.context import STANDARD_FACTS, Context, Report, children, flag, text_of, title_of
from engine.definition.build.fields import build_field
from engine.definition.build.flows import check_flow_field, flow_field, states_of
from engine.definition.build.formulas import Formula, type_formulas
from engine.definition.build.permissions import build_permissions
from engine.definition.build.rules import build_routing, build_rule
from engine.definition.build.steps import OWN_CHANNELS
from engine.definition.build.tables import build_table
from engine.definition.build.titles import expression_titles, titles_at
from engine.definition.build.types import child_lists, clashes, table_types
from engine.definition.build.uses import declare
from engine.definition.nodes import MapNode, Scalar
from engine.kinds.registry import Registry
from engine.model.app import App, Field, Role, Table
from engine.model.connector import Catalogue
from engine.model.text import Text
from engine.model.types import TableTypes

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """What must stand before an expression can be read."""

    fields: Mapping[str, Mapping[str, Field]]
    formulas: Mapping[tuple[str, str], Formula]
    types: Mapping[str, TableTypes]
    people: Mapping[str, Field]


def lay_ground(root: MapNode, registry: Registry, report: Report) -> Ground | None:
    """Fields, child lists, flows' fields and formulas; None when one of them is wrong, since all else would only repeat it."""
    declare(root, report.uses)
    nodes = {name: node for name, node in children(root.items.get("tables")) if isinstance(node, MapNode)}
    people = {
        name: build_field(name, node, registry, report, f"people.{name}") for name, node in children(root.items.get("people"))
    }
    fields = {name: _fields(name, node, registry, report) for name, node in nodes.items()}
    for name, node in nodes.items():
        check_flow_field(name, node, report)
        clashes(name, node, states_of(node), report)
    lists = child_lists(nodes, fields, report)
    if report.errors:
        return None
    types = {
        name: table_types(
            name,
            fields[name],
            states_of(node),
            lists[name],
            frozenset(n for n, _ in children(node.items.get("checks"))),
            expression_titles(name, nodes, lists[name]),
        )
        for name, node in nodes.items()
    }
    formulas, complete = type_formulas(_formula_texts(nodes, fields), types, report)
    return None if report.errors else Ground(fields, formulas, MappingProxyType(dict(complete)), people)


def _fields(table: str, node: MapNode, registry: Registry, report: Report) -> Mapping[str, Field]:
    states, holder = states_of(node), flow_field(node)
    found = {}
    for name, item in children(node.items["fields"]):
        path = f"tables.{table}.fields.{name}"
        found[name] = build_field(name, item, registry, report, path, states=states if name == holder else None)
    return MappingProxyType(found)


def _formula_texts(nodes: Mapping[str, MapNode], fields: Mapping[str, Mapping[str, Field]]) -> dict[tuple[str, str], Scalar]:
    found = {}
    for table, node in nodes.items():
        for name, item in children(node.items["fields"]):
            value = item.items.get("value") if isinstance(item, MapNode) and fields[table][name].kind == "formula" else None
            if isinstance(value, Scalar):
                found[(table, name)] = value
    return found


def build_app(root: MapNode, ground: Ground, registry: Registry, catalogue: Catalogue, report: Report) -> App:
    """The App; whether it may be used depends on what is in the report afterwards."""
    roles = _roles(root, report)
    user = {**STANDARD_FACTS, **{name: field.type for name, field in ground.people.items()}}
    facts = {title: tuple(f"user.{name}" for name in names) for title, names in titles_at(root, "people").items()}
    context = Context(report, registry, catalogue, ground.types, MappingProxyType(user), tuple(roles), facts)
    tables: dict[str, Table] = {
        name: build_table(name, node, ground.fields[name], ground.formulas, context)
        for name, node in children(root.items.get("tables"))
        if isinstance(node, MapNode)
    }
    permissions = build_permissions(root.items.get("permissions"), tables, context)
    channels = OWN_CHANNELS | {name for name, _ in children(root.items.get("connections"))}
    app = root.items["app"]
    return App(
        name=text_of(app),
        title=title_of(root, text_of(app)),
        version=text_of(root.items.get("version")) or "1",
        roles=MappingProxyType(roles),
        people=ground.people,
        tables=MappingProxyType(tables),
        permissions=permissions,
        rules=tuple(_each(root, "rules", lambda n, m: build_rule(n, m, tables, channels, context)).values()),
        routings=tuple(_each(root, "routing", lambda n, m: build_routing(n, m, tables, context)).values()),
        alerts=tuple(_each(root, "alerts", lambda n, m: build_alert(n, m, tables, channels, context)).values()),
        connections=_each(root, "connections", lambda n, m: build_connection(n, m, tables, context)),
        boards=_each(root, "boards", lambda n, m: build_board(n, m, tables, context)),
        pending=(),
        span=app.span,
    )


def _roles(root: MapNode, report: Report) -> dict[str, Role]:
    roles = {}
    for name, node in children(root.items.get("roles")):
        if not isinstance(node, MapNode):
            continue
        role = roles[name] = Role(name, title_of(node, name), flag(node, "portal"), node.span)
        if role.portal:
            what = Text("「{title}」的门户", "the portal of “{title}”").fill(title=role.title)
            report.add("not-running-yet", node.span, f"roles.{name}", what=what)
    return roles


def _each(root: MapNode, section: str, build: Callable[[str, MapNode], T | None]) -> Mapping[str, T]:
    """The entries of a section that are whole, in order."""
    found = {}
    for name, node in children(root.items.get(section)):
        made = build(name, node) if isinstance(node, MapNode) else None
        if made is not None:
            found[name] = made
    return MappingProxyType(found)
