"""What an edit must do, said a second time and without any text: on plain data, and on the lines before and after."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

from engine.definition.edit.draft import Draft
from engine.definition.edit.quoting import key
from engine.definition.nodes import ListNode, MapNode, Node, plain
from engine.definition.read import read_text
from engine.model.problem import Problem
from tests.unit.definition.edit.styles import NAMES, leaf, value

Steps = tuple[str | int, ...]


def data_of(draft: Draft) -> Any:
    """What the files read as, file by file, by the reader alone."""
    return {name: plain(read_text(name, data)) for name, data in draft.files.items()}


def exact(data: Any) -> str:
    """Data with its types, digits and order."""
    return repr(data)


def paths(data: Any, here: Steps = ()) -> list[Steps]:
    """Every place in it but the whole."""
    found: list[Steps] = []
    for step, each in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        found += [(*here, step), *paths(each, (*here, step))]
    return found


def at(data: Any, steps: Steps) -> Any:
    for step in steps:
        data = data[step]
    return data


def added(text: str, container: Steps) -> set[int]:
    """The lines that a new entry may touch: none where entries stand in lines, but for a dash that it has to share."""
    node = at_node(read_text("f.yaml", text.encode()), container)
    spots = _spots(read_text("f.yaml", text.encode()))
    if isinstance(node, (MapNode, ListNode)) and node.items and not node.flow and not _in_braces(text, container):
        return {min(line for path, line in spots.items() if path[: len(container)] == container and path != container)}
    return zone(text, (*container, "…"))


def _in_braces(text: str, steps: Steps) -> bool:
    tree = read_text("f.yaml", text.encode())
    return any(getattr(at_node(tree, steps[:depth]), "flow", False) for depth in range(len(steps) + 1))


class Change:
    """One edit of a definition in one file, the data it should give, and the edit that takes it back (None: there is none)."""

    def __init__(self, rng: Random, data: dict[str, Any]) -> None:
        self.before, self.data = data, deepcopy(data)
        self.rng = rng
        self.call: tuple[str, tuple[Any, ...], dict[str, Any]] = ("", (), {})
        self.back: tuple[str, tuple[Any, ...], dict[str, Any]] | None = None
        self.path: Steps = rng.choice(paths(data))
        kinds = [self.set, self.set, self.add, self.add, self.remove, self.rename, self.move, self.transfer]
        while not rng.choice(kinds)():
            self.path = rng.choice(paths(data))

    def returns(self) -> bool:
        """Does the edit back restore every byte? It cannot know quotes, blank lines or columns that nothing shows any more."""
        name, given, _ = self.call
        if name == "set":
            old, new = at(self.before, self.path), given[1]
            return old == new or (isinstance(old, (bool, int, Decimal)) and isinstance(new, (bool, int, Decimal)))
        if name == "move" and len(self.path) > 1 and isinstance(self.path[-2], int):
            return False  # a comment that went before the first of an item has put its dash on a line of its own
        return name != "rename_key" or len(key(str(given[1]), flow=False)) <= len(key(str(self.path[-1]), flow=False))

    def touches(self, text: str) -> set[int]:
        """The lines that this edit may touch."""
        name, given, named = self.call
        if name == "add":
            return added(text, given[0])
        own = zone(text, given[0])
        return own | (added(text, named["to"][:-1]) if "to" in named else set())

    def __repr__(self) -> str:
        return f"{self.call} back {self.back}"

    def set(self) -> bool:
        new = value(self.rng, 2) if self.rng.random() < 0.4 else leaf(self.rng)
        self.call = ("set", (self.path, new), {})
        self.back = ("set", (self.path, at(self.data, self.path)), {})
        at(self.data, self.path[:-1])[self.path[-1]] = new
        return True

    def add(self) -> bool:
        container = at(self.data, self.path)
        new = value(self.rng, 2)
        if isinstance(container, dict):
            name = self.rng.choice([n for n in [*NAMES, "added"] if n not in container])
            before = self.rng.choice([None, *container])
            self.call = ("add", (self.path, name, new), {} if before is None else {"before": (*self.path, before)})
            pairs = list(container.items())
            pairs.insert(list(container).index(before) if before is not None else len(pairs), (name, new))
            container.clear()
            container.update(pairs)
            self.back = ("remove", ((*self.path, name),), {}) if len(pairs) > 1 else None
            return True
        if isinstance(container, list):
            number = self.rng.randint(0, len(container))
            self.call = ("add", (self.path, None, new), {} if number == len(container) else {"before": number})
            container.insert(number, new)
            self.back = ("remove", ((*self.path, number),), {}) if len(container) > 1 else None
            return True
        return False

    def remove(self) -> bool:
        if self.path in {("app",)}:
            return False
        container = at(self.data, self.path[:-1])
        self.call = ("remove", (self.path,), {})
        del container[self.path[-1]]
        self._tidy()
        return True

    def _tidy(self) -> None:
        """A title without a text may be left out, but not stand empty."""
        if self.path[:-1] == ("title",) and not self.data["title"]:
            del self.data["title"]

    def rename(self) -> bool:
        container, old = at(self.data, self.path[:-1]), self.path[-1]
        if not isinstance(old, str):
            return False
        new = self.rng.choice([n for n in [*NAMES, "renamed"] if n not in container])
        pairs = [(new if n == old else n, each) for n, each in container.items()]
        container.clear()
        container.update(pairs)
        self.call = ("rename_key", (self.path, new), {})
        self.back = ("rename_key", ((*self.path[:-1], new), old), {})
        return True

    def move(self) -> bool:
        container, old = at(self.data, self.path[:-1]), self.path[-1]
        names = list(container) if isinstance(container, dict) else list(range(len(container)))
        if len(names) < 2:
            return False
        here = names.index(old)
        there = self.rng.choice([n for n in range(len(names)) if n != here])
        where = "before" if there < here else "after"
        self.call = ("move", (self.path,), {where: (*self.path[:-1], names[there])})
        self._reorder(container, names, here, there)
        if isinstance(container, dict):
            beside = names[here + 1] if there > here and here + 1 < len(names) else names[here - 1]
            self.back = ("move", (self.path,), {"before" if there > here else "after": (*self.path[:-1], beside)})
        else:
            self.back = ("move", ((*self.path[:-1], there),), {"to": (*self.path[:-1], here)})
        return True

    @staticmethod
    def _reorder(container: Any, names: list[Any], here: int, there: int) -> None:
        order = [n for n in names if n != names[here]]
        order.insert(there, names[here])
        if isinstance(container, dict):
            pairs = [(n, container[n]) for n in order]
            container.clear()
            container.update(pairs)
        else:
            container[:] = [container[n] for n in order]

    def transfer(self) -> bool:
        targets = [p for p in paths(self.data) if p[: len(self.path)] != self.path and p != self.path[:-1]]
        targets = [p for p in targets if isinstance(at(self.data, p), (dict, list))]
        if not targets or self.path == ("app",):
            return False
        to = self.rng.choice(targets)
        container, moved = at(self.data, to), at(self.data, self.path)
        source = at(self.data, self.path[:-1])
        if isinstance(container, dict):
            name = self.rng.choice([n for n in [*NAMES, "moved"] if n not in container])
            self.call = ("move", (self.path,), {"to": (*to, name)})
            del source[self.path[-1]]
            container[name] = moved
        else:
            self.call = ("move", (self.path,), {"to": (*to, len(container))})
            del source[self.path[-1]]
            container.append(moved)
        self._tidy()
        return True


def _spots(node: Node, here: Steps = ()) -> dict[Steps, int]:
    """On which line everything begins: its key, or where it is an item the value. Lines count from 0."""
    found: dict[Steps, int] = {}
    if isinstance(node, MapNode):
        for name, item in node.items.items():
            found |= {(*here, name): node.keys[name].line - 1} | _spots(item, (*here, name))
    elif isinstance(node, ListNode):
        for number, item in enumerate(node.items):
            found |= {(*here, number): item.span.line - 1} | _spots(item, (*here, number))
    return found


def zone(text: str, steps: Steps) -> set[int]:
    """The lines that an edit of an element may touch: its own to where the next begins, comments and blank lines above; the
    line its container hangs on; in braces, all lines from the outermost brace on."""
    tree = read_text("f.yaml", text.encode())
    rows, spots = text.split("\n"), _spots(tree)
    outer = next((depth for depth in range(len(steps)) if getattr(at_node(tree, steps[:depth]), "flow", False)), None)
    own = steps if outer is None else steps[:outer]
    inside = [line for path, line in spots.items() if path[: len(own)] == own]
    first = min(inside, default=0)
    last = min((line for path, line in spots.items() if path[: len(own)] != own and line > max(inside)), default=len(rows))
    allowed = set(range(first, max(last, first + 1)))
    above = first - 1
    while above >= 0 and (not rows[above].strip() or rows[above].strip()[0] in "#-"):
        allowed.add(above)
        if rows[above].strip().startswith("-"):  # `-` on a line of its own
            break
        above -= 1
    return allowed | {spots.get(own[:-1], first)} | _takes_over(tree, spots, own)


def _takes_over(tree: Node, spots: dict[Steps, int], own: Steps) -> set[int]:
    """The line of the entry below the first one of an item: it may come to stand behind the dash."""
    parent = at_node(tree, own[:-1]) if own else tree
    shares = isinstance(parent, (MapNode, ListNode)) and len(own) > 1 and isinstance(own[-2], int)
    steps = list(parent.items) if isinstance(parent, MapNode) else list(range(len(parent.items))) if shares else []
    return {spots[(*own[:-1], steps[1])]} if shares and len(steps) > 1 and steps[0] == own[-1] else set()


def at_node(node: Node, steps: Steps) -> Node:
    for step in steps:
        node = node.items[step]  # type: ignore[union-attr, index]
    return node


def kept(before: str, after: str, allowed: set[int]) -> bool:
    """Do all other lines stand there unchanged and in their order?"""
    rows = iter([row.rstrip("\r") for row in after.split("\n")])
    return all(row.rstrip("\r") in rows for number, row in enumerate(before.split("\n")) if number not in allowed)


def run(draft: Draft, call: tuple[str, tuple[Any, ...], dict[str, Any]]) -> Draft:
    """The edit made."""
    name, given, named = call
    return getattr(draft, name)(*given, **named)  # type: ignore[no-any-return]


def attempt(draft: Draft, call: tuple[str, tuple[Any, ...], dict[str, Any]]) -> tuple[Draft | None, set[str]]:
    """The draft after the edit, or why it was refused."""
    try:
        return run(draft, call), set()
    except Problem as problem:
        return None, {fault.code for fault in problem.errors}
