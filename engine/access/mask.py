"""How a masked value looks, in Python and in SQL alike: 138****1234; what is short shows one character."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Dialect, String, case, cast, func, type_coerce
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.language.sqltypes import Instant, Number, reader

_KEPT = 7
_WHOLLY = "****"


class OrMask(TypeDecorator[Any]):
    """The type of a column of text that is a value in some rows and its mask in others: each is read as what it is."""

    impl = String
    cache_ok = True

    def __init__(self, inner: TypeEngine[Any]) -> None:
        super().__init__()
        self.inner = inner

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None or value == _WHOLLY:
            return value
        if isinstance(self.inner, Boolean):
            return value in ("1", "true")
        if isinstance(self.inner, Instant) and dialect.name == "postgresql":
            return datetime.fromisoformat(value).astimezone(UTC)
        decimal = isinstance(self.inner, Number) and dialect.name == "postgresql"
        read = reader(self.inner, dialect)
        return value if read is None else read(Decimal(value) if decimal else value)


def either(column: ColumnElement[Any], whole: ColumnElement[bool], hidden: ColumnElement[bool]) -> ColumnElement[Any]:
    """The column where `whole` holds, else its mask where `hidden` does, else nothing."""
    if isinstance(column.type, String):
        return case((whole, column), (hidden, masked(column)))
    return type_coerce(case((whole, as_text(column)), (hidden, masked(column))), OrMask(column.type))


def as_text(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A value of another type as the text that stands in such a column."""
    return cast(column, String())


def mask(value: Any) -> str | None:
    """The mask of a value; empty stays empty."""
    if value is None:
        return None
    if not isinstance(value, str):
        return _WHOLLY
    return f"{value[:3]}****{value[-4:]}" if len(value) > _KEPT else f"{value[:1]}****"


def mask_json(value: Any, type: TypeEngine[Any]) -> str | None:
    """The mask of a value in its JSON form, where money and days are text as well: `type` is its column's."""
    return mask(value) if value is None or isinstance(type, String) else _WHOLLY


def masked(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same in SQL; the result is text whatever the column was."""
    if not isinstance(column.type, String):
        return case((column.is_not(None), _WHOLLY))
    # Counted from the front: a place from the end means the whole text to PostgreSQL.
    end = func.substr(column, func.length(column) - 3)
    long = func.substr(column, 1, 3).concat("****").concat(end)
    short = func.substr(column, 1, 1).concat("****")
    return cast(case((func.length(column) > _KEPT, long), (column.is_not(None), short)), String)
