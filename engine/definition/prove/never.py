"""Conditions that can never hold: rules that never fire, transitions that nobody can take, grants that grant nothing.

Only what is proved is said. A condition that hangs on something that cannot be looked into may hold, and a condition that may
hold is no fault: so there are no notes here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.definition.messages import diagnose
from engine.definition.prove.moments import at_transition, at_trigger
from engine.definition.solver.formula import both
from engine.definition.solver.solve import Prover
from engine.definition.solver.space import Space
from engine.model.app import App, FieldEdit, FieldRead, Permission, Table
from engine.model.diagnostic import Diagnostic
from engine.model.text import Text
from engine.model.tree import Constant, Expression, Node
from engine.model.types import BOOLEAN

_RECORDS = Text("「{role}」能看哪些「{table}」（records）", "which records of {table} “{role}” has (records)")
_CREATE = Text("「{role}」新建「{table}」的条件", "when “{role}” may create {table}")
_READ = Text("「{role}」看「{table}」的「{field}」的条件", "when “{role}” may read “{field}” of {table}")
_EDIT = Text("「{role}」改「{table}」的「{field}」的条件", "when “{role}” may edit “{field}” of {table}")
_DELETE = Text("「{role}」删除「{table}」的条件", "when “{role}” may delete {table}")
_ALERT = Text("提醒「{name}」的条件", "the condition of the alert “{name}”")
_CHECK = Text("检查「{name}」的 must", "the must of the check “{name}”")
_GUARD = Text("流转「{name}」的条件（guard）", "the guard of the transition “{name}”")
_APPROVAL = Text("流转「{name}」的一项审批的条件", "the condition of an approval of “{name}”")


def prove_never(app: App) -> Iterator[Diagnostic]:
    """All conditions of an app, but for those of routing rows."""
    yield from _rules(app)
    for table in app.tables.values():
        yield from _checks(app, table)
        yield from _transitions(app, table)
    for tables in app.permissions.values():
        for permission in tables.values():
            yield from _permission(app, permission)
    for alert in app.alerts:
        if not possible(alert.condition.node, Space.of(app, alert.table)):
            what = _ALERT.fill(name=alert.title)
            yield diagnose("never-holds", alert.condition.span, f"alerts.{alert.name}.if", what=what)


def possible(condition: Node, space: Space, given: Iterable[Node] = ()) -> bool:
    """May there be a record for which it holds, among those of which `given` is true?"""
    return _may_hold(Prover(space, (condition,), given=given), condition)


def _may_hold(prover: Prover, condition: Node, *others: Node) -> bool:
    """The same, with other conditions beside it."""
    if isinstance(condition, Constant):
        # Written on purpose: a part that somebody has switched off.
        return True
    return prover.possible(both(prover.formula(each) for each in (condition, *others)))


def _rules(app: App) -> Iterator[Diagnostic]:
    for rule in app.rules:
        if rule.condition is None:
            continue
        space = Space.of(app, rule.trigger.table, old=rule.trigger.kind != "created")
        if not possible(rule.condition.node, space, at_trigger(app, rule.trigger, rule.name)):
            yield diagnose("rule-never-fires", rule.condition.span, f"rules.{rule.name}.if", name=rule.title)


def _checks(app: App, table: Table) -> Iterator[Diagnostic]:
    for check in table.checks.values():
        if not possible(check.must.node, Space.of(app, table.name)):
            path = f"tables.{table.name}.checks.{check.name}.must"
            yield diagnose("never-holds", check.must.span, path, what=_CHECK.fill(name=check.name))


def _transitions(app: App, table: Table) -> Iterator[Diagnostic]:
    flow = table.flow
    for transition in flow.transitions.values() if flow is not None else ():
        assert flow is not None
        path = f"tables.{table.name}.flow.transitions.{transition.name}"
        moment = at_transition(table, flow, transition)
        space = Space.of(app, table.name)
        guard = transition.guard
        if guard is not None and not possible(guard.node, space, moment):
            yield diagnose("never-holds", guard.span, f"{path}.guard", what=_GUARD.fill(name=transition.title))
            continue
        for number, approval in enumerate(transition.approvals):
            condition = approval.condition
            if condition is not None and not possible(condition.node, space, moment):
                here = f"{path}.approvals[{number}].if"
                yield diagnose("never-holds", condition.span, here, what=_APPROVAL.fill(name=transition.title))


def _permission(app: App, permission: Permission) -> Iterator[Diagnostic]:
    """Every other condition is judged on records that are in the role's scope."""
    path = f"permissions.{permission.role}.{permission.table}"
    names: Mapping[str, object] = {"role": app.roles[permission.role].title, "table": app.tables[permission.table].title}
    records = permission.records
    users = records.users if records is not None else frozenset()
    space = Space.of(app, permission.table, identified=users)
    several = tuple(_conditions(permission))
    scope = records.node if records is not None else Constant(True, BOOLEAN)
    prover = Prover(space, (scope, *(expression.node for *_, expression in several)))
    if records is not None and not _may_hold(prover, scope):
        yield diagnose("never-holds", records.span, f"{path}.records", what=_RECORDS.fill(**names))
        return
    for text, suffix, field, expression in several:
        if not _may_hold(prover, expression.node, scope):
            table = app.tables[permission.table]
            title = table.fields[field].title if field in table.fields else Text.of(field)
            yield diagnose("never-holds", expression.span, f"{path}.{suffix}", what=text.fill(**names, field=title))


def _conditions(permission: Permission) -> Iterator[tuple[Text, str, str, Expression]]:
    """Words, address, field and condition; one that is written for all fields counts once, for the first."""
    if permission.create is not None and permission.create.condition is not None:
        yield _CREATE, "create.if", "", permission.create.condition
    seen = set()
    grants: tuple[tuple[Text, str, Mapping[str, FieldRead | FieldEdit]], ...] = (
        (_READ, "read", permission.read),
        (_EDIT, "edit", permission.edit),
    )
    for text, key, several in grants:
        for name, grant in several.items():
            if grant.condition is not None and grant.condition.span not in seen:
                seen.add(grant.condition.span)
                yield text, f"{key}.{name}", name, grant.condition
    if permission.delete is not None and permission.delete.condition is not None:
        yield _DELETE, "delete", "", permission.delete.condition
