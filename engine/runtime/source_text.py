"""Rows from outside as text: kept so that their types come back, and refused where they hold what no database keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.model.problem import Fault, invalid
from engine.model.text import Text, storable

Row = Mapping[str, Any]


def encode(row: Row) -> str:
    """A row as JSON that `restore` turns back: decimals and times keep their types."""
    text = json.dumps(row, default=_tagged, ensure_ascii=False, sort_keys=True)
    return text if storable(text) else json.dumps(row, default=_tagged, ensure_ascii=True, sort_keys=True)


def _tagged(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value))


def restore(text: str) -> Row:
    """The row that `encode` wrote."""
    found: Row = json.loads(text, object_hook=_untagged)
    return found


def _untagged(value: dict[str, Any]) -> Any:
    match value:
        case {"$decimal": text}:
            return Decimal(text)
        case {"$datetime": text}:
            return datetime.fromisoformat(text)
        case {"$date": text}:
            return date.fromisoformat(text)
    return value


def require_storable(row: Row) -> None:
    """To be asked before anything of the row is looked for: no database takes such a text, not even as a question. Raises
    Problem 422 with the places."""
    faults = tuple(Fault(path, _BAD, _BAD_TEXT.fill(path=path)) for path, text in _texts("", row) if not storable(text))
    if faults:
        raise invalid(faults)


_BAD = "bad_text"
_BAD_TEXT = Text(
    "{path} 里有不能保存的字符（NUL 或残缺的字符）", "{path} holds NUL or a broken character, which cannot be kept"
)


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield repr(name), name
            yield from _texts(f"{path}.{name}".lstrip("."), inner)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _texts(f"{path}[{number}]", inner)
