"""Sample data of a template: its `sample/*.csv` put in through the write door, as if it had happened over the last days.

A file is named after its table and has its fields as columns, plus, where wanted:

- `_label`   a word by which other files mean this record (without it: the value of the table's display field)
- `_ago`     how long ago it was created (`30h`, `2d`); left out: now
- `_moves`   transitions taken since, each with its own age: `approve@29h pick@26h`

A link holds the label of what it leads to. A file with a link to a labelled table holds that table's children: they are created
together with their parent. A time may be given as an age too. Everything is ordered by age, so journal and life lines read
like life. It adds and never changes or removes: to be run once.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

from engine.access.decide import SYSTEM
from engine.model.app import App, Field, Table
from engine.model.change import Actor, Write
from engine.model.text import Text
from engine.model.types import TypeKind
from engine.runtime.core import Core

Row = Mapping[str, str]
_AGE = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WHO = Text("示例数据", "sample data")


class SampleError(Exception):
    """A sample file that does not fit its template; names file and row. For who writes templates."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do at a moment: create a record, or (`move`) take a transition of one created before."""

    at: datetime
    table: str
    label: str
    values: Mapping[str, Any]
    children: Mapping[str, list[Mapping[str, Any]]]
    move: str | None
    place: str


@dataclass(slots=True)
class _Sample:
    """What is known while it runs: `ids` of (table, label), `now` the moment that is being played."""

    core: Core
    app: App
    now: datetime
    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def clock(self) -> datetime:
        """The clock of the past."""
        return self.now


def add_sample(core: Core, app_name: str, folder: Path) -> int:
    """Put in the sample of a template that is installed as `app_name`; returns how many records were created. Raises
    SampleError or Problem."""
    app = core.program(app_name).app
    tables = {path.stem: _rows(path) for path in sorted((folder / "sample").glob("*.csv"))}
    if unknown := sorted(set(tables) - set(app.tables)):
        raise SampleError(f"sample/{unknown[0]}.csv: {app_name} has no table {unknown[0]}")
    start = core.now()
    sample = _Sample(core, app, start)
    # The same engine at a moment of the past: the write door stamps what it writes with its own clock.
    past = Core(
        core.database,
        zone=core.zone,
        catalogue=core.catalogue,
        registry=core.registry,
        clock=sample.clock,
        ids=core.new_id,
        calendar=core.calendar,
    )
    acts = [act for name in _parents_first(app, tables) for act in _acts(app.tables[name], name, tables, app, start)]
    for act in sorted(acts, key=attrgetter("at")):
        sample.now = act.at
        _do(past, sample, act)
    return sum(1 + sum(map(len, act.children.values())) for act in acts if act.move is None)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _labelled(tables: Mapping[str, list[Row]]) -> set[str]:
    return {name for name, rows in tables.items() if rows and "_label" in rows[0]}


def _parent_link(app: App, table: str, tables: Mapping[str, list[Row]]) -> Field | None:
    """The link that makes this table's file a file of children."""
    links = (f for f in app.tables[table].fields.values() if f.kind == "link" and f.options["to"] in _labelled(tables))
    return next(links, None)


def _parents_first(app: App, tables: Mapping[str, list[Row]]) -> Iterator[str]:
    """Tables that lead nowhere first, so that equal ages come in an order that works; files of children are left to
    their parents."""
    names = [name for name in tables if _parent_link(app, name, tables) is None]
    yield from sorted(names, key=lambda name: sum(f.kind == "link" for f in app.tables[name].fields.values()))


def _acts(table: Table, name: str, tables: Mapping[str, list[Row]], app: App, start: datetime) -> Iterator[Act]:
    labelled = bool(tables[name]) and "_label" in tables[name][0]
    label_field = "_label" if labelled else table.display or ""
    # What is given to no age is older than everything else: the world the rest happens in.
    oldest = start - timedelta(days=30)
    for number, row in enumerate(tables[name], 2):
        place = f"sample/{name}.csv:{number}"
        label = row.get(label_field, "")
        created = start - _age(row["_ago"], place) if row.get("_ago") else oldest
        moves = [move.partition("@") for move in (row.get("_moves") or "").split()]
        later = _needed(table, [move for move, _, _ in moves])
        plain = {k: v for k, v in row.items() if not k.startswith("_") and v != ""}
        values = {k: v for k, v in plain.items() if k not in later}
        yield Act(created, name, label, values, _children(app, name, label, tables) if labelled else {}, None, place)
        for move, _, age in moves:
            given = {k: plain[k] for k in _needed(table, [move]) if k in plain}
            yield Act(start - _age(age, place), name, label, given, {}, move, place)


def _needed(table: Table, moves: list[str]) -> set[str]:
    """Fields that come with a transition, since it asks for them."""
    transitions = table.flow.transitions if table.flow else {}
    return {name for move in moves if move in transitions for name in transitions[move].needs}


def _children(app: App, parent: str, label: str, tables: Mapping[str, list[Row]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for inverse, children in app.tables[parent].children.items():
        rows = [row for row in tables.get(children.table, ()) if row.get(children.link) == label]
        own: list[Mapping[str, Any]] = [
            {k: v for k, v in row.items() if k != children.link and not k.startswith("_") and v != ""} for row in rows
        ]
        if own:
            found[inverse] = own
    return found


def _do(core: Core, sample: _Sample, act: Act) -> None:
    table = sample.app.tables[act.table]
    values = _values(core, sample, table, act.values, act)
    if act.move is not None:
        record = sample.ids[act.table, act.label]
        if values:
            core.write(Write(sample.app.name, act.table, record, values), _system(sample))
        core.write(Write(sample.app.name, act.table, record, transition=act.move), _mover(sample, table, act))
        return
    children = {
        inverse: [_values(core, sample, sample.app.tables[table.children[inverse].table], row, act) for row in rows]
        for inverse, rows in act.children.items()
    }
    outcome = core.write(Write(sample.app.name, act.table, None, values, children), _system(sample))
    sample.ids[act.table, act.label] = outcome.id


def _values(core: Core, sample: _Sample, table: Table, row: Mapping[str, str], act: Act) -> dict[str, Any]:
    return {name: _value(core, sample, table, name, text, act) for name, text in row.items()}


def _value(core: Core, sample: _Sample, table: Table, name: str, text: str, act: Act) -> Any:
    declared = table.fields.get(name)
    if declared is None:
        raise SampleError(f"{act.place}: {table.name} has no field {name}")
    if declared.kind == "link":
        target = (str(declared.options["to"]), text)
        if target not in sample.ids:
            raise SampleError(f"{act.place}: {name} leads to {text}, which is in none of the files")
        return sample.ids[target]
    if declared.type.kind is TypeKind.DATETIME and _AGE.fullmatch(text):
        return act.at - _age(text, act.place)
    return core.registry.fields[declared.kind].parse(text, declared)


def _system(sample: _Sample) -> Actor:
    return Actor(SYSTEM, None, _WHO.zh, frozenset(), {}, "sample")


def _mover(sample: _Sample, table: Table, act: Act) -> Actor:
    """The system where the flow lets it, else a person without a face who holds the role that the flow asks for."""
    transition = table.flow.transitions.get(act.move or "") if table.flow else None
    if transition is None:
        raise SampleError(f"{act.place}: {table.name} has no transition {act.move}")
    if SYSTEM in transition.by:
        return _system(sample)
    facts = dict.fromkeys(sample.app.people)
    return Actor("person", None, _WHO.zh, frozenset(transition.by[:1]), facts, "sample")


def _age(text: str, place: str) -> timedelta:
    match = _AGE.fullmatch(text)
    if match is None:
        raise SampleError(f"{place}: {text} is no age such as 30h or 2d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
