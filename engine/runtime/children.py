"""Child rows of a write as they come in: what is wrong with their values, all of them, before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.model.app import Table
from engine.model.change import Actor
from engine.model.problem import Fault, Problem
from engine.model.text import Text
from engine.runtime import permits, values
from engine.runtime.work import Work

MAX_CHILDREN = 500
Lists = Mapping[str, Sequence[Mapping[str, Any]]]


def faults(work: Work, table: Table, lists: Lists, actor: Actor) -> list[Fault]:
    """Faults with paths such as `items[2].price`. Whether the actor may create each row is decided when it is saved."""
    found: list[Fault] = []
    for name, rows in lists.items():
        if name not in table.children:
            found.append(values.unknown(table, name))
        elif len(rows) > MAX_CHILDREN:
            found.append(Fault(name, "too_many", Text(f"一次最多 {MAX_CHILDREN} 行", f"At most {MAX_CHILDREN} rows at once")))
        else:
            child, link = work.program.app.tables[table.children[name].table], table.children[name].link
            for position, row in enumerate(rows):
                place = f"{name}[{position}]"
                found += [replace(f, path=f"{place}.{f.path}") for f in _row_faults(work, child, link, row, actor)]
    return found


def _row_faults(work: Work, child: Table, link: str, row: Mapping[str, Any], actor: Actor) -> Sequence[Fault]:
    given = {name: value for name, value in row.items() if name != link}
    try:
        permits.require_known(work, child, given, actor)
    except Problem as problem:
        return problem.errors
    parsed, wrong = values.parse_values(work, child, given, actor)
    filled = {name: field.default for name, field in child.fields.items()} | parsed | {link: ""}
    return [*wrong, *values.missing_required(work, child, filled, wrong)]
