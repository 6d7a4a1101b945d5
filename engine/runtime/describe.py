"""What of an app an actor can see and do: tables, fields, boards, and what is declared but not running yet."""

from __future__ import annotations

from collections.abc import Iterable

from engine.access.view import Views
from engine.model.app import Field, Permission, Table
from engine.model.change import Actor
from engine.model.tree import Compare, FieldOf, Logic, Node, UserFact
from engine.runtime.core import Core
from engine.runtime.present import Json, display_field
from engine.runtime.read import sight
from engine.runtime.shape import UNWRITABLE
from engine.runtime.work import Work


def describe(core: Core, app: str, actor: Actor) -> Json:
    """AppJson."""
    with core.reading(app, actor) as work:
        views = sight(work, actor)
        definition = work.program.app
        say = actor.locale
        visible = views.tables()
        return {
            "name": definition.name,
            "title": definition.title.to(say),
            "version": definition.version,
            "revision": work.program.revision,
            "tables": [_table(work, views, definition.tables[name], actor) for name in visible],
            "boards": [
                {"name": b.name, "title": b.title.to(say), "kind": b.kind, "table": b.table}
                for b in definition.boards.values()
                if b.table in visible and (b.kind != "kanban" or views.fields(b.table).get(str(b.by)) is False)
            ],
            "pending": [{"path": d.path, "message": d.message.to(say), "span": str(d.span)} for d in definition.pending],
            "roles": sorted(actor.roles),
        }


def _table(work: Work, views: Views, table: Table, actor: Actor) -> Json:
    say, app, kinds = actor.locale, work.program.app, work.program.registry.fields
    grants = views.grants(table.name)
    creating = [grant for grant in grants if grant.create is not None]
    creatable = {name for grant in creating if grant.create for name in grant.create.fields}
    shown = views.fields(table.name)
    children = views.children(table.name)
    return {
        "name": table.name,
        "title": table.title.to(say),
        "display": display_field(views, table),
        "fields": [
            {
                **_field(
                    field, read=name in shown, edit=any(name in g.edit for g in grants), create=name in creatable, say=say
                ),
                "default": None if field.default is None else kinds[field.kind].to_json(field.default, field),
            }
            for name, field in table.fields.items()
            if name in shown or name in creatable
        ],
        "children": [
            {"name": n, "title": app.tables[c.table].title.to(say), "table": c.table, "link": c.link, "create": n in creatable}
            for n, c in table.children.items()
            if n in children or n in creatable
        ],
        "create": bool(creating),
        "prefill": _prefill(creating, actor),
        "flow": _flow(table, shown, say),
    }


def _field(field: Field, *, read: bool, edit: bool, create: bool, say: str) -> Json:
    return {
        "name": field.name,
        "title": field.title.to(say),
        "kind": field.kind,
        "choices": [{"name": c.name, "title": c.title.to(say)} for c in field.choices.values()],
        "can": {"read": read, "edit": edit, "create": create and field.kind not in UNWRITABLE},
        "to": field.options.get("to"),
        "type": field.type.kind.value,
        "scale": field.type.scale,
        "currency": field.options.get("currency"),
        "required": field.required,
    }


def _flow(table: Table, shown: Iterable[str], say: str) -> Json | None:
    if table.flow is None or table.flow.field not in shown:
        return None
    states = [
        {"name": s.name, "title": s.title.to(say), "initial": s.initial, "final": s.final} for s in table.flow.states.values()
    ]
    return {"field": table.flow.field, "states": states}


def _prefill(creating: Iterable[Permission], actor: Actor) -> Json:
    """What a form may fill in: a scope such as `store == user.store` leaves one value anyway."""
    filled: Json = {}
    for grant in creating:
        nodes = _conjuncts(grant.records.node) if grant.records is not None else ()
        for node in nodes:
            if isinstance(node, Compare) and node.operator == "==":
                for field, fact in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(field, FieldOf) and not field.hops and isinstance(fact, UserFact):
                        value = actor.facts.get(fact.name)
                        filled |= {field.name: value} if isinstance(value, str) else {}
    return filled


def _conjuncts(node: Node) -> tuple[Node, ...]:
    return node.operands if isinstance(node, Logic) and node.operator == "and" else (node,)
