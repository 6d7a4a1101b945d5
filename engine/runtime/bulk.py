"""Many writes through the one write door: the same path and the same outcome per row, in chunks of one transaction each.

What a chunk asks of the database is asked once for all its rows: the records to be changed, the records that links lead to and
who holds the keys. What it writes goes out together at its end (engine.storage.unit). A row that fails leaves nothing and keeps
nobody else back. Rows come in and results go out as they are done, so any number of them takes the memory of one chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from engine.model.change import Actor, Outcome, Write
from engine.model.problem import Problem
from engine.runtime.ahead import look_ahead
from engine.runtime.core import Core, with_sight
from engine.runtime.rules import perform
from engine.runtime.work import Cause, Work
from engine.storage import idempotency
from engine.storage.idempotency import Claim
from engine.storage.records import Overtaken

CHUNK = 500
Result = Outcome | Problem


def write_many(
    core: Core, app: str, writes: Iterable[Write], actor: Actor, *, key: str | None = None, size: int = CHUNK
) -> Iterator[Result]:
    """One result for each write, in their order: what came of it, or why not. `key` (an idempotency key) makes each chunk
    done once: sent again after a crash, rows that were written are answered as before and the others are tried."""
    rows = iter(writes)
    number = 0
    while chunk := list(islice(rows, size)):
        claim = _claim(core, actor, chunk, f"{key}\n{number}") if key is not None else None
        yield from _chunk(core, app, chunk, actor, claim)
        number += 1


def _claim(core: Core, actor: Actor, chunk: Sequence[Write], key: str) -> Claim:
    return Claim(actor.user_id or "", key, idempotency.fingerprint(*chunk, bulk=True), core.now())


def _chunk(core: Core, app: str, chunk: Sequence[Write], actor: Actor, claim: Claim | None) -> Sequence[Result]:
    """A chunk in one transaction. Where another process has taken a key since it was looked up, once more with the database
    asked for each row."""
    try:
        return core.anew(lambda: _done(core, app, chunk, actor, claim, look_ahead))
    except Overtaken:
        return core.anew(lambda: _done(core, app, chunk, actor, claim, _look_at_nothing))
    except Problem as problem:
        return [problem] * len(chunk)


def _look_at_nothing(work: Work, chunk: Sequence[Write], actor: Actor) -> None:
    """Each row asks for itself."""


def _done(
    core: Core,
    app: str,
    chunk: Sequence[Write],
    actor: Actor,
    claim: Claim | None,
    prepare: Callable[[Work, Sequence[Write], Actor], None],
) -> Sequence[Result]:
    with core.writing(app, actor) as work:
        before: Sequence[Outcome | None] = idempotency.lookup_many(work.connection, claim) if claim is not None else ()
        kept = before or [None] * len(chunk)
        prepare(work, [write for write, outcome in zip(chunk, kept, strict=True) if outcome is None], actor)
        results = [outcome or _row(work, write, actor) for write, outcome in zip(chunk, kept, strict=True)]
        if claim is not None:
            work.unit.flush()
            idempotency.store_many(work.connection, claim, [r if isinstance(r, Outcome) else None for r in results])
    return results


def _row(work: Work, write: Write, actor: Actor) -> Result:
    """One row in its savepoint, with a chain of rules of its own."""
    work.writes = 0
    try:
        with work.unit.savepoint():
            return with_sight(work, write, perform(work, write, actor, Cause()), actor)
    except Problem as problem:
        return problem
