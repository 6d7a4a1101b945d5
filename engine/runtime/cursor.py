"""Where a page ended: the sort values of its last row, which the actor has seen, so a cursor tells nothing new. It comes back
from outside, so nothing in it is believed before its column's type has taken it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Dialect, FromClause, Integer, String, and_, false, literal, or_

from engine.access.mask import OrMask, as_text
from engine.language import forms
from engine.language.sqltypes import Day, Instant, JsonColumn, Number, Seconds, WordList, listed
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text, storable
from engine.model.types import JsonText

Order = Sequence[tuple[str, bool]]
WAITING = "waiting"
_LARGEST = 2**63


def cursor_of(order: Order, row: Mapping[str, Any], now: datetime) -> str:
    """The cursor behind this row; `order` as (column, descending)."""
    values = [[name, down, _plain(name, row[name], now)] for name, down in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _plain(name: str, value: Any, now: datetime) -> Any:
    if name == WAITING and value is not None:
        # The clock goes on between two pages: the moment of entry stands still.
        return (now - value).isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, tuple | JsonText):
        return listed(value) if isinstance(value, tuple) else value.text
    return str(value.total_seconds()) if hasattr(value, "total_seconds") else str(value)


def directions(view: FromClause, order: Order) -> list[ColumnElement[Any]]:
    """For ORDER BY: the same on every database. Empty comes first going up and last going down, texts go by code point. An id
    is never empty, and its index says nothing of that."""
    found: list[ColumnElement[Any]] = []
    for name, down in order:
        column = _sortable(view, name)
        one_way: ColumnElement[Any] = column.desc() if down else column.asc()
        found.append(one_way if name == "id" else one_way.nulls_last() if down else one_way.nulls_first())
    return found


def _sortable(view: FromClause, name: str) -> ColumnElement[Any]:
    column: ColumnElement[Any] = view.c[name]
    return forms.ordered(column) if isinstance(column.type, String | OrMask) else column


def behind(view: FromClause, order: Order, cursor: str, *, dialect: Dialect, now: datetime) -> ColumnElement[bool]:
    """Rows behind the cursor, in the order of `directions`. Raises Problem (400)."""
    clauses: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for (name, down), value in zip(order, _decode(order, cursor), strict=True):
        column = _sortable(view, name)
        beyond: ColumnElement[bool]
        same: ColumnElement[bool]
        if value is None:
            beyond, same = (false() if down else column.is_not(None)), column.is_(None)
        else:
            bound = _bound(column, name, value, dialect, now)
            beyond, same = (or_(column < bound, column.is_(None)) if down else column > bound), column == bound
        clauses.append(and_(*equal, beyond))
        equal.append(same)
    return or_(*clauses)


def _decode(order: Order, cursor: str) -> list[Any]:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if [(name, down) for name, down, _ in parts] == list(order) and all(_simple(value) for *_, value in parts):
            return [value for *_, value in parts]
    except (ValueError, TypeError, RecursionError):
        pass
    raise _bad()


def _simple(value: Any) -> bool:
    """PostgreSQL takes no NUL in a text."""
    return value is None or (storable(value) if isinstance(value, str) else isinstance(value, int | bool))


def _bound(column: ColumnElement[Any], name: str, value: Any, dialect: Dialect, now: datetime) -> ColumnElement[Any]:
    """A cursor's value as a bound value of the column's type."""
    own = column.type.inner if isinstance(column.type, OrMask) else column.type
    if own is not column.type and isinstance(value, str) and "*" in value:
        return literal(value)
    try:
        typed = now - _moment(value) if name == WAITING else _typed(own, value)
        bind = own.dialect_impl(dialect).bind_processor(dialect)
        raw = typed if bind is None else bind(typed)
        if isinstance(raw, int) and abs(raw) >= _LARGEST:
            raise OverflowError
    except (ValueError, ArithmeticError, TypeError, AttributeError) as error:
        raise _bad() from error
    bound = literal(typed, own)
    return bound if own is column.type else as_text(bound)


def _typed(type: Any, value: Any) -> Any:
    if isinstance(value, str):
        return _reader(type)(value)
    if isinstance(value, bool) is not isinstance(type, Boolean) or not isinstance(type, Boolean | Integer | Number):
        raise TypeError(value)
    return value


def _bad() -> Problem:
    message = Text(
        "cursor 不是上一页给出的那个，或者排序换过了", "The cursor is not the one the last page gave, or the sort has changed"
    )
    return replace(invalid((Fault("cursor", "bad_cursor", message),)), status=400)


def _reader(type: Any) -> Callable[[str], Any]:
    """Text stands for itself in a column of text, and for nothing in one of numbers or yes and no."""
    if isinstance(type, Boolean | Integer):
        raise TypeError(type)
    return _FROM_TEXT.get(type.__class__, str)


def _words(text: str) -> tuple[str, ...]:
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(text)
    return tuple(found)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


_FROM_TEXT: Mapping[type, Callable[[str], Any]] = {
    Number: Decimal,
    Instant: _moment,
    Day: date.fromisoformat,
    WordList: _words,
    JsonColumn: JsonText,
    Seconds: lambda text: timedelta(seconds=float(text)),
}
