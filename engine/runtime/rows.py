"""One row from outside becomes one record with its children, through the write door. What a person corrected stands: a field
is written again only when its value at the source has changed, unless the connection owns it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.access.decide import SYSTEM
from engine.kinds.protocols import ValueProblem
from engine.model.app import Field, Table
from engine.model.change import Actor, Write
from engine.model.edges import ChildPull, Pull
from engine.model.problem import Problem
from engine.model.text import Text
from engine.model.tree import Expression
from engine.runtime.rules import perform
from engine.runtime.shape import UNWRITABLE
from engine.runtime.source_text import Row, encode, require_storable, restore
from engine.runtime.work import Cause, Work
from engine.storage import incidents, pulls
from engine.storage.incidents import Incident
from engine.storage.pulls import SourceRow


@dataclass(frozen=True, slots=True)
class Place:
    """Which pull of which connection of which app."""

    app: str
    connection: str
    stream: str

    @property
    def key(self) -> tuple[str, str, str]:
        """As the storage wants it."""
        return (self.app, self.connection, self.stream)


@dataclass(frozen=True, slots=True)
class Taking:
    """One row on its way in."""

    work: Work
    pull: Pull
    place: Place
    actor: Actor
    row: Row

    @property
    def table(self) -> Table:
        """Where it goes."""
        return self.work.program.app.tables[self.pull.into]


def take_row(work: Work, pull: Pull, place: Place, row: Row, actor: Actor) -> str:
    """`written`, `same` or `waiting`. Runs in its own savepoint: a row that does not fit leaves the others alone."""
    taking = Taking(work, pull, place, actor, row)
    try:
        with work.unit.savepoint():
            # What is kept of the row goes past the unit.
            work.unit.touch()
            return _take(taking)
    except Problem as problem:
        _wait(taking, problem)
        return "waiting"


def _take(taking: Taking) -> str:
    work, place, table = taking.work, taking.place, taking.table
    work.writes = 0
    require_storable(taking.row)
    mapped = _mapped(work, table, taking.pull.map, taking.row)
    plain = _plain(work, table, mapped)
    key = _key(taking, plain)
    known = pulls.row(work.connection, place.key, key)
    id = known.record_id if known is not None else None
    id = id if id is not None and work.facts.link(table.name, id) is not None else _match(taking, mapped)
    if id is None:
        children = {
            c.name: [_mapped(work, work.program.app.tables[c.table], c.map, r, taking.row) for r in taking.row[c.source] or ()]
            for c in taking.pull.children.values()
        }
        id, result = _perform(taking, table.name, None, mapped, children), "written"
    else:
        same = known if known is not None and known.record_id == id else None
        former = work.program.former
        before = former.values(table.name, same.mapped, table.fields) if same is not None else {}
        moved = {n for n in mapped if n not in before or plain[n] != before[n]}
        # A row that waits has been kept, but not written: it tells nothing of what its lines were when they were.
        last = restore(same.payload) if same is not None and same.waiting is None else None
        result = _update(taking, id, mapped, moved, last)
    pulls.keep(work.connection, place.key, SourceRow(key, table.name, id, plain, encode(taking.row), None, work.instant))
    return result


def _perform(
    taking: Taking,
    table: str,
    id: str | None,
    values: Row,
    children: Mapping[str, Sequence[Row]] | None = None,
    transition: str | None = None,
) -> str:
    request = Write(taking.place.app, table, id, values, children or {}, transition)
    return perform(taking.work, request, taking.actor, Cause(), taking.place.connection).id


def _mapped(work: Work, table: Table, map: Mapping[str, Expression], row: Row, outer: Row | None = None) -> dict[str, Any]:
    """Field → Python value, by the connection's `map` over `source`, as the field keeps it."""
    work.facts.source = row if outer is None else {**outer, **row}
    values = {field: work.program.compiled(expression, {}, work.facts) for field, expression in map.items()}
    return {name: _tidy(work, table.fields[name], value) for name, value in values.items()}


def _tidy(work: Work, field: Field, value: Any) -> Any:
    """` A-1 ` and `A-1` are one value. What the field cannot take stays, to be refused at the door with its reason."""
    if value is None or field.kind in UNWRITABLE:
        return value
    kind = work.program.registry.fields[field.kind]
    try:
        return kind.parse(value if isinstance(value, str | int) else kind.to_json(value, field), field)
    except ValueProblem:
        return value


def _plain(work: Work, table: Table, mapped: Row) -> dict[str, Any]:
    kinds = work.program.registry.fields
    return {n: None if v is None else kinds[table.fields[n].kind].to_json(v, table.fields[n]) for n, v in mapped.items()}


def _key(taking: Taking, plain: Row) -> str:
    values = {name: plain.get(name) for name in taking.pull.match}
    empty = ", ".join(name for name, value in values.items() if value is None)
    if empty:
        detail = Text(f"用来对上记录的字段是空的：{empty}", f"A field to match on is empty: {empty}")
        raise Problem(422, "no_match_value", Text("对不上", "Cannot match"), detail)
    return json.dumps(list(values.values()), ensure_ascii=False)


def _match(taking: Taking, mapped: Row) -> str | None:
    physical = taking.work.program.tables[taking.table.name]
    query = select(physical.c.id).where(*(physical.c[name] == mapped[name] for name in taking.pull.match)).limit(2)
    taking.work.unit.settle(physical)
    ids = taking.work.connection.execute(query).scalars().all()
    if len(ids) > 1:
        raise Problem(
            409, "several_match", Text("对不上", "Cannot match"), Text("有多条记录都对得上", "More than one record matches")
        )
    return ids[0] if ids else None


def _update(taking: Taking, id: str, mapped: Row, moved: set[str], last: Row | None) -> str:
    """Write what the connection owns and what has `moved` at the source since `last` time."""
    table, facts = taking.table, taking.work.facts
    state = table.flow.field if table.flow else None
    record = facts.link(table.name, id) or {}
    wanted = {name for name in mapped if name != state and (name in taking.pull.owns or name in moved)}
    changed = {name: mapped[name] for name in wanted if record.get(name) != mapped[name]}
    transition = _transition(taking, record, mapped[state]) if state in moved else None
    if changed or transition is not None:
        _perform(taking, table.name, id, changed, transition=transition)
    written = sum(_children(taking, child, id, last) for child in taking.pull.children.values())
    return "written" if changed or transition or written else "same"


def _transition(taking: Taking, record: Row, state: str | None) -> str | None:
    """The transition to a state that the source tells. Where the flow has none that names system, that is an incident and
    the record stays in its state: news that comes late must not move it back."""
    flow = taking.table.flow
    if flow is None or state is None or record[flow.field] == state:
        return None
    possible = (t for t in flow.transitions.values() if t.target == state and record[flow.field] in t.sources)
    found = next((t.name for t in possible if SYSTEM in t.by), None)
    if found is None:
        here, there = (flow.states[name].title if name in flow.states else name for name in (record[flow.field], state))
        words = Text(
            "来源说这条记录到了「{there}」，但从「{here}」没有系统可做的流转，状态没有动",
            "The source says that this record is at {there}, but no transition that names system leads there from {here}: "
            "its state stays",
        )
        _incident(taking, record["id"], "no_such_move", words.fill(here=here, there=there))
    return found


def _children(taking: Taking, child: ChildPull, parent: str, last: Row | None) -> int:
    """Child rows are matched within their parent; what is new is added, what changed at the source is written, and what
    people did since to a row that is as it was there stands. How many were written."""
    work, written = taking.work, 0
    table = work.program.app.tables[child.table]

    def by_key(row: Row | None) -> dict[tuple[Any, ...], dict[str, Any]]:
        rows = [_mapped(work, table, child.map, inner, row) for inner in (row[child.source] or () if row else ())]
        return {tuple(mapped[n] for n in child.match): mapped for mapped in rows}

    seen = by_key(last)
    present = {tuple(r[n] for n in child.match): r for r in work.facts.children(child.table, child.link, parent)}
    for key, mapped in by_key(taking.row).items():
        found, before = present.get(key), seen.get(key)
        if before == mapped:
            continue
        if found is None:
            values = {**mapped, child.link: parent}
        else:
            values = {n: v for n, v in mapped.items() if found[n] != v and (before is None or before[n] != v)}
        if values:
            _perform(taking, child.table, found["id"] if found else None, values)
            written += 1
    return written


def _wait(taking: Taking, problem: Problem) -> None:
    """Keep the row and say why, once for each new reason."""
    work, place, pull = taking.work, taking.place, taking.pull
    try:
        require_storable(taking.row)
        key = _key(taking, _plain(work, taking.table, _mapped(work, taking.table, pull.map, taking.row)))
    except Problem:
        key = encode(taking.row)
    reason = f"{problem.code}: {problem.detail.en}"
    known = pulls.row(work.connection, place.key, key)
    mapped, record_id = (known.mapped, known.record_id) if known is not None else ({}, None)
    kept = SourceRow(key, pull.into, record_id, mapped, encode(taking.row), reason, work.instant)
    pulls.keep(work.connection, place.key, kept)
    if known is not None and known.waiting == reason:
        return
    words = Text("来自连接的一行没有写入（{key}）：{why}", "A row from the connection was not written ({key}): {why}")
    _incident(taking, record_id or "", problem.code, words.fill(key=key, why=problem.detail))


def _incident(taking: Taking, record_id: str, code: str, words: Text) -> None:
    work, place = taking.work, taking.place
    path = f"connections.{place.connection}.pull.{place.stream}"
    table = taking.table.name
    incident = Incident(work.new_id(), place.app, path, table, record_id, None, code, words.zh, words.en, work.instant)
    incidents.add(work.unit, incident)
