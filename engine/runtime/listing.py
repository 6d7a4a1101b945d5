"""The statements of a list, made once as far as they can be. They are kept with the program, so a publish forgets them, by all
else that goes into them: the actor's roles and facts (never only a name of theirs) and what is asked. The clock, and the
records that a search has found, are parameters; a condition that the clock's reading went into is made anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from engine.access.view import EXACT, Views
from engine.runtime.cursor import Order, directions
from engine.runtime.program import Sheet
from engine.runtime.work import Work
from engine.storage.raw import THE_NOW

IDS, COUNT = "the_ids", "their_count"


def sheet_of(work: Work, views: Views, table: str, order: Order, limit: int, *, narrow: bool) -> Sheet:
    """The first `limit` records of the actor's view in this order; `narrow`: no others than those of `present`'s `ids`."""
    key = (views.key, table, tuple(order), limit, narrow)
    kept = work.program.sheets.get(key) if views.key is not None else None
    if kept is not None:
        return kept
    own = views.anew(work.facts.raw(kept=True))
    view = own.table(table, ids=bindparam(IDS, expanding=True), count=bindparam(COUNT, 0)) if narrow else own.table(table)
    page = select(*(c for c in view.c if not c.key.endswith(EXACT))).order_by(*directions(view, order)).limit(limit)
    made = Sheet(view, page, own.moved)
    return made if views.key is None or own.moved else work.program.sheets.put(key, made)


def present(work: Work, ids: Sequence[str] | None) -> dict[str, Any]:
    """The parameters of such statements, now; `ids`: those that a search has found."""
    found = {THE_NOW: work.now}
    return found if ids is None else {**found, IDS: ids, COUNT: len(ids)}
