"""The data that is meant: what a caller may hand in, and what a definition should read as after a change.

The data side of every edit, without any text: the editor compares it with what its text reads as.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.definition.decode import UNPRINTABLE
from engine.definition.edit.paths import Step, Steps
from engine.definition.edit.refusals import refusal
from engine.model.text import Text

DEEPEST = 60
LONGEST_NAME = 200
_DIGITS = 18
_BREAKS = re.compile("[\r\n\x85\u2028\u2029]")


def taken(value: object, path: str, *, depth: int = 0) -> Any:
    """A value as the reader would give it: dict, list, str, int, Decimal, bool or None. Raises Problem for anything else."""
    if depth > DEEPEST:
        raise _no(path, Text(f"嵌套超过 {DEEPEST} 层", f"it is nested deeper than {DEEPEST} levels"))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(str(value), path)
    if isinstance(value, (int, Decimal)):
        return _number(value, path)
    if isinstance(value, Mapping):
        for name in value:
            check_name(name, path)
        return {str(name): taken(each, path, depth=depth + 1) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [taken(each, path, depth=depth + 1) for each in value]
    raise _no(
        path,
        Text(
            f"不认识 {type(value).__name__}，小数用 Decimal", f"{type(value).__name__} is not taken; use Decimal for decimals"
        ),
    )


def check_name(name: object, path: str) -> str:
    """A key: one line of text. Whether it is a good name is for the checks of the definition."""
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or UNPRINTABLE.search(name) or _BREAKS.search(name):
        raise refusal("bad_name", path, name=str(name)[:40])
    return str(name)


def _text(value: str, path: str) -> str:
    found = UNPRINTABLE.search(value)
    if found:
        code = f"U+{ord(found[0]):04X}"
        raise _no(path, Text(f"里面有看不见的控制字符 {code}", f"it holds the invisible control character {code}"))
    return value


def _number(value: int | Decimal, path: str) -> int | Decimal:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise _no(path, Text("不是一个数", "it is not a number"))
        _, digits, exponent = value.as_tuple()
        places = -int(exponent)
        if places > _DIGITS or len(digits) - places > _DIGITS:
            raise _no(path, Text("位数太多", "it has too many digits"))
        return value if places > 0 else int(value)
    if abs(value) >= 10**_DIGITS:
        raise _no(path, Text("位数太多", "it has too many digits"))
    return int(value)


def _no(path: str, why: Text) -> Exception:
    return refusal("bad_value", path, why=why)


def same(first: object, second: object) -> bool:
    """Equal in value, type, order of names and digits written; what was not touched is the same object and not looked at."""
    if first is second:
        return True
    if type(first) is not type(second):
        return False
    if isinstance(first, dict) and isinstance(second, dict):
        return list(first) == list(second) and all(same(value, second[name]) for name, value in first.items())
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(same(a, b) for a, b in zip(first, second, strict=True))
    return first == second and str(first) == str(second)


def _at(data: Any, steps: Steps, change: Callable[[Any], Any]) -> Any:
    """A copy of the data with one place changed; everything beside the way to it is shared."""
    if not steps:
        return change(data)
    copy: Any = list(data) if isinstance(data, list) else dict(data)
    copy[steps[0]] = _at(copy[steps[0]], steps[1:], change)
    return copy


def with_value(data: Any, steps: Steps, value: Any) -> Any:
    """The data with another value at a place that is there."""
    return _at(data, steps, lambda _: value)


def with_entry(data: Any, steps: Steps, name: str | None, value: Any, *, index: int) -> Any:
    """The data with an entry put into the container at `steps`, before its entry number `index`."""

    def put(container: Any) -> Any:
        if name is None:
            items = list(container or ())
            return [*items[:index], value, *items[index:]]
        pairs = list((container or {}).items())
        return dict([*pairs[:index], (name, value), *pairs[index:]])

    return _at(data, steps, put)


def without(data: Any, steps: Steps) -> Any:
    """The data without the entry at `steps`."""
    last: Step = steps[-1]

    def drop(container: Any) -> Any:
        if isinstance(container, list):
            return [each for number, each in enumerate(container) if number != last]
        return {name: each for name, each in container.items() if name != last}

    return _at(data, steps[:-1], drop)


def with_name(data: Any, steps: Steps, name: str) -> Any:
    """The data with the entry at `steps` under another name, in its place."""
    old = steps[-1]
    return _at(data, steps[:-1], lambda c: {name if each == old else each: value for each, value in c.items()})
