"""Paths into a definition as Diagnostics write them (`rules.x.then[0]`) ⇄ steps. A name with a dot or bracket in it, which no
check would accept but a file may hold, stands in quotes (`rules."a.b"`); a path may also be given as a sequence of steps."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from engine.definition.edit.refusals import refusal

Step = str | int
Steps = tuple[Step, ...]
Path = str | Sequence[Step]

_PART = re.compile(r"""(?:([^.\[\]"]+)|("(?:[^"\\]|\\.)*"))((?:\[[0-9]{1,6}\])*)(?:\.(?=.)|\Z)""", re.DOTALL)
_QUOTED = re.compile(r"""[.\[\]"\\]""")
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
    found: list[Step] = []
    at = 0
    while at < len(path) <= _LONGEST and len(found) <= _MOST:
        match = _PART.match(path, at)
        if match is None:
            raise refusal("bad_path", path[:100])
        found.append(match[1] or _unquoted(match[2], path))
        found.extend(int(number) for number in re.findall(r"[0-9]+", match[3]))
        at = match.end()
    if not 0 < len(found) <= _MOST:
        raise refusal("bad_path", path[:100])
    return tuple(found)


def _unquoted(name: str, path: str) -> str:
    try:
        return str(json.loads(name))
    except ValueError:
        raise refusal("bad_path", path[:100]) from None


def written(steps: Steps) -> str:
    """Steps as a Diagnostic would write them."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += "." + (json.dumps(step, ensure_ascii=False) if _QUOTED.search(step) or not step else step)
    return text.removeprefix(".")
