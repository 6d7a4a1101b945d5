"""What an app knows of a person (`people:` in its definition), kept as JSON under the name of the field.

A value is parsed by its field kind when it is set. When it is read it is turned into Python by the field's type, and whatever
no longer suits the definition of today counts as missing: in `records`, an empty `user.` value matches nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Dialect, delete, insert, select

from engine.model.app import App, Field
from engine.model.types import Type, TypeKind
from engine.people.schema import person_facts
from engine.storage.prepared import Prepared, prepare, text_parameter


def set_fact(connection: Connection, user_id: str, app: str, field: str, value: Any) -> None:
    """Keep a JSON value that a field kind has checked; None forgets it."""
    f = person_facts.c
    connection.execute(delete(person_facts).where(f.user_id == user_id, f.app == app, f.field == field))
    if value is not None:
        connection.execute(insert(person_facts).values(user_id=user_id, app=app, field=field, value=value))


def stored_facts(connection: Connection, user_id: str, app: str) -> dict[str, Any]:
    """Field → JSON value as kept."""
    found = _of_user(connection.dialect).rows(connection, {"the_user": user_id, "the_app": app})
    return {row.field: row.value for row in found}


@lru_cache(maxsize=8)
def _of_user(dialect: Dialect) -> Prepared:
    f = person_facts.c
    where = (f.user_id == text_parameter("the_user"), f.app == text_parameter("the_app"))
    return prepare(select(f.field, f.value).where(*where), dialect)


def typed_facts(app: App, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Each person field of the app → its Python value: the default when missing, None when no longer fitting."""
    return {name: _typed(field, stored.get(name)) for name, field in app.people.items()}


def _typed(field: Field, value: Any) -> Any:
    if value is None:
        return field.default
    if value == "":
        return None
    try:
        typed = _python(field.type, value)
    except (ValueError, TypeError, InvalidOperation):
        return None
    words = typed if isinstance(typed, tuple) else (typed,)
    return None if field.choices and any(each not in field.choices for each in words) else typed


def _python(type_: Type, value: Any) -> Any:
    if type_.kind is TypeKind.NUMBER:
        return int(value) if type_.scale == 0 else Decimal(str(value))
    if type_.kind is TypeKind.BOOLEAN:
        return value if isinstance(value, bool) else None
    if type_.kind is TypeKind.LIST:
        return tuple(str(item) for item in value)
    return _FROM_TEXT.get(type_.kind, str)(str(value))


_FROM_TEXT: Mapping[TypeKind, Callable[[str], Any]] = MappingProxyType(
    {
        TypeKind.DATE: date.fromisoformat,
        TypeKind.DATETIME: lambda text: datetime.fromisoformat(text).astimezone(UTC),
        TypeKind.TIME: time.fromisoformat,
        TypeKind.DURATION: lambda text: timedelta(seconds=float(text)),
    }
)
