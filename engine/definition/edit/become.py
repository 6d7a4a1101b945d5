"""Turning a map or list into another one, entry by entry, so that what is alike keeps its text."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

from engine.definition.edit.moving import reorder
from engine.definition.edit.paths import Steps
from engine.definition.edit.steps import Files, change_value, put_entry, take_out
from engine.definition.edit.values import same


def become(files: Files, file: str, steps: Steps, old: Any, new: Any) -> Files:
    """The value at a path turned into another one."""
    if same(old, new):
        return files
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() & new.keys():
        return _map(files, file, steps, old, new)
    if isinstance(old, list) and isinstance(new, list) and old and new:
        return _list(files, file, steps, old, new)
    return change_value(files, file, steps, new)


def _map(files: Files, file: str, steps: Steps, old: dict[str, Any], new: dict[str, Any]) -> Files:
    names = list(old)
    for name in [name for name in names if name not in new]:
        files = take_out(files, file, (*steps, name))
        names.remove(name)
    for at, name in enumerate(new):
        if name not in old:
            files = put_entry(files, file, steps, name, new[name], index=at)
            names.insert(at, name)
        elif names[at] != name:
            files = reorder(files, file, steps, names.index(name), at)
            names.remove(name)
            names.insert(at, name)
        if name in old:
            files = become(files, file, (*steps, name), old[name], new[name])
    return files


def _list(files: Files, file: str, steps: Steps, old: list[Any], new: list[Any]) -> Files:
    """From the end, so that the numbers of what comes before stay true."""
    matcher = SequenceMatcher(None, [repr(item) for item in old], [repr(item) for item in new], autojunk=False)
    for kind, start, end, first, last in reversed(matcher.get_opcodes()):
        if kind == "equal":
            continue
        both = min(end - start, last - first)
        for number in range(last - 1, first + both - 1, -1):
            files = put_entry(files, file, steps, None, new[number], index=start + both)
        for number in range(end - 1, start + both - 1, -1):
            files = take_out(files, file, (*steps, number))
        for number in range(both):
            files = become(files, file, (*steps, start + number), old[start + number], new[first + number])
    return files
