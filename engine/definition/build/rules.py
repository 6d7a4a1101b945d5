"""Rules and routing: a trigger, a condition, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engine.definition.build.context import Context, children, flag, text_of, title_of
from engine.definition.build.fields import constant
from engine.definition.build.steps import build_steps
from engine.definition.messages import instead
from engine.definition.nodes import ListNode, MapNode, Node, Scalar, plain
from engine.kinds.protocols import Listening
from engine.model.app import Routing, RoutingRow, Rule, Step, Table, Trigger
from engine.model.text import Text
from engine.model.tree import Expression, This
from engine.model.types import Scope, TableTypes

# A table by another policy is accepted and listed; it decides nothing until it runs.
RUNNING_POLICIES = frozenset({"first", "only"})


def build_rule(
    name: str, node: MapNode, tables: Mapping[str, Table], channels: frozenset[str], context: Context
) -> Rule | None:
    """One rule; None when it is broken and set aside."""
    path = f"rules.{name}"
    before = context.report.errors
    trigger = build_trigger(node.items["when"], tables, context, f"{path}.when")
    if trigger is None:
        return None
    scope = trigger_scope(trigger, context)
    condition = context.expression(node.items.get("if"), scope, f"{path}.if")
    steps = build_steps(node.items["then"], tables[trigger.table], tables, scope, channels, context, f"{path}.then")
    _after_the_end(trigger, steps, context)
    if context.report.errors > before:
        return None
    return Rule(name, title_of(node, name), trigger, condition, steps, flag(node, "required"), node.span)


def trigger_scope(trigger: Trigger, context: Context) -> Scope:
    """The before image exists for everything but a creation."""
    return context.scope(trigger.table, old=_listening(trigger, context).has_old)


def _listening(trigger: Trigger, context: Context) -> Listening:
    return context.registry.triggers[trigger.kind].listens(trigger)


def _after_the_end(trigger: Trigger, steps: tuple[Step, ...], context: Context) -> None:
    """A record that is gone can be read, but not written, pointed at or shown."""
    for step in steps if _listening(trigger, context).gone else ():
        kind = context.registry.steps[step.kind]
        own = any(writing.own for writing in kind.writes(step, trigger.table))
        points = any(isinstance(value.node, This) and value.node.row == 0 for value in step.values.values())
        slots = step.text is not None and any(isinstance(part, Expression) for part in (*step.text.zh, *step.text.en))
        if own or points or slots:
            context.report.add("record-gone", step.span, f"{step.path}.{step.kind}", table=trigger.table)


def build_trigger(node: Node, tables: Mapping[str, Table], context: Context, path: str) -> Trigger | None:
    """`created: orders`, `enters: orders.picking`; other keys of a body that is a map stay as options."""
    kind, body = next(children(node))
    here = f"{path}.{kind}"
    options: Mapping[str, Any] = {}
    subject = body
    if isinstance(body, MapNode):
        options = {key: plain(value) for key, value in children(body) if key not in {"of", "fields"}}
        subject = body.items.get("of", body)
    name, _, state = text_of(subject).partition(".")
    if name not in tables:
        context.report.add("unknown-table", subject.span, here, name=name, hint=instead(name, tables))
        return None
    context.mention(f"tables.{name}", subject, end=len(name))
    if state:
        context.mention(f"tables.{name}.flow.states.{state}", subject, start=len(name) + 1)
    if not _state_fits(kind, state, subject, tables[name], context, here):
        return None
    fields = body.items.get("fields") if isinstance(body, MapNode) else None
    names = tuple(text_of(item) for item in fields.items) if isinstance(fields, ListNode) else ()
    for item in fields.items if isinstance(fields, ListNode) else ():
        _watched(item, context.tables[name], context, f"{here}.fields")
    return Trigger(kind, name, state or None, names, MappingProxyType(options), node.span)


def _watched(node: Node, table: TableTypes, context: Context, path: str) -> None:
    """A change shows only in what is stored with the record."""
    name = text_of(node)
    if context.field(name, node, table, path) is not None and name in table.computed:
        context.report.add("not-watched", node.span, path, name=name)


def _state_fits(kind: str, state: str, node: Node, table: Table, context: Context, path: str) -> bool:
    wanted = context.registry.triggers[kind].has_state
    if not wanted:
        if state:
            names = f"{kind}: {table.name}"
            context.report.add("one-of", node.span, path, names=names)
        return not state
    if table.flow is None:
        context.report.add("no-flow", node.span, path, table=table.name)
        return False
    if state not in table.flow.states:
        context.report.add(
            "unknown-state", node.span, path, name=state, table=table.name, hint=instead(state, table.flow.states)
        )
        return False
    return True


def build_routing(name: str, node: MapNode, tables: Mapping[str, Table], context: Context) -> Routing | None:
    """One routing table; None when it is broken and set aside."""
    path = f"routing.{name}"
    before = context.report.errors
    of = node.items["of"]
    trigger = build_trigger(node.items["when"], tables, context, f"{path}.when")
    if context.table(of, f"{path}.of") is None or trigger is None:
        return None
    table = tables[text_of(of)]
    if trigger.table != table.name:
        context.report.add(
            "unknown-table", node.items["when"].span, f"{path}.when", name=trigger.table, hint=instead(table.name, [table.name])
        )
    decides = node.items["decides"]
    rows = node.items["rows"]
    known = context.field(text_of(decides), decides, context.tables[table.name], f"{path}.decides")
    if known is None or not isinstance(rows, ListNode):
        return None
    if _listening(trigger, context).gone:
        context.report.add("record-gone", trigger.span, f"{path}.when", table=table.name)
    scope = trigger_scope(trigger, context)
    found = [_row(item, table, text_of(decides), scope, context, f"{path}.rows[{i}]") for i, item in enumerate(rows.items)]
    otherwise = node.items.get("otherwise")
    last = _then(otherwise, table, text_of(decides), context, f"{path}.otherwise") if otherwise is not None else None
    if context.report.errors > before:
        return None
    policy = text_of(node.items.get("policy")) or "first"
    title = title_of(node, name)
    if policy not in RUNNING_POLICIES:
        what = Text("分单「{title}」的 policy: {policy}", "policy: {policy} of the routing “{title}”")
        context.report.add("not-running-yet", node.span, path, what=what.fill(title=title, policy=policy))
    kept = tuple(row for row in found if row is not None)
    return Routing(name, title, trigger, table.name, text_of(decides), policy, kept, last, node.span)


def _row(node: Node, table: Table, field: str, scope: Scope, context: Context, path: str) -> RoutingRow | None:
    if not isinstance(node, MapNode):
        return None
    condition = context.expression(node.items["if"], scope, f"{path}.if")
    then = _then(node.items["then"], table, field, context, f"{path}.then")
    return RoutingRow(condition, then, node.span) if condition is not None else None


def _then(node: Node, table: Table, name: str, context: Context, path: str) -> Any:
    """A constant for the field that is decided."""
    field = table.fields.get(name)
    if field is None or not isinstance(node, Scalar):
        return None
    value, why = constant(field, context.registry.fields[field.kind], node)
    if why is not None:
        context.report.add("bad-value", node.span, path, given=node.text, rule=why)
    elif field.choices:
        holder = "flow.states" if table.flow is not None and table.flow.field == name else f"fields.{name}.choices"
        context.mention(f"tables.{table.name}.{holder}.{node.text}", node)
    return value
