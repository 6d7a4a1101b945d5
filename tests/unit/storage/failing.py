"""A write transaction that fails at its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Connection

from engine.storage.database import Database


class Stopped(Exception):
    """What stops it."""


def taken_back(database: Database, work: Callable[[Connection], object]) -> None:
    """Do `work` in a write transaction that fails after it."""
    with suppress(Stopped), database.write() as connection:
        work(connection)
        raise Stopped
