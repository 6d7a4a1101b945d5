"""Publish a definition: load and check it, plan what the database needs, do what takes long while the old one runs on, then in
one short transaction let the new one take over. A definition that breaks leaves the running one as it was."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.definition.load import Loaded, load
from engine.model.app import App
from engine.model.change import Actor, JournalEntry
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity, Span
from engine.model.problem import Problem
from engine.model.text import Text
from engine.runtime.core import Core
from engine.storage import coming, journal, migrate, revisions, search_index
from engine.storage.alone import alone
from engine.storage.migrate import Filler, Migration, PlanStep, Publishing, Refused, Wanted, briefly
from engine.storage.raw import RawTables

# Between laying a definition out and the swap so many times what reading it took here: it is read and compiled on a processor
# that has requests to answer too.
HEAD_START = 3.0


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: warnings, set-aside rules and what is not running yet are in `diagnostics`."""

    app: str
    revision: int
    diagnostics: tuple[Diagnostic, ...]


def check(core: Core, files: Mapping[str, bytes]) -> Loaded:
    """Read, check and type a definition; no database is asked."""
    return load(files, core.catalogue, core.registry)


def plan(core: Core, files: Mapping[str, bytes], wanted: Wanted | None = None) -> Sequence[PlanStep]:
    """What publishing would do to the database. Raises DefinitionError."""
    return _plan(core, accepted(check(core, files)), wanted).steps


def publish(
    core: Core, files: Mapping[str, bytes], actor: Actor, *, allow_losing: bool = False, wanted: Wanted | None = None
) -> Published:
    """Make this definition the running one. `allow_losing`: values that cannot be taken over are emptied; `wanted`: what is
    called otherwise now, when the definition does not say it. Raises DefinitionError: then nothing has changed, and Problem
    409 while another is publishing."""
    began = time.monotonic()
    loaded = check(core, files)
    app = accepted(loaded)
    took = time.monotonic() - began
    with alone(core.database, app.name):
        migration = _plan(core, app, wanted)
        _require_possible(migration, allow_losing=allow_losing)
        if allow_losing:
            migration = migration.losing_allowed()
        try:
            with _laid_out(core, migration, files) as laid_out:
                revision = _apply(core, migration, files, actor, not_before=laid_out + HEAD_START * took)
        except Refused as error:
            raise DefinitionError([_refusal(error.step)]) from error
    return Published(app.name, revision, loaded.diagnostics)


def _plan(core: Core, app: App, wanted: Wanted | None) -> Migration:
    with core.database.read() as connection:
        running = _running(core, connection, app.name)
        return migrate.plan(connection, app, running, core.registry, now=core.now(), wanted=wanted)


@contextmanager
def _laid_out(core: Core, migration: Migration, files: Mapping[str, bytes]) -> Iterator[float]:
    """The other processes can make it ready; since when. Where nothing runs yet, nobody has to: 0."""
    app = migration.app.name
    with core.database.write() as connection:
        before = revisions.active_revision(connection, app) is not None
        if before:
            coming.lay_out(connection, app, files, migration.names)
        core.probe("laid out")
    try:
        yield time.monotonic() if before else float("-inf")
    except BaseException:
        with core.database.write() as connection:
            coming.withdraw(connection, app)
        raise


def _apply(core: Core, migration: Migration, files: Mapping[str, bytes], actor: Actor, *, not_before: float) -> int:
    raw = RawTables(migration.app, migration.tables, now=core.now(), user={}, calendar=core.calendar)
    filler = Filler(core.database, migration, raw, core.pace, core.probe)
    publishing = Publishing(core.database, migration, filler, core.probe)
    publishing.prepare()
    time.sleep(max(0.0, not_before - time.monotonic()))
    revision = _swap(core, publishing, files, actor)
    publishing.tidy()
    return revision


def _swap(core: Core, publishing: Publishing, files: Mapping[str, bytes], actor: Actor) -> int:
    def take_over(connection: Connection) -> int:
        revision = _take_over(core, connection, publishing, files, actor)
        core.probe("swap")
        return revision

    return briefly(core.database, publishing.migration.app.name, take_over)


def _take_over(core: Core, connection: Connection, publishing: Publishing, files: Mapping[str, bytes], actor: Actor) -> int:
    name = publishing.migration.app.name
    revision = revisions.activate(connection, name, files, now=core.now(), by=actor.name)
    coming.withdraw(connection, name)
    publishing.swap(connection, revision)
    search_index.ensure(connection, publishing.migration.tables.values())
    journal.append(connection, _line(core, name, revision, actor))
    return revision


def _require_possible(migration: Migration, *, allow_losing: bool) -> None:
    wrong = [*migration.refused, *(() if allow_losing else migration.losing)]
    if wrong:
        raise DefinitionError([_refusal(step) for step in wrong])


def _running(core: Core, connection: Connection, name: str) -> App | None:
    """The definition that runs now; None when there is none, or none that can still be read."""
    try:
        return core.program(name, connection).app
    except Problem:
        return None


def _line(core: Core, app: str, revision: int, actor: Actor) -> JournalEntry:
    """The journal's line of a publish."""
    return JournalEntry(
        id=core.new_id(),
        app=app,
        table="",
        record_id="",
        kind="published",
        transition=None,
        version=revision,
        changes=(),
        actor_kind=actor.kind,
        actor_name=actor.name,
        user_id=actor.user_id,
        channel=actor.channel,
        ip=actor.ip,
        device=actor.device,
        cause=None,
        rule=None,
        depth=0,
        revision=revision,
        at=core.now(),
    )


def accepted(loaded: Loaded) -> App:
    """The app of a definition. Raises DefinitionError where it is broken."""
    if loaded.app is None:
        raise DefinitionError([d for d in loaded.diagnostics if d.severity is Severity.ERROR])
    return loaded.app


def _refusal(step: PlanStep) -> Diagnostic:
    hint = None
    if step.risk is migrate.Risk.LOSING:
        hint = Text("要让它们变空，请加 --allow-losing", "To let them be emptied, add --allow-losing")
    return Diagnostic("unsafe-change", Severity.ERROR, step.path or f"tables.{step.table}", Span(), step.message, hint)
