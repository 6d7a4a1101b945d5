"""Several files → one definition. How sections are spread over files is free; a name may stand only once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.definition.messages import diagnose
from engine.definition.nodes import MapNode, Node
from engine.model.diagnostic import DefinitionError, Diagnostic, Span

# How many levels of names below a section may come from different files: permissions are role → table.
LEVELS: Mapping[str, int] = {"permissions": 2}
_HEADER = frozenset({"app", "title", "version"})


def merge(roots: Iterable[MapNode]) -> MapNode:
    """One map of sections, entries in the order of the files given. Raises DefinitionError for names that stand twice."""
    problems: list[Diagnostic] = []
    merged = MapNode({}, {}, Span())
    for root in roots:
        merged = _join(merged, root, "", problems, levels=-1)
    if problems:
        raise DefinitionError(problems)
    return merged


def _join(first: MapNode, second: MapNode, path: str, problems: list[Diagnostic], *, levels: int) -> MapNode:
    """`levels` -1: the top, where each section says how deep it may be joined; 0: a name here may not come twice."""
    items: dict[str, Node] = dict(first.items)
    keys, again = dict(first.keys), dict(first.again)
    for name, node in second.items.items():
        here = f"{path}.{name}" if path else name
        there = items.get(name)
        depth = LEVELS.get(name, 1) if levels < 0 else levels - 1
        if there is None:
            items[name], keys[name] = node, second.keys[name]
        elif isinstance(there, MapNode) and isinstance(node, MapNode) and depth > 0 and not (levels < 0 and name in _HEADER):
            items[name] = _join(there, node, here, problems, levels=depth)
            again[name] = (*again.get(name, ()), second.keys[name])
        else:
            problems.append(diagnose("duplicate-name", second.keys[name], here, name=name, other=keys[name]))
    return MapNode(items, keys, first.span if first.span.line else second.span, again=again)
