"""Fields of tables and facts of people. A formula's type comes from its expression, so formulas are built apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from engine.definition.build.context import Report, children, flag, text_of, title_of
from engine.definition.nodes import ListNode, MapNode, Node, Scalar, plain
from engine.kinds.protocols import FieldKind, ValueProblem
from engine.kinds.registry import Registry
from engine.model.app import Choice, Field
from engine.model.text import Text
from engine.model.types import EMPTY, Type

COMMON = frozenset({"type", "title", "required", "unique", "default", "was"})


def build_field(
    name: str, node: Node, registry: Registry, report: Report, path: str, *, states: Mapping[str, Choice] | None = None
) -> Field:
    """One field; a formula still without expression and type. `states`: the choices of a state field."""
    assert isinstance(node, MapNode)  # the outline has seen to it
    kind = registry.fields[text_of(node.items["type"])]
    options = {key: plain(value) for key, value in children(node) if key not in COMMON}
    choices = states if states is not None else _choices(node.items.get("choices"))
    field = Field(
        name=name,
        title=title_of(node, name),
        kind=kind.name,
        type=_type(kind, options, choices),
        required=flag(node, "required"),
        unique=flag(node, "unique"),
        default=None,
        choices=MappingProxyType(dict(choices)),
        options=MappingProxyType(options),
        value=None,
        stored=kind.name != "formula",
        span=node.span,
        was=text_of(node.items.get("was")) or None,
    )
    return _with_default(field, kind, node.items.get("default"), report, path)


def _choices(node: Node | None) -> Mapping[str, Choice]:
    return {name: Choice(name, Text.of(plain(title)), _was(title)) for name, title in children(node)}


def _was(node: Node) -> str | None:
    return text_of(node.items.get("was")) or None if isinstance(node, MapNode) else None


def _type(kind: FieldKind, options: Mapping[str, Any], choices: Mapping[str, Choice]) -> Type:
    if kind.name == "formula":
        return EMPTY
    return kind.type({**options, "choices": choices} if choices else options)


def _with_default(field: Field, kind: FieldKind, node: Node | None, report: Report, path: str) -> Field:
    if isinstance(node, ListNode):
        return _with_default_list(field, kind, node, report, path)
    if not isinstance(node, Scalar):
        return field
    value, why = constant(field, kind, node)
    if why is not None:
        report.add("bad-default", node.span, f"{path}.default", why=why)
        return field
    if field.choices:
        report.uses.name(f"{path}.choices.{node.text}", node.text, node.span)
    return replace(field, default=value)


def _with_default_list(field: Field, kind: FieldKind, node: ListNode, report: Report, path: str) -> Field:
    """Of a kind that takes several: a choice that there is not is named where it stands."""
    items = [item for item in node.items if isinstance(item, Scalar)]
    for item in items if field.choices else ():
        _, why = constant(field, kind, item)
        if why is not None:
            report.add("bad-default", item.span, f"{path}.default", why=why)
            return field
        report.uses.name(f"{path}.choices.{item.text}", item.text, item.span)
    try:
        return replace(field, default=kind.parse([item.text for item in items], field))
    except ValueProblem as problem:
        report.add("bad-default", node.span, f"{path}.default", why=problem.message)
        return field


def constant(field: Field, kind: FieldKind, node: Scalar) -> tuple[Any, Text | None]:
    """A constant of the definition as a value of the field, or why it is none. Choices go by name alone here."""
    if field.choices and node.text not in field.choices:
        names = ", ".join(field.choices)
        return None, Text("没有「{a}」这个选项；可以是 {b}", "there is no choice “{a}”; it can be {b}").fill(
            a=node.text, b=names
        )
    try:
        # Where a name is all digits, YAML sees a number: for text, what was written counts.
        raw = node.text if isinstance(node.value, str) or field.choices else node.value
        return kind.parse(raw, field), None
    except ValueProblem as problem:
        return None, problem.message
