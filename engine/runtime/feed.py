"""The feed of changes: what happened to records in sight, and which left it. Of a record that was never in sight it says
nothing, nor by its cursor: that is the last line announced."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select

from engine.access.view import Views
from engine.model.change import Actor, JournalEntry
from engine.model.problem import Fault, invalid, missing
from engine.model.text import Text
from engine.runtime.core import Core
from engine.runtime.history import line_json
from engine.runtime.past import deciding, saw, undone
from engine.runtime.present import Json, implicit_json
from engine.runtime.read import sight
from engine.runtime.work import Work
from engine.storage import departures, journal
from engine.storage.journal import Place

LINES = 500
GONE = "gone"
_CURSOR = re.compile(r"[0-9A-Za-z]{26}|")
Announced = tuple[Place, JournalEntry, str]


def changes(core: Core, app: str, since: str | None, actor: Actor) -> Json:
    """{changes: [{table, id, version, kind, at}], cursor}: what happened after the line `since`; without it only the cursor to
    begin from. `kind` created, updated; deleted or gone (then no version) of what has left the actor's sight."""
    with core.reading(app, actor) as work:
        views = sight(work, actor)
        if not views.tables():
            raise missing()
        if since is None:
            return {"changes": [], "cursor": _newest_seen(work, views, app, actor)}
        if _CURSOR.fullmatch(since) is None:
            message = Text("这个 cursor 不认识，请重新开始", "This cursor is not known: begin anew")
            raise replace(invalid((Fault("since", "bad_cursor", message),)), status=400)
        found = _after(work, views, app, departures.position(work.connection, app, since), actor)
        return {"changes": [_told(entry, kind) for _, entry, kind in found], "cursor": found[-1][1].id if found else since}


def _told(entry: JournalEntry, kind: str) -> Json:
    told = {"table": entry.table, "id": entry.record_id, "kind": kind, "at": implicit_json(entry.at)}
    return told if kind in (GONE, "deleted") else {**told, "version": entry.version}


def _newest_seen(work: Work, views: Views, app: str, actor: Actor) -> str:
    """The last line that the actor can see; '' when there is none."""
    scopes, former = _scopes(views), work.program.former
    lines = journal.before(work.connection, app, None, LINES, scopes, former)
    while lines:
        for entry in lines:
            if _in_sight(work, views, entry, actor):
                return entry.id
        lines = journal.before(work.connection, app, lines[-1].id, LINES, scopes, former)
    return ""


def _after(work: Work, views: Views, app: str, since: Place, actor: Actor) -> list[Announced]:
    """The next lines to announce, in order, however many that are not lie between."""
    left = _left(work, views, app, since, actor)
    start = since
    while True:
        lines = journal.numbered_after(work.connection, app, start, LINES, _scopes(views), work.program.former)
        seen = [(seq, entry, entry.kind) for seq, entry in lines if _in_sight(work, views, entry, actor)]
        if len(lines) < LINES:
            return sorted([*seen, *left], key=lambda each: each[0])
        start = lines[-1][0]
        if seen:
            return sorted([*seen, *(each for each in left if each[0] < start)], key=lambda each: each[0])


def _left(work: Work, views: Views, app: str, since: Place, actor: Actor) -> list[Announced]:
    """Records that were in sight at that position and are not now, each with the line by which they went."""
    scopes = {table: (ids, deciding(work, actor, table)) for table, ids in _scopes(views).items()}
    found: list[Announced] = []
    end = departures.end(work.connection)
    for table, id in departures.candidates(work.connection, app, since, scopes, LINES, work.program.former):
        lines = departures.lines_after(work.connection, app, table, id, since, work.program.former)
        entries = [entry for _, entry in lines]
        definition, record = work.program.app.tables[table], work.facts.link(table, id)
        before = was = saw(work, actor, table, undone(work, definition, record, entries), since)
        went: Announced | None = None
        for step, (seq, entry) in enumerate(lines, 1) if was else ():
            after = saw(work, actor, table, undone(work, definition, record, entries[step:]), seq)
            if before and not after:
                went = (seq, entry, "deleted" if entry.kind == "deleted" else GONE)
            before = after
        # What a chain of rules brought in and out again in one transaction was never in sight, wherever the cursor stands.
        if went is not None and went[0] < end and departures.begun(work.connection, went[1]) > since:
            found.append(went)
    return found


def _scopes(views: Views) -> dict[str, Select[Any]]:
    """Table → ids of its records in the actor's sight, as a query."""
    ids = {name: views.table(name, ("id",)) for name in views.tables()}
    return {name: select(view.c.id) for name, view in ids.items()}


def _in_sight(work: Work, views: Views, entry: JournalEntry, actor: Actor) -> bool:
    """Lines of records that are there and in scope, with at least one change the actor may read."""
    return entry.kind in ("created", "updated") and line_json(work, views, entry, actor) is not None
