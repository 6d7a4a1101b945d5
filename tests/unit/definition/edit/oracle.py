"""What an edit must do, said a second time and without any text: on plain data, and on the lines before and after."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from engine.definition.edit.draft import Draft
from engine.definition.nodes import plain
from engine.definition.read import read_text
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


class Change:
    """One edit of a definition in one file, the data it should give, and the edit that takes it back (None: there is none)."""

    def __init__(self, rng: Random, data: dict[str, Any]) -> None:
        self.data = deepcopy(data)
        self.rng = rng
        self.call: tuple[str, tuple[Any, ...], dict[str, Any]] = ("", (), {})
        self.back: tuple[str, tuple[Any, ...], dict[str, Any]] | None = None
        self.path: Steps = rng.choice([p for p in paths(data)])
        kinds = [self.set, self.set, self.add, self.add, self.remove, self.rename, self.move, self.transfer]
        while not rng.choice(kinds)():
            self.path = rng.choice([p for p in paths(data)])

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
            name = self.rng.choice([n for n in NAMES + ["added"] if n not in container])
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
        return True

    def rename(self) -> bool:
        container, old = at(self.data, self.path[:-1]), self.path[-1]
        if not isinstance(old, str):
            return False
        new = self.rng.choice([n for n in NAMES + ["renamed"] if n not in container])
        pairs = [(new if n == old else n, each) for n, each in container.items()]
        container.clear()
        container.update(pairs)
        self.call = ("rename", (self.path, new), {})
        self.back = ("rename", ((*self.path[:-1], new), old), {})
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
            name = self.rng.choice([n for n in NAMES + ["moved"] if n not in container])
            self.call = ("move", (self.path,), {"to": (*to, name)})
            del source[self.path[-1]]
            container[name] = moved
        else:
            self.call = ("move", (self.path,), {"to": (*to, len(container))})
            del source[self.path[-1]]
            container.append(moved)
        return True


def run(draft: Draft, call: tuple[str, tuple[Any, ...], dict[str, Any]]) -> Draft:
    """The edit made."""
    name, given, named = call
    return getattr(draft, name)(*given, **named)  # type: ignore[no-any-return]
