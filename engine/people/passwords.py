"""Passwords: argon2id with the library's current defaults. Hashing takes tens of milliseconds on purpose, so it is done
outside of any write transaction; only the finished hash goes to the database."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, select, update

from engine.model.problem import Fault, invalid
from engine.model.text import Text
from engine.people.schema import users

MINIMUM = 10
MAXIMUM = 1000

_HASHER = PasswordHasher()
# Checked against when there is no such user, so that the time of an answer does not tell who exists.
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The argon2id hash. Raises Problem 422 for a password that is too short or too long."""
    if not MINIMUM <= len(password) <= MAXIMUM:
        message = Text("密码至少 {n} 个字符", "A password has at least {n} characters").fill(n=MINIMUM)
        raise invalid((Fault("password", "bad_password", message),))
    return _HASHER.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Is this the password? Takes as long without a stored hash."""
    try:
        fits = _HASHER.verify(stored or _NOBODY, password[: MAXIMUM + 1])
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def stored_hash(connection: Connection, user_id: str) -> str | None:
    """The user's hash, None when no password was ever set."""
    return connection.execute(select(users.c.password_hash).where(users.c.id == user_id)).scalar_one_or_none()


def set_hash(connection: Connection, user_id: str, password_hash: str) -> None:
    """Keep a hash made by hash_password."""
    connection.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash))
