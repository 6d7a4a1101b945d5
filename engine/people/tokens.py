"""API tokens: a program acts as a person. Shown once when made; kept as a hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection, Dialect, delete, insert, select, update

from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text
from engine.people.fresh import new_id, new_token, token_hash
from engine.people.schema import tokens, users
from engine.people.users import User, user_of
from engine.storage.prepared import Prepared, prepare, text_parameter

PREFIX = "dj_"
# `last_used` is for people to look at; writing it on every request would cost a transaction each.
USED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its text. `user` is the name of who it acts as."""

    id: str
    user: str
    name: str
    created_at: datetime
    last_used: datetime | None


def issue_token(connection: Connection, user_id: str, name: str, *, now: datetime) -> tuple[str, str]:
    """Make a token; returns its id and, this once, the token itself. Raises Problem 422 or 409 for its name."""
    name = name.strip()
    if not name or len(name) > 100:
        raise invalid(
            (Fault("name", "bad_name", Text("给令牌起个名字（1–100 字）", "Give the token a name (1–100 characters)")),)
        )
    if connection.execute(select(tokens.c.id).where(tokens.c.user_id == user_id, tokens.c.name == name)).first():
        raise Problem(
            409,
            "name_taken",
            Text("名字已被使用", "The name is taken"),
            Text("已有同名令牌，请换名或先吊销", "There is a token of that name; choose another or revoke it first"),
        )
    token, token_id = new_token(PREFIX), new_id()
    connection.execute(
        insert(tokens).values(id=token_id, user_id=user_id, name=name, token_hash=token_hash(token), created_at=now)
    )
    return token_id, token


def token_user(connection: Connection, token: str) -> tuple[User, Token] | None:
    """Who a token acts as; None when it was revoked or its user is frozen."""
    row = _of_hash(connection.dialect).one(connection, {"hash": token_hash(token)})
    if row is None:
        return None
    return user_of(row), Token(row.token_id, row.name, row.token_name, row.token_created, row.last_used)


@lru_cache(maxsize=8)
def _of_hash(dialect: Dialect) -> Prepared:
    t = tokens.c
    query = select(
        users, t.id.label("token_id"), t.name.label("token_name"), t.created_at.label("token_created"), t.last_used
    ).join(tokens, users.c.id == t.user_id)
    return prepare(query.where(t.token_hash == text_parameter("hash"), ~users.c.frozen), dialect)


def mark_used(connection: Connection, token_id: str, *, now: datetime) -> None:
    """Note that a token was used."""
    connection.execute(update(tokens).where(tokens.c.id == token_id).values(last_used=now))


def list_tokens(connection: Connection, user_id: str | None = None) -> list[Token]:
    """Tokens of one user or of all, oldest first."""
    t = tokens.c
    query = select(t.id, users.c.name, t.name, t.created_at, t.last_used).join(users, users.c.id == t.user_id)
    if user_id is not None:
        query = query.where(t.user_id == user_id)
    return [Token(*row) for row in connection.execute(query.order_by(t.created_at, t.id))]


def revoke_token(connection: Connection, token_id: str, *, user_id: str | None = None) -> bool:
    """Revoke a token (of this user only, if given); False when there is no such one."""
    query = delete(tokens).where(tokens.c.id == token_id)
    return connection.execute(query if user_id is None else query.where(tokens.c.user_id == user_id)).rowcount > 0
