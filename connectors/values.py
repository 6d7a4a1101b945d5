"""From a source's JSON to typed values, by the selectors of a manifest.

Here, because this is where a source that changed its interface is noticed: a documented field that is missing, or a value that
does not fit, is an error naming its path, never a silently empty value. It must not know where the JSON came from."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connectors import errors
from connectors.manifest import Selector
from engine.model.text import Text
from engine.model.types import Type, TypeKind

# RFC 3339; a time without an offset would be a guess.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
_TEXT_LIMIT = 100_000


def row(data: Any, fields: tuple[Selector, ...], path: str) -> dict[str, Any]:
    """The typed values of one row standing at `path`. Raises SourceError (`missing_field`, `bad_value`)."""
    if not isinstance(data, dict):
        raise errors.bad_value(path, Text("一条记录", "a record"))
    return {field.name: _value(data, field, path) for field in fields}


def dig(data: Any, path: tuple[str, ...], at: str) -> Any:
    """What stands at `path` inside `data`. Raises SourceError (`missing_field`) where something on the way is not there."""
    for step in path:
        at = f"{at}.{step}" if at else step
        if not isinstance(data, dict) or step not in data:
            raise errors.missing(at)
        data = data[step]
    return data


def _value(data: Any, field: Selector, at: str) -> Any:
    for path in field.paths:
        found = _find(data, path, at, empty=field.empty)
        if found is not None:
            return _read(found, field, f"{at}.{'.'.join(path)}")
    if field.empty:
        return None
    raise errors.bad_value(f"{at}.{'.'.join(field.paths[-1])}", wanted(field.type))


def _find(data: Any, path: tuple[str, ...], at: str, *, empty: bool) -> Any:
    """Like `dig`, but null on the way is null where the field may be empty."""
    for step in path:
        at = f"{at}.{step}"
        if data is None and empty:
            return None
        if not isinstance(data, dict) or step not in data:
            raise errors.missing(at)
        data = data[step]
    return data


def _read(found: Any, field: Selector, path: str) -> Any:
    value = convert(found, field.type, path)
    if field.pattern is not None:
        match = field.pattern.fullmatch(value)
        if match is None:
            raise errors.bad_value(path, Text("约定的写法", "written as documented"))
        return match[1]
    return value


def convert(value: Any, kind: Type, path: str) -> Any:
    """One JSON value as its type: text, bool, int, Decimal (from text only: JSON numbers are binary floats to many), aware
    UTC datetime. Raises SourceError (`bad_value`)."""
    result: Any = None
    match kind.kind:
        case TypeKind.TEXT:
            result = value if isinstance(value, str) and len(value) <= _TEXT_LIMIT else None
        case TypeKind.BOOLEAN:
            result = value if isinstance(value, bool) else None
        case TypeKind.DATETIME:
            result = _moment(value) if isinstance(value, str) else None
        case TypeKind.NUMBER if kind.scale == 0:
            result = value if type(value) is int and abs(value) < 2**63 else None
        case TypeKind.NUMBER:
            result = _decimal(value, kind.scale) if isinstance(value, str) else None
    if result is None:
        raise errors.bad_value(path, wanted(kind))
    return result


def wanted(kind: Type) -> Text:
    """A type in words."""
    match kind.kind:
        case TypeKind.NUMBER if kind.scale == 0:
            return Text("整数", "a whole number")
        case TypeKind.NUMBER:
            places = Text("最多 {n} 位小数的金额", "an amount with at most {n} decimal places")
            return places.fill(n=kind.scale)
        case TypeKind.DATETIME:
            return Text("带时区的时间", "a time with its offset")
        case TypeKind.BOOLEAN:
            return Text("是或否", "true or false")
        case _:
            return Text("文字", "a text")


def _moment(text: str) -> datetime | None:
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    fraction = (match[3] or "0")[:6].ljust(6, "0")
    offset = "+00:00" if match[4] in "Zz" else match[4]
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}.{fraction}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _decimal(text: str, scale: int) -> Decimal | None:
    """Exact or nothing: money is never rounded on the way in."""
    if not _DECIMAL.fullmatch(text):
        return None
    number = Decimal(text)
    fitted = number.quantize(Decimal(1).scaleb(-scale))
    return fitted if fitted == number else None
