"""Sessions live here, not in the cookie: the cookie holds a random token, the database its hash, so ending one ends it at
once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from engine.people.fresh import new_id, new_token, token_hash
from engine.people.schema import sessions, users
from engine.people.users import User, user_of

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
    query = select(sessions).where(sessions.c.token_hash == token_hash(token), sessions.c.expires_at > now)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    person = connection.execute(select(users).where(users.c.id == row.user_id, ~users.c.frozen)).one_or_none()
    if person is None:
        return None
    return user_of(person), Session(row.id, row.user_id, row.created_at, row.expires_at, row.ip, row.device)


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
