"""Steps: how each kind's body is read is said by its shape, so that a new kind needs nothing here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.definition.build.context import Context, children, members, text_of
from engine.definition.build.uses import field_of
from engine.definition.build.writing import lacking, writable
from engine.definition.messages import instead
from engine.definition.nodes import ListNode, MapNode, Node, plain
from engine.kinds.protocols import StepShape
from engine.model.app import Step, Table
from engine.model.text import Text
from engine.model.tree import Expression
from engine.model.types import Scope

RUNNING_CHANNELS = frozenset({"inbox"})
OWN_CHANNELS = frozenset({"inbox", "popup", "mail"})
_TITLES: Mapping[str, Text] = {"popup": Text("弹窗", "pop-up"), "mail": Text("邮件", "mail")}


def build_steps(
    node: Node, table: Table, tables: Mapping[str, Table], scope: Scope, channels: frozenset[str], context: Context, path: str
) -> tuple[Step, ...]:
    """The steps of a rule or of an alert's level, in order. `table`: of the record that set it off. `channels`: what a
    notice may go out by."""
    builder = _Builder(table, tables, scope, channels, context)
    items = node.items if isinstance(node, ListNode) else ()
    found = [builder.step(item, f"{path}[{number}]") for number, item in enumerate(items)]
    return tuple(step for step in found if step is not None)


class _Builder:
    def __init__(
        self, table: Table, tables: Mapping[str, Table], scope: Scope, channels: frozenset[str], context: Context
    ) -> None:
        self.table, self.tables, self.scope, self.channels, self.context = table, tables, scope, channels, context

    def step(self, node: Node, path: str) -> Step | None:
        """One step; None when its target is not there."""
        kind, body = next(children(node))
        shape = self.context.registry.steps[kind].shape
        here = f"{path}.{kind}"
        target = self._target(shape, body, here)
        if target is None:
            return None
        entries = body.items if isinstance(body, MapNode) else {}
        taken = {"where" if shape.where else "", "text" if shape.text else "", shape.values or ""}
        options = {key: plain(value) for key, value in entries.items() if key not in taken and shape.values != ""}
        if shape.scalar is not None:
            options = {shape.scalar: text_of(body)}
        scope = replace(self.scope, inner=target.name) if shape.inner else self.scope
        values = self._values(shape, body, target, scope, here, creates=shape.table and not shape.where)
        text = entries.get("text")
        if shape.values != "":
            self._names(options, body, here)
        return Step(
            kind=kind,
            path=path,
            options=MappingProxyType(options),
            values=MappingProxyType(values),
            where=self.context.expression(entries.get("where"), scope, f"{here}.where") if shape.where else None,
            text=self.context.template(text, self.scope, f"{here}.text") if shape.text and text is not None else None,
            span=node.span,
        )

    def _target(self, shape: StepShape, body: Node, path: str) -> Table | None:
        """The table that is written: the record's own, or the one named."""
        if not shape.table or not isinstance(body, MapNode):
            return self.table
        types = self.context.table(body.items["table"], f"{path}.table")
        return self.tables.get(types.name) if types is not None else None

    def _values(
        self, shape: StepShape, body: Node, target: Table, scope: Scope, path: str, *, creates: bool
    ) -> dict[str, Expression]:
        if shape.values is None or not isinstance(body, MapNode):
            return {}
        node = body.items.get(shape.values, body) if shape.values else body
        here = f"{path}.{shape.values}" if shape.values else path
        values = {}
        for name, item in children(node):
            span = node.keys[name] if isinstance(node, MapNode) else item.span
            if writable(name, span, target, f"{here}.{name}", self.context):
                wanted, into = target.fields[name].type, field_of(target.name, name)
                expression = self.context.expression(item, scope, f"{here}.{name}", expect=wanted, into=into)
                if expression is not None:
                    values[name] = expression
        if creates:
            missing = lacking(target, dict(children(node)))
            if missing:
                self.context.report.add("lacks-required", node.span, here, names=", ".join(missing))
        return values

    def _names(self, options: Mapping[str, object], body: Node, path: str) -> None:
        """Roles, channels and transitions that constants of a step name."""
        if "transition" in options:
            self._transition(body, path)
        if isinstance(body, MapNode):
            check_audience(body, self.channels, self.context, path)

    def _transition(self, node: Node, path: str) -> None:
        name, report = text_of(node), self.context.report
        self.context.mention(f"tables.{self.table.name}.flow.transitions.{name}", node)
        if self.table.flow is None:
            report.add("no-flow", node.span, path, table=self.table.name)
        elif name not in self.table.flow.transitions:
            hint = instead(name, self.table.flow.transitions)
            report.add("unknown-transition", node.span, path, name=name, table=self.table.name, hint=hint)
        elif "system" not in self.table.flow.transitions[name].by:
            report.add("not-by-system", node.span, path, name=name)


def check_audience(body: MapNode, channels: frozenset[str], context: Context, path: str) -> None:
    """`to: [role.x]` and `by: [channel]`; a channel that is known but not running yet is noted."""
    for item in members(body.items.get("to")):
        name = text_of(item).removeprefix("role.")
        context.mention(f"roles.{name}", item, start=len(text_of(item)) - len(name))
        if name not in context.roles:
            context.report.add("unknown-role", item.span, f"{path}.to", name=name, hint=instead(name, context.roles))
    for item in members(body.items.get("by")):
        name = text_of(item)
        if name not in OWN_CHANNELS:
            context.mention(f"connections.{name}", item)
        if name not in channels:
            context.report.add("unknown-channel", item.span, f"{path}.by", name=name, hint=instead(name, sorted(channels)))
        elif name not in RUNNING_CHANNELS:
            what = Text("通过「{name}」通知", "notices by “{name}”").fill(name=_TITLES.get(name, name))
            context.report.add("not-running-yet", item.span, f"{path}.by", what=what)
