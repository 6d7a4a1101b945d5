"""The engine running: one object with the database, the clock and the ports, made in app.py and passed to everyone. Keeps no
state of its own but compiled programs, which are worked out again from the active revision whenever that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.definition.load import load
from engine.kinds.registry import Registry
from engine.model.calendar import STANDARD, Calendar
from engine.model.change import Actor, Outcome, Write
from engine.model.connector import Catalogue
from engine.model.problem import Problem, missing, refused
from engine.model.text import Text
from engine.runtime.program import Program, compile_program
from engine.runtime.ready import Ready
from engine.runtime.rules import perform
from engine.runtime.work import Cause, Work
from engine.storage import idempotency, revisions
from engine.storage.backend import Hold
from engine.storage.blobs import Blobs
from engine.storage.coming import Coming
from engine.storage.database import MOST_STEPS, Database
from engine.storage.facts import Facts
from engine.storage.former import read_former
from engine.storage.ids import Ulids
from engine.storage.migrate import STEADY, Pace, clear_left_over
from engine.storage.names import read_names
from engine.storage.pictures import Painter
from engine.storage.trouble import Again

ATTEMPTS = 6
Result = TypeVar("Result")


def _no_probe(step: str) -> None:
    """Outside crash tests nobody listens to the steps."""


class Core:
    """`clock` gives the present in any zone; `probe` is told each step of a write (crash tests); `files`: the folder of
    attached files. Attributes: `pace`: how a publish goes through large tables; `ready`: programs that are about to run."""

    def __init__(
        self,
        database: Database,
        *,
        zone: ZoneInfo,
        catalogue: Catalogue,
        registry: Registry,
        clock: Callable[[], datetime],
        ids: Callable[[], str] | None = None,
        probe: Callable[[str], None] = _no_probe,
        calendar: Calendar = STANDARD,
        files: Path = Path("data/files"),
    ) -> None:
        self.database = database
        self.blobs = Blobs(files)
        self.painter = Painter()
        self.calendar = calendar
        self.zone = zone
        self.catalogue = catalogue
        self.registry = registry
        self.new_id = ids or Ulids()
        self._clock = clock
        self.probe = probe
        self.pace: Pace = STEADY
        self._programs: dict[str, Program] = {}
        self.ready = Ready(database, self._compile_coming)

    def prepare(self) -> None:
        """Create the engine's own tables where they are missing."""
        self.database.prepare()
        clear_left_over(self.database)

    def now(self) -> datetime:
        """The present, in the organisation's zone."""
        return self._clock().astimezone(self.zone)

    def apps(self) -> tuple[str, ...]:
        """The apps that run."""
        with self.database.read() as connection:
            return tuple(revisions.active_apps(connection))

    def program(self, app: str, connection: Connection | None = None) -> Program:
        """The app's active program. Asked of the database each time, so every process follows a publish at once."""
        if connection is None:
            with self.database.read() as own:
                return self.program(app, own)
        running = revisions.running(connection, app)
        if running is None:
            raise missing()
        if running.coming is not None:
            self.ready.begin(app, running.coming)
        held = self._programs.get(app)
        if held is None or not running.is_that_of(held.revision, held.published_at):
            held = self._compile(connection, app, running.revision)
            self._programs[app] = held
        return held

    def _compile(self, connection: Connection, app: str, number: int) -> Program:
        revision = revisions.load_revision(connection, app, number)
        names, former = read_names(connection, app), read_former(connection, app)
        made = self.ready.take(app, revision.files, names, revision=number, published_at=revision.published_at, former=former)
        if made is not None:
            return made
        loaded = load(revision.files, self.catalogue, self.registry)
        if loaded.app is None:
            detail = Text(f"应用 {app} 的已发布定义读不出来了", f"The published definition of {app} can no longer be read")
            raise Problem(503, "definition_unreadable", Text("应用不可用", "App not available"), detail)
        return compile_program(
            loaded.app,
            revision=number,
            published_at=revision.published_at,
            diagnostics=loaded.diagnostics,
            registry=self.registry,
            names=names,
            former=former,
        )

    def _compile_coming(self, coming: Coming) -> Program | None:
        loaded = load(coming.files, self.catalogue, self.registry)
        if loaded.app is None:
            return None
        return compile_program(
            loaded.app,
            revision=0,
            published_at=self.now(),
            diagnostics=loaded.diagnostics,
            registry=self.registry,
            names=coming.names,
        )

    def facts(self, connection: Connection, program: Program, user: Mapping[str, object]) -> Facts:
        """What expressions may ask in one request."""
        app, tables = program.app, program.tables
        return Facts(connection, app, tables, program.compiled, now=self.now(), user=user, calendar=self.calendar)

    def work(self, connection: Connection, program: Program, actor: Actor) -> Work:
        """A unit of work on an open connection."""
        facts = self.facts(connection, program, actor.facts)
        return Work(program, connection, facts, actor, facts.now, self.new_id, self.probe)

    @contextmanager
    def writing(self, app: str, actor: Actor) -> Iterator[Work]:
        """One write transaction as a unit of work; it commits at the end of the block. Who sees as a role writes nothing."""
        if actor.seen_as is not None:
            raise refused("seen_as", Text("换成别的角色看的时候不能写", "Whoever sees as another role writes nothing"))
        with ExitStack() as stack:
            connection = stack.enter_context(self.database.write(Hold(app)))
            if not self._is_compiled(app, connection):
                # Compiling takes far longer than a write: the others go on meanwhile.
                stack.close()
                self.program(app)
                connection = stack.enter_context(self.database.write(Hold(app)))
            work = self.work(connection, self.program(app, connection), actor)
            yield work
            work.unit.flush()
            self.probe("commit")

    def _is_compiled(self, app: str, connection: Connection) -> bool:
        held, running = self._programs.get(app), revisions.running(connection, app)
        return held is not None and running is not None and running.is_that_of(held.revision, held.published_at)

    @contextmanager
    def reading(self, app: str, actor: Actor) -> Iterator[Work]:
        """One snapshot to read from. (A Work, since moves and permissions are asked of one.)"""
        with self.database.read(MOST_STEPS) as connection:
            yield self.work(connection, self.program(app, connection), actor)

    def write(self, request: Write, actor: Actor, then: Callable[[Work, Outcome], None] | None = None) -> Outcome:
        """One write with all that follows from it, in one transaction. Raises Problem; then nothing has happened. `then` may
        look at what came of it before the commit: what the work has loaded need not be read again."""
        return self.anew(lambda: self._write(request, actor, then))

    def anew(self, write: Callable[[], Result]) -> Result:
        """Do a whole transaction, and once more when others were in its way (PostgreSQL)."""
        for _ in range(ATTEMPTS - 1):
            with suppress(Again):
                return write()
        return write()

    def _write(self, request: Write, actor: Actor, then: Callable[[Work, Outcome], None] | None) -> Outcome:
        with self.writing(request.app, actor) as work:
            outcome = self._once(work, request, actor)
            work.unit.flush()
            if then is not None:
                then(work, outcome)
            return outcome

    def _once(self, work: Work, request: Write, actor: Actor) -> Outcome:
        claim = self._claim(request, actor, work.instant)
        if claim is not None and (done := idempotency.lookup(work.connection, claim)) is not None:
            return done
        outcome = with_sight(work, request, perform(work, request, actor, Cause()), actor)
        if claim is not None:
            idempotency.store(work.connection, claim, outcome)
        return outcome

    def _claim(self, request: Write, actor: Actor, now: datetime) -> idempotency.Claim | None:
        if request.idempotency_key is None:
            return None
        return idempotency.Claim(actor.user_id or "", request.idempotency_key, idempotency.fingerprint(request), now)


def with_sight(work: Work, request: Write, outcome: Outcome, actor: Actor) -> Outcome:
    """The version after all rules, and whether the actor still sees the record."""
    record = work.facts.link(request.table, outcome.id)
    version = record["version"] if record is not None else outcome.version
    gone = record is not None and not work.program.access.sees(actor, request.table, record, work.facts)
    if version == outcome.version and not gone:
        return outcome
    return replace(outcome, version=version, gone=gone)
