"""A value as new YAML text in the style of what stands around it: in braces on one line, or in lines of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.definition.edit.quoting import key, literal, scalar, style_for
from engine.definition.edit.style import Layout, prefers_flow, quotes
from engine.definition.nodes import ListNode, MapNode, Node, Scalar

WIDEST = 110


@dataclass(frozen=True, slots=True)
class Models:
    """What a new value is written like. `alike`: values in its role elsewhere, nearest first; `beside`: those around it."""

    layout: Layout = field(default_factory=Layout)
    alike: tuple[Node, ...] = ()
    beside: tuple[Node, ...] = ()

    def of(self, name: str | None) -> Models:
        """For what stands within the value: the entry of that name, or every item of a list."""
        inner: list[Node] = []
        around: list[Node] = []
        for node in self.alike:
            if isinstance(node, ListNode) and name is None:
                inner += node.items
            elif isinstance(node, MapNode) and name is not None:
                inner += [node.items[name]] if name in node.items else []
                around += node.items.values()
        return Models(self.layout, tuple(inner[:50]), tuple(around[:50]))


def inline(value: Any, models: Models, *, flow: bool) -> str:
    """A value on one line. `flow`: it will stand in brackets."""
    inside = models.layout.inside
    if isinstance(value, dict):
        parts = [f"{key(name, flow=True)}: {inline(each, models.of(name), flow=True)}" for name, each in value.items()]
        return "{" + inside + ", ".join(parts) + inside + "}" if parts else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(each, models.of(None), flow=True) for each in value) + "]"
    if isinstance(value, str):
        return scalar(value, flow=flow, style=style_for(value, alike=quotes(models.alike), beside=quotes(models.beside)))
    return scalar(value, flow=flow)


def wants_lines(value: Any, models: Models, *, depth: int) -> bool:
    """Should the value get lines of its own? `depth`: how far below the top it stands."""
    if isinstance(value, str):
        return literal(value) is not None and not _stays_quoted(models)
    if not isinstance(value, (dict, list)) or not value:
        return False
    flow = prefers_flow(models.alike, is_map=isinstance(value, dict))
    if flow is not None:
        return not flow
    if depth <= 2 or any(isinstance(each, str) and literal(each) for each in _values(value)):
        return True
    return len(inline(value, models, flow=True)) > WIDEST or (_of_parts(value) and depth <= 5)


def _stays_quoted(models: Models) -> bool:
    """Is a text of several lines in this role written in quotes?"""
    first = models.alike[0] if models.alike else None
    return isinstance(first, Scalar) and first.style in {"'", '"'} and "\n" in first.text


def _values(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def _of_parts(value: dict[str, Any] | list[Any]) -> bool:
    """A map of things that have parts, such as fields, or a list with such a thing, such as steps."""
    some = [isinstance(each, (dict, list)) for each in _values(value)]
    return all(some) if isinstance(value, dict) else any(isinstance(each, dict) for each in value)


def lines(head: str, value: Any, models: Models, column: int, *, depth: int, pad: str = " ") -> list[str]:
    """An entry in lines, indented to its column. `head`: `name:` or `-`; `pad`: between it and a value on the same line."""
    margin = " " * column
    if not wants_lines(value, models, depth=depth):
        return [f"{margin}{head}{pad}{inline(value, models, flow=False)}"]
    layout = models.layout
    if isinstance(value, str):
        header, body = literal(value) or ("", [])
        inner = " " * (column + (layout.item if head == "-" else layout.step))
        return [f"{margin}{head}{pad}{header}", *(inner + line if line else "" for line in body)]
    if head == "-":
        first, *rest = nested(value, models, column + layout.item, depth=depth + 1)
        return [margin + "-" + " " * (layout.item - 1) + first.lstrip(" "), *rest]
    offset = layout.dashes if isinstance(value, list) else layout.step
    return [margin + head, *nested(value, models, column + offset, depth=depth + 1)]


def nested(value: dict[str, Any] | list[Any], models: Models, column: int, *, depth: int) -> list[str]:
    """The entries of a value in lines, all at one column."""
    if isinstance(value, list):
        return [line for each in value for line in lines("-", each, models.of(None), column, depth=depth)]
    found: list[str] = []
    for name, each in value.items():
        found += lines(key(name, flow=False) + ":", each, models.of(name), column, depth=depth)
    return found
