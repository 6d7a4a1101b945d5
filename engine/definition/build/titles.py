"""What people call the things of a definition: title → names. Only for hints; a title gives nothing a meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.definition.nodes import MapNode, Node, Scalar
from engine.language.titles import Titles
from engine.model.types import Children


def titles_at(root: MapNode, address: str) -> Titles:
    """The titles of the entries of the map at `address` (`roles`, `tables.orders.fields`)."""
    node: Node | None = root
    for step in address.split("."):
        node = node.items.get(step) if isinstance(node, MapNode) else None
    return _gathered((title, name) for name, entry in _entries(node) for title in _titles(entry))


def expression_titles(table: str, nodes: Mapping[str, MapNode], lists: Mapping[str, Children]) -> Titles:
    """How expressions about a table write what people call its fields, child lists, choices and states, and itself."""
    node = nodes[table]
    found: list[tuple[str, str]] = []
    for name, field in _entries(node.items.get("fields")):
        found += ((title, name) for title in _titles(field))
        found += _options(field.items.get("choices") if isinstance(field, MapNode) else None)
    for name, children in lists.items():
        found += ((title, name) for title in _titles(nodes[children.table]))
    flow = node.items.get("flow")
    found += _options(flow.items.get("states") if isinstance(flow, MapNode) else None)
    found += ((title, table) for title in _titles(node))
    return _gathered(found)


def _options(node: Node | None) -> Iterable[tuple[str, str]]:
    return ((title, f"'{name}'") for name, entry in _entries(node) for title in _titles(entry))


def _titles(entry: Node | None) -> tuple[str, ...]:
    """In every language. An entry is its own title (of a choice) or a map with `title`, or one by language."""
    if isinstance(entry, Scalar):
        return (entry.text,) if entry.text else ()
    if not isinstance(entry, MapNode):
        return ()
    if "title" in entry.items:
        return _titles(entry.items["title"])
    return tuple(
        dict.fromkeys(each.text for key, each in entry.items.items() if key in ("zh", "en") and isinstance(each, Scalar))
    )


def _entries(node: Node | None) -> Iterable[tuple[str, Node]]:
    return node.items.items() if isinstance(node, MapNode) else ()


def _gathered(pairs: Iterable[tuple[str, str]]) -> Titles:
    found: dict[str, dict[str, None]] = {}
    for title, written in pairs:
        found.setdefault(title, {})[written] = None
    return {title: tuple(names) for title, names in found.items()}
