"""Child rows on the form of a new record (`items.0.product`, `items.1.product`), added and removed with or without a script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from builder_ui.pages.files import with_files
from builder_ui.pages.forms import Input, Typed, new_inputs, typed_again, values
from builder_ui.pages.place import Place
from builder_ui.ports import Json
from engine.model.problem import Problem

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Rows:
    """A child list being typed. `rows`: index → its inputs; `blank`: one more row, for a script to copy (index `__`)."""

    name: str
    title: str
    table: str
    rows: tuple[tuple[str, tuple[Input, ...]], ...]
    blank: tuple[Input, ...]


def child_rows(place: Place, table: Json, form: Typed | None, problem: Problem | None) -> list[Rows]:
    """The child lists that the person may fill on a new record; one empty row in each to begin with."""
    return [
        _rows(place, child, form, problem) for child in table["children"] if child["create"] and _seen(place, child["table"])
    ]


def _seen(place: Place, table: str) -> bool:
    return any(t["name"] == table for t in place.seen["tables"])


def _rows(place: Place, child: Json, form: Typed | None, problem: Problem | None) -> Rows:
    table = place.table(child["table"])
    indexes = ["0"] if form is None else indexes_in(form, child["name"])
    rows = []
    for number, index in enumerate(indexes):
        inputs = new_inputs(place, table, prefix=f"{child['name']}.{index}.", leave_out=(child["link"],))
        if form is not None:
            inputs = typed_again(inputs, form, problem, prefix=f"{child['name']}[{number}].")
        rows.append((index, tuple(with_files(place, table, inputs))))
    blank = new_inputs(place, table, prefix=f"{child['name']}.__.", leave_out=(child["link"],))
    return Rows(child["name"], child["title"], child["table"], tuple(rows), tuple(with_files(place, table, blank)))


def indexes_in(form: Typed, name: str) -> list[str]:
    """The rows that the form holds, in order; `add` and `remove` buttons are obeyed here."""
    pattern = re.compile(re.escape(name) + r"\.(\d{1,6})\.")
    found = sorted({int(m[1]) for key in form if (m := pattern.match(key))})
    gone = form.get("remove", "")
    kept = [str(index) for index in found if f"{name}.{index}" != gone][:MOST_ROWS]
    if form.get("add") == name:
        kept.append(str(found[-1] + 1 if found else 0))
    return kept


def child_values(lists: list[Rows], form: Typed) -> dict[str, list[dict[str, Any]]]:
    """What was typed, by child list. Rows in which nothing was typed but defaults are left out."""
    return {
        rows.name: [values(inputs, form, changed_only=False) for _, inputs in rows.rows if not _untouched(inputs, form)]
        for rows in lists
    }


def _untouched(inputs: tuple[Input, ...], form: Typed) -> bool:
    blank = {given.column.name: form.get(f"default-{given.name}", "") for given in inputs}
    return all(form.get(given.name, "") in {"", blank[given.column.name]} for given in inputs)
