"""Values by their type alone, for fields whose kind does not fix the type (formulas), as JSON."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.kinds.values import durations, numbers, times
from engine.model.types import JsonText, Type, TypeKind


def to_json(value: Any, type: Type) -> Any:
    """A Python value → JSON: whole numbers as numbers, decimals as text, times RFC 3339, durations in seconds."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, datetime):
        return times.written(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return durations.seconds(value)
    if isinstance(value, JsonText):
        return json.loads(value.text)
    if type.kind is TypeKind.NUMBER:
        return int(value) if type.scale == 0 else numbers.written(value, type.scale)
    return sorted(value) if isinstance(value, (set, frozenset)) else list(value)
