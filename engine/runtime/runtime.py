"""What pages, REST and commands call: the doors and the questions of one running engine, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from engine.definition.load import Loaded
from engine.model.change import Actor, Outcome, Read, Write
from engine.runtime import backup, board, bulk, describe, file_care, file_door, history, inbox, publish, pull, read, rollback
from engine.runtime.backup import Made
from engine.runtime.bulk import Result
from engine.runtime.core import Core
from engine.runtime.file_care import Purged
from engine.runtime.file_door import Sent
from engine.runtime.present import Json
from engine.runtime.program import Program
from engine.runtime.publish import Published
from engine.runtime.pull import Pulled
from engine.runtime.read import Page
from engine.runtime.restore import Stocked
from engine.runtime.rollback import Older
from engine.storage import incidents, pulls
from engine.storage.blobs import Incoming
from engine.storage.database import Database
from engine.storage.files import File
from engine.storage.inbox import InboxLine
from engine.storage.incidents import Incident
from engine.storage.migrate import Hidden, PlanStep
from engine.storage.pulls import PullState


class Runtime:
    """The facade over Core. Every method that does something for a person takes that person's Actor and raises Problem."""

    def __init__(self, core: Core) -> None:
        self.core = core

    @property
    def database(self) -> Database:
        """Where everything is."""
        return self.core.database

    def apps(self) -> tuple[str, ...]:
        """The apps that run."""
        return self.core.apps()

    def program(self, app: str) -> Program:
        """An app's running program; missing when there is none."""
        return self.core.program(app)

    def write(self, request: Write, actor: Actor) -> Outcome:
        """The write door."""
        return self.core.write(request, actor)

    def write_many(self, app: str, writes: Iterable[Write], actor: Actor, *, key: str | None = None) -> Iterator[Result]:
        """The write door for any number of writes: one result each, as they are done."""
        return bulk.write_many(self.core, app, writes, actor, key=key)

    def write_and_show(self, request: Write, actor: Actor) -> tuple[Outcome, Json | None]:
        """The write door, and the record as the actor sees it after the write (None: out of sight)."""
        return read.write_and_show(self.core, request, actor)

    def records(self, request: Read, actor: Actor) -> Page:
        """The read door."""
        return read.list_records(self.core, request, actor)

    def record(self, app: str, table: str, id: str, actor: Actor) -> Json:
        """RecordJson: {id, version, values, titles, flags, can, moves, held}."""
        return read.one_record(self.core, app, table, id, actor)

    def upload(self, app: str, table: str, field: str, actor: Actor, fill: Callable[[Incoming], str]) -> Json:
        """FileJson of a file for a field, kept for a day unless a write puts it into a record."""
        return file_door.upload(self.core, app, table, field, actor, fill)

    def files(self, app: str, table: str, id: str, actor: Actor) -> list[Json]:
        """FileJson of each file of a record that the actor may read."""
        return file_door.of_record(self.core, app, table, id, actor)

    def waiting_files(self, ids: Iterable[str], actor: Actor) -> list[Json]:
        """FileJson of those uploads of the actor that are in no record yet."""
        return file_door.waiting(self.core, ids, actor)

    def file(self, app: str, table: str, id: str, file: str, part: str, actor: Actor) -> Sent:
        """One file of a record, to send. `part`: original | show | small."""
        return file_door.send(self.core, app, table, id, file, part, actor)

    def purge_files(self, before: datetime, by: str) -> Purged:
        """Remove the bytes of files that left their records before that moment."""
        return file_care.purge(self.core, before, by)

    def erase_file(self, id: str, by: str) -> File:
        """Remove one file at once."""
        return file_care.erase(self.core, id, by)

    def back_up(self, path: Path) -> Made:
        """Everything into one file, while everybody works."""
        return backup.back_up(self.core, path)

    def check_backup(self, path: Path) -> Stocked:
        """Restore a backup aside, compare, and throw that away."""
        return backup.check(self.core, path)

    def history(self, app: str, table: str, id: str, actor: Actor) -> list[Json]:
        """LineJson, oldest first."""
        return history.life_line(self.core, app, table, id, actor)

    def changes(self, app: str, since: str | None, actor: Actor) -> Json:
        """{changes, cursor} after a cursor."""
        return history.changes(self.core, app, since, actor)

    def board(self, app: str, name: str, actor: Actor, search: str | None = None) -> Json:
        """BoardJson with its etag."""
        return board.board_json(self.core, app, name, actor, search)

    def describe(self, app: str, actor: Actor) -> Json:
        """AppJson."""
        return describe.describe(self.core, app, actor)

    def inbox(self, user_id: str) -> list[InboxLine]:
        """A person's newest lines as stored; `inbox_line` renders one."""
        return inbox.lines(self.core, user_id)

    def inbox_line(self, line: InboxLine, actor: Actor) -> Json:
        """{id, app, table, record, text, gone, at, read}, through the actor's view in the line's app."""
        return inbox.line_json(self.core, line, actor)

    def inbox_unread(self, user_id: str) -> int:
        """How many lines are unread."""
        return inbox.count_unread(self.core, user_id)

    def inbox_read(self, id: str, user_id: str) -> None:
        """Mark one's own line as read."""
        inbox.mark_read(self.core, user_id, id)

    def check(self, files: Mapping[str, bytes]) -> Loaded:
        """Read, check and type a definition."""
        return publish.check(self.core, files)

    def plan(self, files: Mapping[str, bytes]) -> Sequence[PlanStep]:
        """What publishing would do to the database."""
        return publish.plan(self.core, files)

    def publish(self, files: Mapping[str, bytes], actor: Actor, *, allow_losing: bool = False) -> Published:
        """Make a definition the running one. Raises DefinitionError; then the old one runs on."""
        return publish.publish(self.core, files, actor, allow_losing=allow_losing)

    def older(self, app: str, revision: int | None = None) -> Older:
        """A published definition to go back to; without a number the one before the running one. Raises Problem."""
        return rollback.older(self.core, app, revision)

    def plan_rollback(self, to: Older) -> Sequence[PlanStep]:
        """What going back would do to the database."""
        return rollback.plan_rollback(self.core, to)

    def rollback(self, to: Older, actor: Actor, *, allow_losing: bool = False) -> Published:
        """Publish it again as a new revision. Raises DefinitionError; then the running one runs on."""
        return rollback.rollback(self.core, to, actor, allow_losing=allow_losing)

    def hidden(self, app: str, older_than: timedelta | None = None) -> list[Hidden]:
        """What of an app's tables was put away, at least so long ago."""
        return rollback.hidden(self.core, app, older_than)

    def purge(self, app: str, what: list[Hidden]) -> None:
        """Delete it for good."""
        rollback.purge(self.core, app, what)

    def pull(self, app: str, connection: str, stream: str, settings: Mapping[str, str]) -> Pulled:
        """One pull now. Raises SourceError."""
        return pull.run_pull(self.core, app, connection, stream, settings)

    def pull_state(self, app: str, connection: str, stream: str) -> PullState:
        """How a pull stands."""
        with self.database.read() as database:
            return pulls.state(database, (app, connection, stream))

    def incidents(self, app: str, limit: int = 100) -> list[Incident]:
        """What went wrong in an app and waits for a person, newest first. For who administers the app."""
        with self.database.read() as database:
            return incidents.of_app(database, app, limit)
