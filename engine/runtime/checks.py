"""Checks of a record over itself and its children: refuse the write, or flag the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.model.app import Otherwise, Table
from engine.model.problem import Fault, invalid
from engine.runtime import values
from engine.runtime.work import Cause, Work


def judge(work: Work, table: Table, record: Mapping[str, Any]) -> frozenset[str]:
    """The names of the checks that flag this record now. Raises the Problem of those that refuse."""
    failed = [check for check in table.checks.values() if not work.program.compiled(check.must, record, work.facts)]
    refusing = [check for check in failed if check.otherwise is Otherwise.REFUSE]
    if refusing:
        raise invalid(tuple(Fault("", check.name, check.message, check.span) for check in refusing))
    return frozenset(check.name for check in failed)


def judge_parents(work: Work, table: Table, images: Sequence[Mapping[str, Any]], cause: Cause) -> None:
    """A record has changed or gone: judge again those that count it among their children. `images`: it before and after."""
    for link, parent in work.program.parents[table.name]:
        for id in dict.fromkeys(image.get(link) for image in images):
            if id is not None:
                _recheck(work, parent, id, cause)


def _recheck(work: Work, parent: str, id: str, cause: Cause) -> None:
    """Keep a new flag as a line of the parent's own. A parent that is being written in this same request judges itself at
    its end."""
    if id in work.open:
        return
    record = work.facts.held(parent, id)
    if record is None:
        return
    table = work.program.app.tables[parent]
    flags = judge(work, table, record)
    if flags == record["flags"]:
        return
    after = {**record, "flags": flags, "version": record["version"] + 1}
    changed = {"flags": flags, "version": after["version"]}
    work.unit.change(work.program.tables[parent], id, changed)
    work.facts.changed(parent, after)
    work.journal(parent, after, "updated", values.changes_between(work, table, record, after), cause, id=work.new_id())
