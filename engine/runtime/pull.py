"""Orders arrive: one pull of a connection. A page's rows, what became of each, and the cursor behind them commit together, so
a crash repeats a page at most; a row seen before is matched, not doubled. A row that does not fit waits and is retried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine.access.decide import SYSTEM
from engine.model.change import Actor
from engine.model.connector import SourceError
from engine.model.edges import Connection, Pull
from engine.model.problem import Problem, missing
from engine.model.text import Text
from engine.runtime.core import Core
from engine.runtime.rows import Place, take_row
from engine.runtime.source_text import restore
from engine.storage import pulls

RETRIED = 200


@dataclass(frozen=True, slots=True)
class Pulled:
    """`received` rows fetched, of which `written` made or changed a record, `waiting` could not be written yet."""

    received: int
    written: int
    waiting: int


def connection_actor(name: str) -> Actor:
    """Who a connection acts as."""
    return Actor(SYSTEM, None, name, frozenset(), {}, f"connection:{name}")


def run_pull(core: Core, app: str, connection: str, stream: str, settings: Mapping[str, str]) -> Pulled:
    """Fetch and store until the source has no more. Raises SourceError after keeping it in the pull's state."""
    program = core.program(app)
    declared = program.app.connections.get(connection)
    if declared is None or stream not in declared.pulls:
        raise missing()
    place = Place(app, connection, stream)
    try:
        return _pull(core, declared, declared.pulls[stream], place, settings)
    except SourceError as error:
        postpone(core, place, error.message, error.retry_after)
        raise


def postpone(core: Core, place: Place, why: Text, seconds: float | None = None) -> None:
    """A pull did not work: keep why, and ask again after so many seconds, else when its next time comes."""
    declared = core.program(place.app).app.connections[place.connection].pulls[place.stream]
    later = core.now() + (declared.every if seconds is None else timedelta(seconds=seconds))
    with core.database.write() as database:
        pulls.save(database, place.key, last_at=core.now(), next_at=later, error_zh=why.zh, error_en=why.en)


def _pull(core: Core, connection: Connection, pull: Pull, place: Place, settings: Mapping[str, str]) -> Pulled:
    actor = connection_actor(connection.name)
    total = _retry(core, pull, place, actor)
    with core.database.read() as database:
        cursor = pulls.state(database, place.key).cursor
    for page in core.catalogue.pages(connection.use, pull.name, settings, cursor):
        with core.writing(place.app, actor) as work:
            state = pulls.state(work.connection, place.key)
            if state.cursor != cursor:
                # Another has read on meanwhile (we slept past our lease): what we hold is old news.
                return total
            counts = [take_row(work, pull, place, row, actor) for row in page.rows]
            pulls.save(work.connection, place.key, cursor=page.cursor, received=state.received + len(page.rows))
            cursor = pulls.state(work.connection, place.key).cursor
        found = Pulled(len(page.rows), counts.count("written"), counts.count("waiting"))
        total = Pulled(total.received + found.received, total.written + found.written, total.waiting + found.waiting)
    with core.database.write() as database:
        now = core.now()
        done = {"last_at": now, "last_ok_at": now, "next_at": now + pull.every, "error_zh": None, "error_en": None}
        pulls.save(database, place.key, **done)
    return total


def _retry(core: Core, pull: Pull, place: Place, actor: Actor) -> Pulled:
    """Rows that waited: perhaps the product they asked for is there now."""
    with core.database.read() as database:
        rows = pulls.waiting(database, place.key, RETRIED)
    results = []
    for row in rows:
        with core.writing(place.app, actor) as work:
            results.append(take_row(work, pull, place, restore(row.payload), actor))
            if results[-1] != "waiting" and row.key == row.payload:
                pulls.drop(work.connection, place.key, row.key)
    return Pulled(0, results.count("written"), results.count("waiting"))


def due(core: Core) -> list[tuple[str, str, str]]:
    """(app, connection, stream) of every pull whose time has come; connections not running yet are left out."""
    found = []
    for name in core.apps():
        try:
            program = core.program(name)
        except Problem:
            continue  # its definition can no longer be read, which every page of it says; the other apps go on
        for connection in program.app.connections.values():
            info = core.catalogue.info(connection.use)
            if info is None or info.pending:
                continue
            for stream in connection.pulls:
                with core.database.read() as database:
                    state = pulls.state(database, (name, connection.name, stream))
                if state.next_at is None or state.next_at <= core.now():
                    found.append((name, connection.name, stream))
    return found
