"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy words for each apart."""

from __future__ import annotations

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(table: Table, dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that takes `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
