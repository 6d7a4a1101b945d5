"""What a database must offer to be one of ours: how its transactions begin, and what its complaints mean."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from engine.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Hold:
    """What a write holds of an app while it lasts: everybody's share, or (`alone`) all of it, as for a publish's swap. With
    `milliseconds` it waits no longer than that for anything, since others wait behind it."""

    app: str
    alone: bool = False
    milliseconds: int | None = None


class Backend(Protocol):
    """One kind of database. Connections come with no transaction; each method begins one and the caller ends it."""

    engine: Engine

    def begin_read(self, connection: Connection, most_steps: int | None) -> AbstractContextManager[None]:
        """One snapshot for all queries of the block, which together may take so many steps."""

    def turn(self) -> AbstractContextManager[None]:
        """Around a write: where only one can be at a time, the others of this process queue here. Raises Problem."""

    def begin_write(self, connection: Connection, hold: Hold | None) -> None:
        """A transaction that sees what is committed."""

    def note(self, write: Callable[[Connection], object]) -> None:
        """A small write that is left out rather than waited for."""

    def settle(self) -> None:
        """Bring what is committed to the disk, where a commit does not."""

    def health(self, connection: Connection) -> str:
        """'' for a sound database, else what is wrong with it in its own words."""

    def problem_of(self, error: DBAPIError) -> Problem | None:
        """The Problem behind the database's words; None for an error of ours."""
