"""Rows as lines of text that mean the same on every database: a JSON list per row, values that JSON has no form for as
`{"kind": "text"}`. And a sum over the lines of a table that does not depend on their order."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.model.types import JsonText

_MICROSECOND = timedelta(microseconds=1)
_PLAIN = frozenset({str, int, bool, type(None)})

_WRITERS: tuple[tuple[type | tuple[type, ...], str, Callable[[Any], Any]], ...] = (
    (Decimal, "decimal", lambda value: format(value, "f")),
    (datetime, "instant", lambda value: value.astimezone(UTC).isoformat()),
    (date, "day", lambda value: value.isoformat()),
    (time, "clock", lambda value: value.isoformat()),
    (timedelta, "span", lambda value: value // _MICROSECOND),
    ((bytes, memoryview), "bytes", lambda value: base64.b64encode(value).decode()),
    (frozenset, "set", sorted),
    (tuple, "tuple", list),
    (JsonText, "document", lambda value: value.text),
    ((list, dict), "json", lambda value: value),
    (float, "float", float.hex),
)
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "decimal": Decimal,
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
    "clock": time.fromisoformat,
    "span": lambda value: timedelta(microseconds=value),
    "bytes": base64.b64decode,
    "set": frozenset,
    "tuple": tuple,
    "document": JsonText,
    "json": lambda value: value,
    "float": float.fromhex,
}


def write_row(values: Iterable[Any]) -> bytes:
    """One line, its break included."""
    row = [value if type(value) in _PLAIN else _written(value) for value in values]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "surrogatepass") + b"\n"


def read_row(line: bytes) -> list[Any]:
    """The values of a line. Raises ValueError for what is none."""
    row = json.loads(line.decode("utf-8", "surrogatepass"))
    if not isinstance(row, list):
        raise ValueError("not a row")
    return [_read(value) if isinstance(value, dict) else value for value in row]


def _written(value: Any) -> dict[str, Any]:
    for kinds, name, write in _WRITERS:
        if isinstance(value, kinds):
            return {name: write(value)}
    raise TypeError(f"no column holds a {type(value).__name__}")


def _read(value: Mapping[str, Any]) -> Any:
    ((name, inner),) = value.items()
    if name not in _READERS:
        raise ValueError(f"no kind of value: {name}")
    return _READERS[name](inner)


class Sum:
    """Adds up lines: equal for the same rows in any order."""

    def __init__(self) -> None:
        self.rows = 0
        self._total = 0

    def add(self, line: bytes) -> None:
        """One more row."""
        self.rows += 1
        self._total += int.from_bytes(hashlib.sha256(line).digest(), "big")

    def told(self) -> Sequence[int | str]:
        """[rows, sum]."""
        return [self.rows, f"{self._total % 2**256:064x}"]
