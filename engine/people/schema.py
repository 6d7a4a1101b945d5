"""The tables about people, declared beside the engine's others (an app's own tables have its name in front: they never
meet).

Nothing here holds a password, token, code or secret that could be used as it stands: only hashes and sealed text.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from engine.language.sqltypes import Instant
from engine.storage.system import metadata

_NAME = 200


def _user(*, primary_key: bool = False) -> Column[str]:
    return Column("user_id", String(32), ForeignKey("users.id", ondelete="CASCADE"), nullable=False, primary_key=primary_key)


users = Table(
    "users",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(_NAME), nullable=False),
    # The name as it is compared (width and case folded), so that nobody signs up as a look-alike of another.
    Column("name_key", String(_NAME), nullable=False, unique=True),
    Column("title", String(_NAME), nullable=False),
    Column("password_hash", String(300)),
    Column("locale", String(20)),
    Column("owner", Boolean, nullable=False),
    Column("frozen", Boolean, nullable=False),
    Column("departments", JSON, nullable=False),
    Column("lead", String(_NAME)),
    Column("created_at", Instant, nullable=False),
)

roles_held = Table(
    "roles_held",
    metadata,
    _user(primary_key=True),
    Column("app", String(_NAME), primary_key=True),
    Column("role", String(_NAME), primary_key=True),
    Index("roles_held_by_role", "app", "role"),
)

person_facts = Table(
    "person_facts",
    metadata,
    _user(primary_key=True),
    Column("app", String(_NAME), primary_key=True),
    Column("field", String(_NAME), primary_key=True),
    Column("value", JSON, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    _user(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ip", String(64), nullable=False),
    Column("device", String(300), nullable=False),
    Index("sessions_by_user", "user_id"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    _user(),
    Column("name", String(_NAME), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("last_used", Instant),
    UniqueConstraint("user_id", "name", name="tokens_name"),
)

first_codes = Table(
    "first_codes",
    metadata,
    _user(primary_key=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
)

attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(_NAME), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
