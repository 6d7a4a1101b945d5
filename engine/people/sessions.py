"""Sessions live here, not in the cookie: the cookie holds a random token, the database its hash, so ending one ends it at
once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection, Dialect, bindparam, delete, insert, select

from engine.people.fresh import new_id, new_token, token_hash
from engine.people.schema import sessions, users
from engine.people.users import User, user_of
from engine.storage.prepared import Prepared, prepare, text_parameter

LIFETIME = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Session:
    """`device` is what the browser says of itself. Times are aware UTC."""

    id: str
    user_id: str
    created_at: datetime
    expires_at: datetime
    ip: str
    device: str


def start_session(connection: Connection, user_id: str, *, now: datetime, ip: str, device: str) -> str:
    """Begin a session and return its token, which is nowhere else. Old ones of this user that have run out are cleared away."""
    token = new_token()
    connection.execute(delete(sessions).where(sessions.c.user_id == user_id, sessions.c.expires_at <= now))
    connection.execute(
        insert(sessions).values(
            id=new_id(),
            user_id=user_id,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + LIFETIME,
            ip=ip[:64],
            device=device[:300],
        )
    )
    return token


def session_of(connection: Connection, token: str, *, now: datetime) -> tuple[User, Session] | None:
    """Whose session it is; None when it ended, ran out, or its user is frozen."""
    row = _of_hash(connection.dialect).one(connection, {"hash": token_hash(token), "the_time": now})
    if row is None:
        return None
    return user_of(row), Session(row.session_id, row.id, row.session_created, row.expires_at, row.ip, row.device)


@lru_cache(maxsize=8)
def _of_hash(dialect: Dialect) -> Prepared:
    s = sessions.c
    named = (s.id.label("session_id"), s.created_at.label("session_created"), s.expires_at, s.ip, s.device)
    alive = s.expires_at > bindparam("the_time", type_=s.expires_at.type)
    query = select(users, *named).join(sessions, users.c.id == s.user_id)
    return prepare(query.where(s.token_hash == text_parameter("hash"), alive, ~users.c.frozen), dialect)


def list_sessions(connection: Connection, user_id: str, *, now: datetime) -> list[Session]:
    """A user's running sessions, newest first."""
    s = sessions.c
    query = select(s.id, s.user_id, s.created_at, s.expires_at, s.ip, s.device).where(s.user_id == user_id, s.expires_at > now)
    return [Session(*row) for row in connection.execute(query.order_by(s.created_at.desc(), s.id))]


def end_session(connection: Connection, user_id: str, session_id: str) -> bool:
    """End one session of this user; False when there is no such one."""
    s = sessions.c
    return connection.execute(delete(sessions).where(s.id == session_id, s.user_id == user_id)).rowcount > 0


def end_sessions(connection: Connection, user_id: str, *, keep: str | None = None) -> None:
    """End all sessions of a user, except perhaps the one they are using (`keep`: its id)."""
    s = sessions.c
    connection.execute(delete(sessions).where(s.user_id == user_id, s.id != (keep or "")))
