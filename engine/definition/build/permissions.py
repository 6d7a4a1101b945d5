"""Permissions: what each role may see and do. `all: true` is spread here over what the table has today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.definition.build.context import Context, children, members, text_of
from engine.definition.build.uses import list_path
from engine.definition.build.writing import BY_ITSELF, writable
from engine.definition.messages import instead
from engine.definition.nodes import ListNode, MapNode, Node, Scalar
from engine.model.app import Create, FieldEdit, FieldRead, Permission, Show, Table
from engine.model.text import Text
from engine.model.tree import Expression
from engine.model.types import Scope


@dataclass(frozen=True, slots=True)
class _Place:
    """One role at one table, and the words its conditions may use."""

    table: Table
    role: str
    scope: Scope
    path: str
    context: Context

    def condition(self, node: Node | None, path: str) -> Expression | None:
        return self.context.expression(node, self.scope, path)


def build_permissions(
    node: Node | None, tables: Mapping[str, Table], context: Context
) -> Mapping[str, Mapping[str, Permission]]:
    """Role → table → permission. A role or table that does not exist is reported and left out."""
    found: dict[str, Mapping[str, Permission]] = {}
    for role, entries in children(node):
        if role not in context.roles:
            span = node.keys[role] if isinstance(node, MapNode) else entries.span
            context.report.add("unknown-role", span, f"permissions.{role}", name=role, hint=instead(role, context.roles))
            continue
        _mention_keys(node, role, f"roles.{role}", context)
        of_role: dict[str, Permission] = {}
        for name, item in children(entries):
            path = f"permissions.{role}.{name}"
            if name not in tables:
                span = entries.keys[name] if isinstance(entries, MapNode) else item.span
                context.report.add("unknown-table", span, path, name=name, hint=instead(name, tables))
            elif isinstance(item, MapNode):
                _mention_keys(entries, name, f"tables.{name}", context)
                of_role[name] = _permission(item, _Place(tables[name], role, context.scope(name, user=True), path, context))
        found[role] = MappingProxyType(of_role)
    return MappingProxyType(found)


def _mention_keys(node: Node | None, name: str, path: str, context: Context) -> None:
    """A key names something, in every file that has it."""
    if isinstance(node, MapNode) and name in node.keys:
        for span in (node.keys[name], *node.again.get(name, ())):
            context.uses.name(path, name, span)


def _permission(node: MapNode, place: _Place) -> Permission:
    delete = node.items.get("delete")
    return Permission(
        role=place.role,
        table=place.table.name,
        records=place.condition(node.items.get("records"), f"{place.path}.records"),
        create=_create(node.items.get("create"), place),
        read=MappingProxyType(_read(node.items.get("read"), place)),
        edit=MappingProxyType(_edit(node.items.get("edit"), place)),
        delete=_grant(delete, place, f"{place.path}.delete") if delete is not None else None,
        span=node.span,
    )


def _create(node: Node | None, place: _Place) -> Create | None:
    if node is None:
        return None
    path = f"{place.path}.create"
    names = node.items["fields"] if isinstance(node, MapNode) else node
    fields = tuple(text_of(item) for item in members(names) if _creatable(item, place, path))
    condition = node.items.get("if") if isinstance(node, MapNode) else None
    span = names.span if isinstance(names, ListNode) else node.span
    return Create(fields, place.condition(condition, f"{path}.if"), span)


def _creatable(node: Node, place: _Place, path: str) -> bool:
    name, table = text_of(node), place.table
    if name in table.children:
        place.context.mention(list_path(table.children[name]), node)
        return True
    return writable(name, node.span, table, path, place.context, known=table.children)


def _read(node: Node | None, place: _Place) -> dict[str, FieldRead]:
    table = place.table
    found: dict[str, FieldRead] = {}
    for name, item in _spread(node, [*table.fields, *table.children]):
        path = f"{place.path}.read.{name}"
        known = list_path(table.children[name]) if name in table.children else f"tables.{table.name}.fields.{name}"
        _mention_keys(node, name, known, place.context)
        if name in table.fields:
            found[name] = _field_read(item, place, path)
        elif name in table.children:
            found[name] = _field_read(item, place, path, masks=False)
        else:
            span = node.keys[name] if isinstance(node, MapNode) else item.span
            hint = instead(name, [*table.fields, *table.children])
            place.context.report.add("unknown-field", span, path, name=name, table=table.name, hint=hint)
    return found


def _spread(node: Node | None, everything: list[str]) -> Iterable[tuple[str, Node]]:
    """The entries, `all: true` first and as one entry for each name; what is said of one name comes after it."""
    entries = dict(children(node))
    whole = entries.pop("all", None)
    if whole is None or (isinstance(whole, Scalar) and whole.value is False):
        return entries.items()
    return {**dict.fromkeys(everything, whole), **entries}.items()


def _field_read(node: Node, place: _Place, path: str, *, masks: bool = True) -> FieldRead:
    if isinstance(node, MapNode) and masks:
        return FieldRead(Show.MASKED, None, text_of(node.items.get("find")) == "exact", node.span)
    value, text = (node.value, node.text) if isinstance(node, Scalar) else (None, "")
    if value is True:
        return FieldRead(Show.ALWAYS, None, False, node.span)
    if text == "none":
        return FieldRead(Show.NEVER, None, False, node.span)
    if text == "masked" and masks:
        return FieldRead(Show.MASKED, None, False, node.span)
    if value is False or isinstance(node, MapNode) or text == "masked":
        names = 'true, none, "…"' + (", masked" if masks else "")
        rule = Text(f"可以是 {names}", f"it can be {names}")
        place.context.report.add("bad-value", node.span, path, given=text or "{…}", rule=rule)
        return FieldRead(Show.NEVER, None, False, node.span)
    return FieldRead(Show.WHEN, place.condition(node, path), False, node.span)


def _edit(node: Node | None, place: _Place) -> dict[str, FieldEdit]:
    found: dict[str, FieldEdit] = {}
    by_hand = [name for name, field in place.table.fields.items() if field.kind not in BY_ITSELF]
    for name, item in _spread(node, by_hand):
        path = f"{place.path}.edit.{name}"
        # What `all` is spread over can be written, and is named nowhere.
        span = node.keys.get(name) if isinstance(node, MapNode) else None
        if span is not None and not writable(name, span, place.table, path, place.context):
            continue
        grant = _grant(item, place, path)
        if grant is not None:
            found[name] = grant
    return found


def _grant(node: Node, place: _Place, path: str) -> FieldEdit | None:
    """`true`, a condition, or (false, none) nothing."""
    if isinstance(node, Scalar) and node.value is True:
        return FieldEdit(None, node.span)
    if isinstance(node, Scalar) and (node.value is False or node.text == "none"):
        return None
    return FieldEdit(place.condition(node, path), node.span)
