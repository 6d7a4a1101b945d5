"""How a masked value looks, in Python and in SQL alike: 138****1234; what is short shows one character."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func

_KEPT = 7


def mask(value: Any) -> str | None:
    """The mask of a value; empty stays empty."""
    if value is None:
        return None
    if not isinstance(value, str):
        return "****"
    return f"{value[:3]}****{value[-4:]}" if len(value) > _KEPT else f"{value[:1]}****"


def masked(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same in SQL; the result is text whatever the column was."""
    if not isinstance(column.type, String):
        return case((column.is_not(None), "****"))
    long = func.substr(column, 1, 3).concat("****").concat(func.substr(column, -4))
    short = func.substr(column, 1, 1).concat("****")
    return cast(case((func.length(column) > _KEPT, long), (column.is_not(None), short)), String)
