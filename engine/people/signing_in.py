"""Signing in, first passwords and changes of password: each a few steps in the one order that is safe. Slow hashing happens
between transactions, never inside one, since there is only one writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.model.problem import Fault, Problem, invalid, missing
from engine.model.text import Text
from engine.people.first_codes import use_code
from engine.people.fresh import csrf_of
from engine.people.passwords import hash_password, password_fits, set_hash, stored_hash
from engine.people.sessions import end_sessions, start_session
from engine.people.throttle import begin_attempt, give_back
from engine.people.users import User, find_user
from engine.storage.database import Database

Clock = Callable[[], datetime]
# Nobody's is longer, however it is written; normalising megabytes would keep the only writer busy.
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Started:
    """A session just begun: `token` goes into the cookie, `csrf` into forms."""

    user: User
    token: str
    csrf: str


def sign_in(database: Database, clock: Clock, name: str, password: str, *, ip: str, device: str) -> Started:
    """A session for the right password. Raises Problem 429 when it is tried too often and 401 otherwise, the same answer
    whether the name, the password or the user's freedom is at fault."""
    name = name[:LONGEST_NAME]
    with database.write() as connection:
        begin_attempt(connection, name, ip, now=clock())
        user = find_user(connection, name)
        stored = None if user is None else stored_hash(connection, user.id)
    fits = password_fits(stored, password)
    if user is None or not fits or user.frozen:
        raise _wrong()
    with database.write() as connection:
        give_back(connection, name, ip)
        token = start_session(connection, user.id, now=clock(), ip=ip, device=device)
    return Started(user, token, csrf_of(token))


def _wrong() -> Problem:
    return Problem(
        401,
        "sign_in_failed",
        Text("登录失败", "Sign-in failed"),
        Text("用户名或密码不对", "The name or the password is not right"),
    )


def first_login(database: Database, clock: Clock, code: str, password: str, *, ip: str, device: str) -> Started:
    """Spend a first-login code: set the password, end other sessions, begin one. Raises Problem 404 for a dead code, 422 for a
    password that will not do (then the code stays good)."""
    hashed = hash_password(password)
    with database.write() as connection:
        user = use_code(connection, code, now=clock())
        if user is None:
            raise missing()
        set_hash(connection, user.id, hashed)
        end_sessions(connection, user.id)
        token = start_session(connection, user.id, now=clock(), ip=ip, device=device)
    return Started(user, token, csrf_of(token))


def change_password(database: Database, user: User, old: str, new: str, *, keep_session: str | None) -> None:
    """A signed-in person changes their password; their other sessions end. Raises Problem 422."""
    with database.read() as connection:
        stored = stored_hash(connection, user.id)
    if not password_fits(stored, old):
        raise invalid((Fault("old", "wrong_password", Text("原密码不对", "The old password is not right")),))
    hashed = hash_password(new)
    with database.write() as connection:
        set_hash(connection, user.id, hashed)
        end_sessions(connection, user.id, keep=keep_session)
