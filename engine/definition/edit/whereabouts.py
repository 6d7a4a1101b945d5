"""Which file a path leads to, what is there, and where something new belongs: sections may be spread over several files."""

from __future__ import annotations

from typing import Any

from engine.definition.edit.finding import holds
from engine.definition.edit.paths import Path, Step, Steps, steps_of, written
from engine.definition.edit.refusals import refusal, unknown
from engine.definition.edit.steps import Files, put_entry
from engine.model.problem import Problem


def inner(path: Path) -> Steps:
    """A path to something within the definition, not to all of it."""
    steps = steps_of(path)
    if not steps:
        raise refusal("bad_path", str(path))
    return steps


def holders(files: Files, steps: Steps) -> list[str]:
    """The files that hold something at a path."""
    return [name for name, source in files.items() if holds(source, steps)]


def only(files: Files, steps: Steps) -> str:
    """The one file that holds it. Raises Problem for none and for several."""
    found = holders(files, steps)
    if len(found) > 1:
        raise refusal("several_files", written(steps), files=", ".join(found))
    if not found:
        raise lost(files, steps)
    return found[0]


def lost(files: Files, steps: Steps) -> Problem:
    """What to say of a path that leads nowhere: the first step that is not there, and what may have been meant."""
    depth = next((n for n in range(1, len(steps)) if not holders(files, steps[:n])), len(steps))
    return unknown(written(steps[:depth]), steps[depth - 1], names(files, steps[: depth - 1]))


def value(files: Files, file: str, steps: Steps) -> Any:
    """What one file says at a path."""
    data: Any = files[file].data
    for step in steps:
        data = data[step]
    return data


def joined(files: Files, steps: Steps) -> Any:
    """What all files together say at a path."""
    found = [value(files, file, steps) for file in holders(files, steps)]
    if not found:
        raise lost(files, steps)
    result = found[0]
    for other in found[1:]:
        result = _join(result, other)
    return result


def _join(first: Any, second: Any) -> Any:
    if not isinstance(first, dict) or not isinstance(second, dict):
        return first
    both = {name: _join(each, second[name]) if name in second else each for name, each in first.items()}
    return {**both, **{name: each for name, each in second.items() if name not in first}}


def names(files: Files, steps: Steps) -> list[str]:
    """The names in a map, from all files."""
    found = [value(files, file, steps) for file in holders(files, steps)]
    return [name for each in found if isinstance(each, dict) for name in each]


def number(files: Files, file: str, steps: Steps) -> int:
    """Which entry of its container it is."""
    container = value(files, file, steps[:-1])
    last = steps[-1]
    return last if isinstance(last, int) else list(container).index(last)


def sibling(files: Files, steps: Steps, given: Path | int) -> Step:
    """The last step of an entry of a container, which is given by name, number or path."""
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and given in names(files, steps):
        return given
    full = steps_of(given)  # type: ignore[arg-type]
    if not full or full[:-1] != steps:
        raise unknown(written(full), full[-1] if full else "", names(files, steps))
    return full[-1]


def home(files: Files, steps: Steps) -> str:
    """The file for a new entry of a container: the last that holds the container; for a new section the one with `app`."""
    if not steps:
        return (holders(files, ("app",)) or list(files))[0]
    return holders(files, steps)[-1]


def fits(files: Files, file: str, steps: Steps, last: Step) -> int:
    """How many entries the container has. Raises Problem where nothing can be put, or not under such a step."""
    container = value(files, file, steps)
    if container is None:
        return 0
    if not isinstance(container, (dict, list)):
        raise refusal("not_a_container", written(steps))
    if isinstance(container, list) != isinstance(last, int):
        raise unknown(written((*steps, last)), last, container if isinstance(container, dict) else ())
    return len(container)


def create(files: Files, steps: Steps, new: Any) -> Files:
    """Something new at a path, at the end of its container; what is missing on the way is made."""
    depth = next(n for n in range(len(steps) - 1, -1, -1) if not n or holders(files, steps[:n]))
    container, last = steps[:depth], steps[depth]
    file = home(files, container)
    size = fits(files, file, container, last)
    for step in reversed(steps[depth + 1 :]):
        if isinstance(step, int) and step:
            raise unknown(written(steps), step, ())
        new = [new] if isinstance(step, int) else {step: new}
    if isinstance(last, int) and last != size:
        raise unknown(written(steps), last, ())
    return put_entry(files, file, container, None if isinstance(last, int) else last, new, index=size)
