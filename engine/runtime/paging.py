"""Order and pages: what a list is sorted by, and the cursor that says where a page ended. A cursor comes back from outside,
so it is read as strictly as anything that does: whatever could not have been ours is refused."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Dialect, FromClause, Integer, and_, false, literal, or_

from engine.language.sqltypes import Day, Instant, Number, Seconds
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text

Order = Sequence[tuple[str, bool]]
_LARGEST = 2**63 - 1


def order_of(sort: Sequence[str]) -> Order:
    """(column, descending); newest first when nothing is said. The id settles ties."""
    order = [(name.lstrip("-"), name.startswith("-")) for name in sort]
    if not order:
        return [("id", True)]
    return [*order, ("id", order[-1][1])] if all(name != "id" for name, _ in order) else order


def cursor_of(order: Order, row: Mapping[str, Any]) -> str:
    """Where a page ended: the sort values of its last row, which the actor has seen."""
    values = [[name, down, _plain(row[name])] for name, down in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value.total_seconds()) if hasattr(value, "total_seconds") else str(value)


def after(view: FromClause, order: Order, cursor: str, dialect: Dialect) -> ColumnElement[bool]:
    """Rows behind the cursor. Empty sorts first going up, last going down (as SQLite orders NULL). Raises Problem 400."""
    clauses: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for (name, down), value in zip(order, _values(order, cursor), strict=True):
        column = view.c[name]
        bound = None if value is None else literal(_typed(column, value, dialect), column.type)
        beyond: ColumnElement[bool]
        if bound is None:
            beyond = false() if down else column.is_not(None)
        else:
            beyond = or_(column < bound, column.is_(None)) if down else column > bound
        clauses.append(and_(*equal, beyond))
        equal.append(column.is_(None) if bound is None else column == bound)
    return or_(*clauses)


def _values(order: Order, cursor: str) -> list[Any]:
    try:
        parts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if [(name, down) for name, down, _ in parts] == list(order):
            return [value for *_, value in parts]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        pass
    raise _bad()


def _typed(column: ColumnElement[Any], value: Any, dialect: Dialect) -> Any:
    """A cursor's value as the column's Python type, such that the database can take it."""
    kind: Any = column.type
    read: Callable[[Any], Any] = _READ.get(type(kind), _text)
    try:
        typed = read(value)
        check = kind.bind_processor(dialect)
        if check is not None:
            check(typed)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise _bad() from error
    return typed


def _bad() -> Problem:
    message = Text(
        "cursor 不是上一页给出的那个，或者排序换过了", "The cursor is not the one the last page gave, or the sort has changed"
    )
    return replace(invalid((Fault("cursor", "bad_cursor", message),)), status=400)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()  # half a surrogate pair is no text
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise TypeError(value)
    return value


def _number(value: Any) -> int | Decimal:
    return Decimal(value) if isinstance(value, str) else _whole(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


_READ: Mapping[type, Callable[[Any], Any]] = {
    Number: _number,
    Integer: _whole,
    Boolean: _truth,
    Instant: _moment,
    Day: date.fromisoformat,
    Seconds: lambda text: timedelta(seconds=float(_text(text))),
}
