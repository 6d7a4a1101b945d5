"""A table's flow: its states first (types need them), then its transitions with their conditions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.definition.build.context import Context, Report, children, flag, members, text_of, title_of
from engine.definition.messages import instead
from engine.definition.nodes import ListNode, MapNode, Node, Scalar, plain
from engine.model.app import Approval, Choice, Flow, State, Transition
from engine.model.text import Text


def states_of(table: MapNode) -> Mapping[str, Choice]:
    """Name → title of a table's states; none without a flow."""
    flow = table.items.get("flow")
    found = children(flow.items["states"]) if isinstance(flow, MapNode) else ()
    return {
        name: Choice(name, title_of(node, name), text_of(node.items.get("was")) or None)
        for name, node in found
        if isinstance(node, MapNode)
    }


def flow_field(table: MapNode) -> str | None:
    """The field that holds a table's state, as its flow names it."""
    flow = table.items.get("flow")
    return text_of(flow.items["field"]) if isinstance(flow, MapNode) else None


def check_flow_field(name: str, table: MapNode, report: Report) -> None:
    """The flow's field is a state field of the table, and every state field has a flow."""
    fields, flow = table.items["fields"], table.items.get("flow")
    assert isinstance(fields, MapNode)
    wanted = flow_field(table)
    for field, node in children(fields):
        kind = text_of(node.items["type"]) if isinstance(node, MapNode) else ""
        if kind == "state" and field != wanted and (wanted is None or wanted in fields.items):
            report.add("state-without-flow", fields.keys[field], f"tables.{name}.fields.{field}", name=field)
    if not isinstance(flow, MapNode) or wanted is None:
        return
    report.uses.name(f"tables.{name}.fields.{wanted}", wanted, flow.items["field"].span)
    report.uses.flows[name] = wanted
    named = fields.items.get(wanted)
    path = f"tables.{name}.flow.field"
    if not isinstance(named, MapNode):
        report.add("unknown-field", flow.items["field"].span, path, name=wanted, table=name, hint=instead(wanted, fields.items))
    elif text_of(named.items["type"]) != "state":
        report.add("not-a-state", flow.items["field"].span, path, name=wanted)


def build_flow(table: str, node: Node | None, context: Context) -> Flow | None:
    """The flow of a table; None when it has none."""
    if not isinstance(node, MapNode):
        return None
    path = f"tables.{table}.flow"
    states = {
        name: State(
            name,
            title_of(state, name),
            flag(state, "initial"),
            flag(state, "final"),
            state.span,
            text_of(state.items.get("was")) or None,
        )
        for name, state in children(node.items["states"])
        if isinstance(state, MapNode)
    }
    transitions = {
        name: _transition(table, name, item, context, states, f"{path}.transitions.{name}")
        for name, item in children(node.items.get("transitions"))
        if isinstance(item, MapNode)
    }
    return Flow(text_of(node.items["field"]), MappingProxyType(states), MappingProxyType(transitions), node.span)


def _transition(table: str, name: str, node: MapNode, context: Context, states: Mapping[str, State], path: str) -> Transition:
    sources = [_state(item, table, context, states, f"{path}.from") for item in members(node.items["from"])]
    target = _state(node.items["to"], table, context, states, f"{path}.to")
    # An unknown role breaks the app; it may have been meant for system, so nothing is said of rules that lack it.
    by = [context.role(item, f"{path}.by", system=True) or "system" for item in members(node.items["by"])]
    needs = [text_of(item) for item in members(node.items.get("needs")) if _need(item, table, context, f"{path}.needs")]
    approvals = node.items.get("approvals")
    if approvals is not None:
        what = Text("流转「{name}」的审批", "approvals of “{name}”").fill(name=title_of(node, name))
        context.report.add("not-running-yet", approvals.span, f"{path}.approvals", what=what)
    return Transition(
        name=name,
        title=title_of(node, name),
        sources=tuple(s for s in sources if s),
        target=target or "",
        by=tuple(by),
        guard=context.expression(node.items.get("guard"), context.scope(table, user=True), f"{path}.guard"),
        needs=tuple(needs),
        approvals=_approvals(table, approvals, context, f"{path}.approvals"),
        span=node.span,
    )


def _state(node: Node, table: str, context: Context, states: Mapping[str, State], path: str) -> str | None:
    name = text_of(node)
    context.mention(f"tables.{table}.flow.states.{name}", node)
    if name in states:
        return name
    context.report.add("unknown-state", node.span, path, name=name, table=table, hint=instead(name, states))
    return None


def _need(node: Node, table: str, context: Context, path: str) -> bool:
    return context.field(text_of(node), node, context.tables[table], path) is not None


def _approvals(table: str, node: Node | None, context: Context, path: str) -> tuple[Approval, ...]:
    found = []
    for number, item in enumerate(node.items if isinstance(node, ListNode) else ()):
        if not isinstance(item, MapNode):
            continue
        here = f"{path}[{number}]"
        role = context.role(item.items["of"], f"{here}.of")
        condition = context.expression(item.items.get("if"), context.scope(table), f"{here}.if")
        count = item.items.get("count")
        number_of = plain(count) if isinstance(count, Scalar) else 1
        found.append(Approval(role or "", int(number_of), condition, item.span))
    return tuple(found)
