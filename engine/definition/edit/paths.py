"""Paths into a definition as Diagnostics write them (`rules.x.then[0]`) ⇄ steps. A name with a dot or bracket in it, which no
check would accept but a file may hold, is given as a sequence of steps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.definition.edit.refusals import refusal

Step = str | int
Steps = tuple[Step, ...]
Path = str | Sequence[Step]

_PART = re.compile(r"([^.\[\]]+)((?:\[[0-9]{1,6}\])*)")
_LONGEST, _MOST = 10_000, 200


def steps_of(path: Path) -> Steps:
    """A path as steps: names, and numbers of list items. Raises Problem for what is no path."""
    if isinstance(path, str):
        return _read(path)
    steps = tuple(path)
    if len(steps) > _MOST or not all(_is_step(step) for step in steps):
        raise refusal("bad_path", str(steps)[:100])
    return steps


def _is_step(step: object) -> bool:
    return isinstance(step, str) or (isinstance(step, int) and not isinstance(step, bool) and step >= 0)


def _read(path: str) -> Steps:
    if not path:
        return ()
    parts = path.split(".") if len(path) <= _LONGEST else []
    found: list[Step] = []
    for part in parts:
        match = _PART.fullmatch(part)
        if match is None:
            raise refusal("bad_path", path[:100])
        found.append(match[1])
        found.extend(int(number) for number in re.findall(r"[0-9]+", match[2]))
    if not 0 < len(found) <= _MOST:
        raise refusal("bad_path", path[:100])
    return tuple(found)


def written(steps: Steps) -> str:
    """Steps as a Diagnostic would write them."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")
