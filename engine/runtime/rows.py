"""One row from outside becomes one record with its children, through the write door. What a person corrected stands: a field
is written again only when its value at the source has changed, unless the connection owns it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.model.app import Table
from engine.model.change import Actor, Write
from engine.model.edges import ChildPull, Pull
from engine.model.problem import Problem
from engine.model.text import Text
from engine.model.tree import Expression
from engine.runtime.rules import perform
from engine.runtime.work import Cause, Work
from engine.storage import incidents, pulls
from engine.storage.incidents import Incident
from engine.storage.pulls import SourceRow

Row = Mapping[str, Any]


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


def encode(row: Row) -> str:
    """A row as JSON that `restore` turns back: decimals and times keep their types."""
    return json.dumps(row, default=_tagged, ensure_ascii=False, sort_keys=True)


def _tagged(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value))


def restore(text: str) -> Row:
    """The row that `encode` wrote."""
    found: Row = json.loads(text, object_hook=_untagged)
    return found


def _untagged(value: dict[str, Any]) -> Any:
    match value:
        case {"$decimal": text}:
            return Decimal(text)
        case {"$datetime": text}:
            return datetime.fromisoformat(text)
        case {"$date": text}:
            return date.fromisoformat(text)
    return value


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
    savepoint = work.connection.begin_nested()
    try:
        result = _take(taking)
    except Problem as problem:
        savepoint.rollback()
        work.facts.forget()
        _wait(taking, problem)
        return "waiting"
    savepoint.commit()
    return result


def _take(taking: Taking) -> str:
    work, place, table = taking.work, taking.place, taking.table
    work.writes = 0
    mapped = _mapped(work, taking.pull.map, taking.row)
    plain = _plain(work, table, mapped)
    key = _key(taking, plain)
    known = pulls.row(work.connection, place.key, key)
    id = known.record_id if known is not None else None
    id = id if id is not None and work.facts.link(table.name, id) is not None else _match(taking, mapped)
    if id is None:
        children = {
            c.name: [_mapped(work, c.map, r, taking.row) for r in taking.row[c.source] or ()]
            for c in taking.pull.children.values()
        }
        id, result = _perform(taking, table.name, None, mapped, children), "written"
    else:
        before = known.mapped if known is not None and known.record_id == id else {}
        result = _update(taking, id, mapped, {n for n in mapped if n not in before or plain[n] != before[n]})
    pulls.keep(work.connection, place.key, SourceRow(key, table.name, id, plain, encode(taking.row), None, work.instant))
    return result


def _perform(
    taking: Taking, table: str, id: str | None, values: Row, children: Mapping[str, Sequence[Row]] | None = None
) -> str:
    request = Write(taking.place.app, table, id, values, children or {})
    return perform(taking.work, request, taking.actor, Cause(), taking.place.connection).id


def _mapped(work: Work, map: Mapping[str, Expression], row: Row, outer: Row | None = None) -> dict[str, Any]:
    """Field → Python value, by the connection's `map` over `source`."""
    work.facts.source = row if outer is None else {**outer, **row}
    return {field: work.program.compiled(expression, {}, work.facts) for field, expression in map.items()}


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
    ids = taking.work.connection.execute(query).scalars().all()
    if len(ids) > 1:
        raise Problem(
            409, "several_match", Text("对不上", "Cannot match"), Text("有多条记录都对得上", "More than one record matches")
        )
    return ids[0] if ids else None


def _update(taking: Taking, id: str, mapped: Row, moved: set[str]) -> str:
    """Write what the connection owns and what has `moved` at the source since it was last seen."""
    table, facts = taking.table, taking.work.facts
    state = table.flow.field if table.flow else None
    record = facts.link(table.name, id) or {}
    wanted = {name for name in mapped if name != state and (name in taking.pull.owns or name in moved)}
    changed = {name: mapped[name] for name in wanted if record.get(name) != mapped[name]}
    if changed:
        _perform(taking, table.name, id, changed)
    written = sum(_children(taking, child, id) for child in taking.pull.children.values())
    return "written" if changed or written else "same"


def _children(taking: Taking, child: ChildPull, parent: str) -> int:
    """Child rows are matched within their parent; what is new is added, what changed at the source is written. How many."""
    work, written = taking.work, 0
    present = {tuple(r[n] for n in child.match): r for r in work.facts.children(child.table, child.link, parent)}
    for inner in taking.row[child.source] or ():
        mapped = _mapped(work, child.map, inner, taking.row)
        found = present.get(tuple(mapped[n] for n in child.match))
        values = {**mapped, child.link: parent} if found is None else {n: v for n, v in mapped.items() if found[n] != v}
        if values:
            _perform(taking, child.table, found["id"] if found else None, values)
            written += 1
    return written


def _wait(taking: Taking, problem: Problem) -> None:
    """Keep the row and say why, once for each new reason."""
    work, place, pull = taking.work, taking.place, taking.pull
    try:
        key = _key(taking, _plain(work, taking.table, _mapped(work, pull.map, taking.row)))
    except Problem:
        key = encode(taking.row)
    reason = f"{problem.code}: {problem.detail.en}"
    known = pulls.row(work.connection, place.key, key)
    mapped, record_id = (known.mapped, known.record_id) if known is not None else ({}, None)
    kept = SourceRow(key, pull.into, record_id, mapped, encode(taking.row), reason, work.instant)
    pulls.keep(work.connection, place.key, kept)
    if known is not None and known.waiting == reason:
        return
    path = f"connections.{place.connection}.pull.{place.stream}"
    where = Text("来自连接的一行没有写入（{key}）：{why}", "A row from the connection was not written ({key}): {why}")
    words = where.fill(key=key, why=problem.detail)
    incident = Incident(
        work.new_id(), place.app, path, pull.into, record_id or "", None, problem.code, words.zh, words.en, work.instant
    )
    incidents.add(work.connection, incident)
