"""The end of files: uploads that nobody used and bytes that nothing names go by themselves; what was in a record goes only when
somebody purges or erases it on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.access.decide import SYSTEM
from engine.model.change import Actor, Change, Write
from engine.model.problem import missing
from engine.runtime.core import Core
from engine.runtime.rules import perform
from engine.runtime.work import Cause, Work
from engine.storage import files
from engine.storage.files import File

UNUSED_AFTER = timedelta(days=1)
_EVERY = timedelta(hours=1)
_AT_ONCE = 500


class Sweeper:
    """Looks once an hour for what nobody needs."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._next: datetime | None = None

    def tick(self) -> None:
        """Sweep, if it is time."""
        now = self._core.now()
        if self._next is None or now >= self._next:
            self._next = now + _EVERY
            sweep(self._core)


def sweep(core: Core) -> int:
    """Remove uploads of yesterday that are in no record, and bytes that no row names. How many files went."""
    before = core.now() - UNUSED_AFTER
    gone = 0
    while True:
        with core.database.write() as connection:
            unused = files.older(connection, files.PENDING, before, _AT_ONCE)
            forgotten = files.forget(connection, [file.id for file in unused])
        core.blobs.remove(forgotten)
        gone += len(forgotten)
        if len(unused) < _AT_ONCE:
            break
    for ids in core.blobs.stray(before.timestamp()):
        with core.database.read() as connection:
            stray = set(ids) - files.with_bytes(connection, ids)
        core.blobs.remove(stray)
        gone += len(stray)
    return gone


@dataclass(frozen=True, slots=True)
class Purged:
    """`size` in bytes."""

    count: int
    size: int


def deleted_before(core: Core, before: datetime, limit: int = 1_000_000) -> Sequence[File]:
    """What a purge would take."""
    with core.database.read() as connection:
        return files.older(connection, files.DELETED, before, limit)


def purge(core: Core, before: datetime, by: str) -> Purged:
    """Remove the bytes of files that left their records before that moment. Each leaves a line in its record's journal."""
    count = size = 0
    while batch := deleted_before(core, before, _AT_ONCE):
        for app in sorted({file.app for file in batch}):
            of_app = {file.id: file for file in batch if file.app == app}
            with core.writing(app, _actor(by)) as work:
                gone = files.forget_bytes(work.connection, of_app, work.instant)
                for id in sorted(gone):
                    _trace(work, of_app[id])
            core.blobs.remove(gone)
            count, size = count + len(gone), size + sum(of_app[id].size for id in gone)
    return Purged(count, size)


def erase(core: Core, id: str, by: str) -> File:
    """Remove one file at once, out of its field too, with its name. Raises Problem 404."""
    with core.database.read() as connection:
        file = files.get(connection, [id]).get(id)
    if file is None or file.state == files.PURGED:
        raise missing()
    with core.writing(file.app, _actor(by)) as work:
        if file.state == files.KEPT and file.record is not None:
            _take_out(work, file, _actor(by))
        _trace(work, file)
        files.forget_bytes(work.connection, [id], work.instant, erased=True)
    core.blobs.remove([id])
    return file


def _take_out(work: Work, file: File, actor: Actor) -> None:
    record = work.facts.link(file.table, file.record)
    if record is not None and file.id in (record.get(file.field) or ()):
        left = [other for other in record[file.field] if other != file.id]
        write = Write(file.app, file.table, file.record, {file.field: left or None})
        perform(work, write, replace(actor, kind=SYSTEM), Cause())


def _trace(work: Work, file: File) -> None:
    if file.record is None:
        return
    record = work.facts.link(file.table, file.record) if file.table in work.program.tables else None
    version = record["version"] if record is not None else 0
    change = Change(file.field, [file.id], None)
    line = {"id": file.record, "version": version}
    work.journal(file.table, line, "erased", (change,), Cause(), id=work.new_id())


def _actor(by: str) -> Actor:
    facts = {"name": by, "roles": (), "departments": (), "lead": None}
    return Actor("person", None, by, frozenset(), facts, "command")
