"""A short transaction that keeps nobody waiting: alone in the app, and given up at once when somebody's long one stands
in the way, since on PostgreSQL all the others would wait behind it. Then tried again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from engine.model.problem import Problem
from engine.storage.backend import Hold
from engine.storage.database import Database

MILLISECONDS = 150
TRIES = 60
Result = TypeVar("Result")


def briefly(database: Database, app: str, work: Callable[[Connection], Result]) -> Result:
    """What `work` gives; it may be done more than once. Raises Problem 503 when there is never a gap."""
    for turn in range(1, TRIES):
        try:
            with database.write(Hold(app, alone=True, milliseconds=MILLISECONDS)) as connection:
                return work(connection)
        except Problem as problem:
            if problem.code != "busy":
                raise
        time.sleep(min(0.05 * turn, 0.5))
    with database.write(Hold(app, alone=True, milliseconds=MILLISECONDS)) as connection:
        return work(connection)
