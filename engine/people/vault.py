"""Secrets of connections, sealed at rest. People may set one and see its name; only the engine ever opens one."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, delete, insert, select

from engine.model.problem import Fault, invalid
from engine.model.text import Text
from engine.people.keyfile import KeyProblem
from engine.people.schema import secrets

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
# A sealed word whose only use is to notice a wrong key. No secret can have this name.
_PROBE = "_probe"
LONGEST = 10_000


def check_key(connection: Connection, key: Fernet, *, now: datetime, file: Path) -> None:
    """Is it the key under which this database's secrets were sealed? Raises KeyProblem when not; to be asked at each start."""
    sealed = connection.execute(select(secrets.c.sealed).where(secrets.c.name == _PROBE)).scalar_one_or_none()
    if sealed is None:
        connection.execute(insert(secrets).values(name=_PROBE, sealed=key.encrypt(b"dajian"), changed_at=now))
        return
    try:
        key.decrypt(sealed)
    except InvalidToken as error:
        raise KeyProblem(_WRONG.fill(file=file)) from error


_WRONG = Text(
    "密钥文件 {file} 与这个数据库不匹配，已存的密钥打不开。请恢复原来的文件（DAJIAN_KEY_FILE）",
    "The key file {file} does not belong to this database, whose secrets stay shut. Restore the original (DAJIAN_KEY_FILE)",
)


def set_secret(connection: Connection, key: Fernet, name: str, value: str, *, now: datetime) -> None:
    """Seal and keep a value under a name, over what was there. Raises Problem 422."""
    if not _NAME.fullmatch(name):
        raise invalid((Fault("name", "bad_name", _BAD_NAME),))
    if not value or len(value) > LONGEST:
        message = Text("密钥不能为空，最长 {n} 字", "A secret has 1 to {n} characters").fill(n=LONGEST)
        raise invalid((Fault("value", "bad_value", message),))
    connection.execute(delete(secrets).where(secrets.c.name == name))
    connection.execute(insert(secrets).values(name=name, sealed=key.encrypt(value.encode()), changed_at=now))


_BAD_NAME = Text(
    "名字用小写字母、数字和下划线，以字母开头", "A name has small letters, digits and underscores, and begins with a letter"
)


def reveal(connection: Connection, key: Fernet, name: str) -> str | None:
    """The value, for the engine only; None when there is none."""
    query = select(secrets.c.sealed).where(secrets.c.name == name, secrets.c.name != _PROBE)
    sealed = connection.execute(query).scalar_one_or_none()
    return None if sealed is None else key.decrypt(sealed).decode()


def secret_names(connection: Connection) -> list[str]:
    """Names of all secrets; their values are not for people."""
    return list(connection.execute(select(secrets.c.name).where(secrets.c.name != _PROBE).order_by(secrets.c.name)).scalars())


def forget_secret(connection: Connection, name: str) -> bool:
    """Remove a secret; False when there was none."""
    return connection.execute(delete(secrets).where(secrets.c.name == name, secrets.c.name != _PROBE)).rowcount > 0
