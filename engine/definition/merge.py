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
    merged = _Growing(Span())
    for root in roots:
        merged.take(root, "", problems, levels=-1)
    if problems:
        raise DefinitionError(problems)
    return merged.node()


class _Growing:
    """A map that entries are added to. Grown in place: with a copy for every file, many files would take forever."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.items: dict[str, Node | _Growing] = {}
        self.keys: dict[str, Span] = {}
        self.again: dict[str, tuple[Span, ...]] = {}

    def take(self, node: MapNode, path: str, problems: list[Diagnostic], *, levels: int) -> None:
        """`levels` -1: the top, where each section says how deep it may be joined; 0: a name here may not come twice."""
        self.span = self.span if self.span.line else node.span
        for name, item in node.items.items():
            here = f"{path}.{name}" if path else name
            there = self.items.get(name)
            depth = LEVELS.get(name, 1) if levels < 0 else levels - 1
            if there is None:
                self.items[name], self.keys[name] = item, node.keys[name]
            elif isinstance(item, MapNode) and depth > 0 and not (levels < 0 and name in _HEADER) and not _single(there):
                self._open(name, there).take(item, here, problems, levels=depth)
                self.again[name] = (*self.again.get(name, ()), node.keys[name])
            else:
                problems.append(diagnose("duplicate-name", node.keys[name], here, name=name, other=self.keys[name]))

    def _open(self, name: str, there: Node | _Growing) -> _Growing:
        if isinstance(there, _Growing):
            return there
        grown = self.items[name] = _Growing(there.span)
        if isinstance(there, MapNode):
            grown.items.update(there.items)
            grown.keys.update(there.keys)
        return grown

    def node(self) -> MapNode:
        """What came together. Whatever stood in one file alone is as it was read."""
        items = {name: item.node() if isinstance(item, _Growing) else item for name, item in self.items.items()}
        return MapNode(items, self.keys, self.span, again=self.again)


def _single(node: Node | _Growing) -> bool:
    return not isinstance(node, MapNode | _Growing)
