"""Checks across sections, on an App that is otherwise right: one initial state, required fields, roles that are used.
What needs more than a look (where flows lead, what roles learn) is for engine.definition.prove."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.definition.build.writing import lacking
from engine.definition.messages import diagnose
from engine.model.app import App, Choice, Field, Flow, Permission, State, Table
from engine.model.diagnostic import Diagnostic, Span


def check(app: App) -> list[Diagnostic]:
    """All problems between parts of an app."""
    found: list[Diagnostic] = []
    found += _formerly("tables", app.tables.values())
    for table in app.tables.values():
        found += _cleared(table)
        found += _former_names(table)
        if table.flow is not None:
            found += _flow(table, table.flow)
    for tables in app.permissions.values():
        for permission in tables.values():
            found += _create(app, permission)
    found += _unused(app)
    return found


def _cleared(table: Table) -> Iterator[Diagnostic]:
    """A required link that is to be emptied when its target goes."""
    for field in table.fields.values():
        if field.required and field.options.get("on_delete") == "clear":
            yield diagnose("clears-required", field.span, f"tables.{table.name}.fields.{field.name}.on_delete", name=field.name)


def _former_names(table: Table) -> Iterator[Diagnostic]:
    path = f"tables.{table.name}"
    yield from _formerly(f"{path}.fields", table.fields.values())
    for field in table.fields.values():
        if field.kind != "state":
            yield from _formerly(f"{path}.fields.{field.name}.choices", field.choices.values(), field.span)
    if table.flow is not None:
        yield from _formerly(f"{path}.flow.states", table.flow.states.values())


def _formerly(path: str, all: Collection[Table | Field | State | Choice], span: Span | None = None) -> Iterator[Diagnostic]:
    """Of things of one kind: `was:` names none that is still there, and no two of them have been the same."""
    names, seen = {each.name for each in all}, set()
    for each in all:
        if each.was is None:
            continue
        code = "was-declared" if each.was in names else "was-twice" if each.was in seen else None
        seen.add(each.was)
        if code is not None:
            place = each.span if not isinstance(each, Choice) else span or Span()
            yield diagnose(code, place, f"{path}.{each.name}.was", old=each.was)


def _flow(table: Table, flow: Flow) -> Iterator[Diagnostic]:
    if len([state for state in flow.states.values() if state.initial]) != 1:
        yield diagnose("one-initial", flow.span, f"tables.{table.name}.flow.states")


def _create(app: App, permission: Permission) -> Iterator[Diagnostic]:
    if permission.create is None:
        return
    missing = lacking(app.tables[permission.table], permission.create.fields)
    if missing:
        path = f"permissions.{permission.role}.{permission.table}.create"
        yield diagnose("lacks-required", permission.create.span, path, names=", ".join(missing))


def _unused(app: App) -> Iterator[Diagnostic]:
    used = {role for role, tables in app.permissions.items() if tables}
    used |= {role for table in app.tables.values() if table.flow for t in table.flow.transitions.values() for role in t.by}
    used |= {c.role for c in app.connections.values() if c.role}
    for role in app.roles.values():
        if role.name not in used:
            yield diagnose("unused-role", role.span, f"roles.{role.name}", name=role.name)
