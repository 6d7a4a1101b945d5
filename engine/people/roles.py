"""Which roles a person holds in which app. Whether the app still declares a role is asked where it is used (actors.py)."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Connection, Dialect, delete, insert, select

from engine.people.schema import roles_held
from engine.people.schema import users as users_table
from engine.people.users import User, user_of
from engine.storage.prepared import Prepared, prepare, text_parameter


def grant(connection: Connection, user_id: str, app: str, role: str) -> None:
    """Give a role; holding it already is no matter."""
    if role not in held(connection, user_id, app):
        connection.execute(insert(roles_held).values(user_id=user_id, app=app, role=role))


def revoke(connection: Connection, user_id: str, app: str, role: str) -> None:
    """Take a role away, from the next request on."""
    r = roles_held.c
    connection.execute(delete(roles_held).where(r.user_id == user_id, r.app == app, r.role == role))


def held(connection: Connection, user_id: str, app: str) -> frozenset[str]:
    """Names of the roles the user was given in the app."""
    return frozenset(row.role for row in _held(connection.dialect).rows(connection, {"the_user": user_id, "the_app": app}))


@lru_cache(maxsize=8)
def _held(dialect: Dialect) -> Prepared:
    r = roles_held.c
    return prepare(select(r.role).where(r.user_id == text_parameter("the_user"), r.app == text_parameter("the_app")), dialect)


def all_held(connection: Connection, user_id: str) -> dict[str, tuple[str, ...]]:
    """App → roles, for one user."""
    r = roles_held.c
    found: dict[str, tuple[str, ...]] = {}
    for app, role in connection.execute(select(r.app, r.role).where(r.user_id == user_id).order_by(r.app, r.role)):
        found[app] = (*found.get(app, ()), role)
    return found


def members(connection: Connection, app: str) -> list[User]:
    """The people who hold any role in the app, by name; frozen users are not among them."""
    held_here = select(roles_held.c.user_id).where(roles_held.c.app == app)
    query = select(users_table).where(users_table.c.id.in_(held_here), ~users_table.c.frozen).order_by(users_table.c.name)
    return [user_of(row) for row in connection.execute(query)]


def holders(connection: Connection, app: str, role: str) -> list[User]:
    """The people who hold a role now, by name; frozen users are not among them."""
    query = (
        select(users_table)
        .join(roles_held, roles_held.c.user_id == users_table.c.id)
        .where(roles_held.c.app == app, roles_held.c.role == role, ~users_table.c.frozen)
        .order_by(users_table.c.name)
    )
    return [user_of(row) for row in connection.execute(query)]
