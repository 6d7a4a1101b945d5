"""Definitions that are about to run, read and compiled while the old ones run on, in a thread beside the requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from threading import Thread

from engine.model.problem import Problem
from engine.runtime.program import Program
from engine.storage.coming import Coming, coming, mark_of
from engine.storage.database import Database
from engine.storage.former import Former
from engine.storage.names import Names

Compile = Callable[[Coming], Program | None]


class Ready:
    """At most one program per app. `compile` is asked once for each mark."""

    def __init__(self, database: Database, compile: Compile) -> None:
        self._database = database
        self._compile = compile
        self._begun: dict[str, tuple[str, Thread]] = {}
        self._made: dict[str, tuple[str, Names, Program]] = {}

    def begin(self, app: str, mark: str) -> None:
        """Make it ready; returns at once."""
        known, _ = self._begun.get(app, ("", None))
        if known != mark:
            thread = Thread(target=self._make, args=(app,), name=f"ready {app}", daemon=True)
            self._begun[app] = (mark, thread)
            thread.start()

    def _make(self, app: str) -> None:
        with suppress(Problem):  # then it is made when it is needed, by whoever needs it
            with self._database.read() as connection:
                found = coming(connection, app)
            program = self._compile(found) if found is not None else None
            if found is not None and program is not None:
                self._made[app] = (found.mark, found.names, program)

    def take(
        self, app: str, files: Mapping[str, bytes], names: Names, *, revision: int, published_at: datetime, former: Former
    ) -> Program | None:
        """The program of these files, if it was made ready and is what the database has now. What is half done is waited for:
        to begin again would take longer."""
        begun, thread = self._begun.pop(app, ("", None))
        wanted = mark_of(files)
        if thread is not None and begun == wanted:
            thread.join()
        mark, known, program = self._made.pop(app, ("", names, None))
        if program is None or mark != wanted or known != names:
            return None
        return replace(program, revision=revision, published_at=published_at, former=former)
