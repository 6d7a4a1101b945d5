"""Checks across sections, on an App that is otherwise right: flows that lead somewhere, roles that can do what they are
asked to, required fields, formulas that give away what a role may not see."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.build.walk import shown_fields
from engine.definition.build.writing import lacking
from engine.definition.messages import diagnose
from engine.model.app import App, Flow, Permission, Show, Table
from engine.model.diagnostic import Diagnostic


def check(app: App) -> list[Diagnostic]:
    """All problems between parts of an app."""
    found: list[Diagnostic] = []
    for table in app.tables.values():
        found += _cleared(table)
        if table.flow is not None:
            found += _flow(table, table.flow)
            found += _takers(app, table, table.flow)
    for tables in app.permissions.values():
        for permission in tables.values():
            found += _create(app, permission)
            found += _revealed(app, permission)
    found += _unused(app)
    return found


def _cleared(table: Table) -> Iterator[Diagnostic]:
    """A required link that is to be emptied when its target goes."""
    for field in table.fields.values():
        if field.required and field.options.get("on_delete") == "clear":
            yield diagnose("clears-required", field.span, f"tables.{table.name}.fields.{field.name}.on_delete", name=field.name)


def _flow(table: Table, flow: Flow) -> Iterator[Diagnostic]:
    path = f"tables.{table.name}.flow"
    initial = [state.name for state in flow.states.values() if state.initial]
    if len(initial) != 1:
        yield diagnose("one-initial", flow.span, f"{path}.states")
        return
    reached, leaving = set(initial), {s for t in flow.transitions.values() for s in t.sources}
    growing = True
    while growing:
        more = {t.target for t in flow.transitions.values() if reached & set(t.sources)} - reached
        reached |= more
        growing = bool(more)
    for state in flow.states.values():
        if state.name not in reached:
            yield diagnose("unreachable-state", state.span, f"{path}.states.{state.name}", name=state.name)
        elif not state.final and state.name not in leaving:
            yield diagnose("dead-end-state", state.span, f"{path}.states.{state.name}", name=state.name)


def _takers(app: App, table: Table, flow: Flow) -> Iterator[Diagnostic]:
    """Roles that may take a transition, but not do what it needs."""
    for transition in flow.transitions.values():
        path = f"tables.{table.name}.flow.transitions.{transition.name}"
        for role in transition.by:
            if role == "system":
                continue
            permission = app.permissions.get(role, {}).get(table.name)
            if permission is None or not permission.read:
                yield diagnose("role-blind", transition.span, f"{path}.by", role=role, name=transition.name, table=table.name)
                continue
            for field in transition.needs:
                if field not in permission.edit and not (permission.create and field in permission.create.fields):
                    yield diagnose(
                        "role-cannot", transition.span, f"{path}.needs", role=role, name=transition.name, field=field
                    )


def _create(app: App, permission: Permission) -> Iterator[Diagnostic]:
    if permission.create is None:
        return
    missing = lacking(app.tables[permission.table], permission.create.fields)
    if missing:
        path = f"permissions.{permission.role}.{permission.table}.create"
        yield diagnose("lacks-required", permission.create.span, path, names=", ".join(missing))


def _revealed(app: App, permission: Permission) -> Iterator[Diagnostic]:
    """A formula shown always must not carry a value that is withheld from the role."""
    table = app.tables[permission.table]
    for name, read in permission.read.items():
        field = table.fields.get(name)
        if field is None or field.value is None or read.show is not Show.ALWAYS:
            continue
        for source in shown_fields(field.value.node):
            if _withheld(app, permission.role, source.table, source.name):
                path = f"permissions.{permission.role}.{permission.table}.read.{name}"
                hidden = f"{source.table}.{source.name}"
                yield diagnose("formula-reveals", read.span, path, role=permission.role, name=name, hidden=hidden)


def _withheld(app: App, role: str, table: str, name: str) -> bool:
    if name not in app.tables[table].fields:
        return False  # implicit fields go with any field of the record
    permission = app.permissions.get(role, {}).get(table)
    read = permission.read.get(name) if permission is not None else None
    return read is None or read.show is not Show.ALWAYS


def _unused(app: App) -> Iterator[Diagnostic]:
    used = {role for role, tables in app.permissions.items() if tables}
    used |= {role for table in app.tables.values() if table.flow for t in table.flow.transitions.values() for role in t.by}
    used |= {c.role for c in app.connections.values() if c.role}
    for role in app.roles.values():
        if role.name not in used:
            yield diagnose("unused-role", role.span, f"roles.{role.name}", name=role.name)
