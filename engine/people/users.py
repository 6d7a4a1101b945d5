"""Users: who there is. A user is never deleted, since the journal names them; they are frozen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, insert, select, update

from engine.model.problem import Fault, Problem, invalid, missing
from engine.model.text import Text
from engine.people.fresh import new_id
from engine.people.schema import users
from engine.storage.prepared import Prepared, prepare, text_parameter

_NAME = re.compile(r"[\w][\w.@+-]{0,39}")
# Names the journal uses for actors that are not people.
_RESERVED = frozenset({"system", "anonymous"})


@dataclass(frozen=True, slots=True)
class User:
    """`name` is the identity (shown in the journal), `title` how people are greeted. `lead`: the name of their lead."""

    id: str
    name: str
    title: str
    locale: str | None
    owner: bool
    frozen: bool
    departments: tuple[str, ...]
    lead: str | None
    created_at: datetime
    has_password: bool


def name_key(name: str) -> str:
    """The form in which names are compared."""
    return unicodedata.normalize("NFKC", name).casefold()


def add_user(
    connection: Connection, name: str, *, now: datetime, title: str = "", locale: str | None = None, owner: bool = False
) -> User:
    """A new user without password. Raises Problem 422 for a name that cannot be, 409 for one that is taken."""
    name = unicodedata.normalize("NFC", name.strip())
    if not _NAME.fullmatch(name) or name_key(name) in _RESERVED:
        raise invalid((Fault("name", "bad_name", _BAD_NAME),))
    if find_user(connection, name) is not None:
        raise Problem(
            409,
            "name_taken",
            Text("名字已被使用", "The name is taken"),
            Text("已经有叫 {name} 的用户，请换一个名字", "There is a user named {name} already; choose another name").fill(
                name=name
            ),
        )
    user = User(new_id(), name, title or name, locale, owner, False, (), None, now, False)
    connection.execute(
        insert(users).values(
            id=user.id,
            name=name,
            name_key=name_key(name),
            title=user.title,
            locale=locale,
            owner=owner,
            frozen=False,
            departments=[],
            created_at=now,
        )
    )
    return user


_BAD_NAME = Text(
    "名字用 1–40 个字、字母、数字或 . @ + - _，不能有空格", "A name has 1–40 letters, digits or . @ + - _ and no spaces"
)


def find_user(connection: Connection, name: str) -> User | None:
    """The user of that name (width and case do not matter), frozen or not."""
    row = connection.execute(select(users).where(users.c.name_key == name_key(name.strip()))).one_or_none()
    return None if row is None else user_of(row)


def need_user(connection: Connection, name: str) -> User:
    """As find_user, but no such user is a Problem 404."""
    user = find_user(connection, name)
    if user is None:
        raise missing()
    return user


def user_by_id(connection: Connection, user_id: str) -> User | None:
    """The user of that id, frozen or not."""
    row = _by_id(connection.dialect).one(connection, {"the_id": user_id})
    return None if row is None else user_of(row)


@lru_cache(maxsize=8)
def _by_id(dialect: Dialect) -> Prepared:
    return prepare(select(users).where(users.c.id == text_parameter("the_id")), dialect)


def titles_of(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """User name → title, of those that there are."""
    query = select(users.c.name, users.c.title).where(users.c.name.in_(sorted(names)))
    return {row.name: row.title for row in connection.execute(query)}


def list_users(connection: Connection) -> list[User]:
    """All users by name."""
    return [user_of(row) for row in connection.execute(select(users).order_by(users.c.name))]


def first_owner(connection: Connection) -> User | None:
    """The owner who has been here longest, if there is one."""
    query = select(users).where(users.c.owner, ~users.c.frozen).order_by(users.c.created_at, users.c.id).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else user_of(row)


def freeze_user(connection: Connection, user_id: str, *, frozen: bool) -> None:
    """Shut a user out (or let them in again). Sessions and tokens of a frozen user are worth nothing."""
    _change(connection, user_id, frozen=frozen)


def set_profile(connection: Connection, user_id: str, *, title: str, locale: str | None) -> None:
    """How a user is greeted and in which language; `locale` None: as the house."""
    _change(connection, user_id, title=title.strip()[:100] or users.c.name, locale=locale)


def set_place(connection: Connection, user_id: str, *, departments: Sequence[str], lead: str | None) -> None:
    """Where a user stands: their departments and the name of their lead."""
    _change(connection, user_id, departments=list(departments), lead=lead)


def _change(connection: Connection, user_id: str, **values: Any) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(**values))


def user_of(row: Any) -> User:
    """A User from a row that has all columns of the table."""
    return User(
        id=row.id,
        name=row.name,
        title=row.title,
        locale=row.locale,
        owner=row.owner,
        frozen=row.frozen,
        departments=tuple(row.departments),
        lead=row.lead,
        created_at=row.created_at,
        has_password=row.password_hash is not None,
    )
