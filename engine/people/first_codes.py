"""First-login codes: a link that lets somebody set a password once. A new code for a user takes the place of the old one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from engine.people.fresh import new_token, token_hash
from engine.people.schema import first_codes, users
from engine.people.users import User, user_of

LIFETIME = timedelta(hours=24)


def issue_code(connection: Connection, user_id: str, *, now: datetime) -> str:
    """A fresh code for this user, good for 24 hours and one use."""
    code = new_token()
    connection.execute(delete(first_codes).where(first_codes.c.user_id == user_id))
    connection.execute(insert(first_codes).values(user_id=user_id, code_hash=token_hash(code), expires_at=now + LIFETIME))
    return code


def code_user(connection: Connection, code: str, *, now: datetime) -> User | None:
    """Whose code it is; None when it was used, replaced, ran out, or its user is frozen."""
    query = (
        select(users)
        .join(first_codes, first_codes.c.user_id == users.c.id)
        .where(first_codes.c.code_hash == token_hash(code), first_codes.c.expires_at > now, ~users.c.frozen)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else user_of(row)


def use_code(connection: Connection, code: str, *, now: datetime) -> User | None:
    """As code_user, and the code is spent."""
    user = code_user(connection, code, now=now)
    if user is not None:
        connection.execute(delete(first_codes).where(first_codes.c.user_id == user.id))
    return user
