"""One row from outside becomes one record with its children, through the write door. What a person corrected stands: a field
is written again only when its value at the source has changed, unless the connection owns it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.model.app import ChildPull, Pull, Table
from engine.model.change import Actor, Write
from engine.model.problem import Problem
from engine.model.text import Text
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


def take_row(work: Work, pull: Pull, place: Place, row: Row, actor: Actor) -> str:
    """`written`, `same` or `waiting`. Runs in its own savepoint: a row that does not fit leaves the others alone."""
    savepoint = work.connection.begin_nested()
    try:
        result = _take(work, pull, place, row, actor)
    except Problem as problem:
        savepoint.rollback()
        work.facts.forget()
        work.facts.source = {}
        _wait(work, pull, place, row, problem)
        return "waiting"
    savepoint.commit()
    return result


def _take(work: Work, pull: Pull, place: Place, row: Row, actor: Actor) -> str:
    table = work.program.app.tables[pull.into]
    work.writes = 0
    mapped = _mapped(work, pull.map, row)
    key = _key(work, table, pull, mapped)
    known = pulls.row(work.connection, place.key, key)
    id = known.record_id if known is not None else None
    id = id if id is not None and work.facts.link(table.name, id) is not None else _match(work, table, pull, mapped)
    plain = _plain(work, table, mapped)
    if id is None:
        children = {c.name: [_mapped(work, c.map, r, row) for r in row[c.source] or ()] for c in pull.children.values()}
        outcome = perform(work, Write(place.app, table.name, None, mapped, children), actor, Cause(), place.connection)
        id, result = outcome.id, "written"
    else:
        before = known.mapped if known is not None and known.record_id == id else {}
        result = _update(work, pull, place, table, id, mapped, plain, before, row, actor)
    kept = SourceRow(key, table.name, id, plain, encode(row), None, work.instant)
    pulls.keep(work.connection, place.key, kept)
    return result


def _mapped(work: Work, map: Mapping[str, Any], row: Row, outer: Row | None = None) -> dict[str, Any]:
    """Field → Python value, by the connection's `map` over `source`."""
    work.facts.source = row if outer is None else {**outer, **row}
    return {field: work.program.compiled(expression, {}, work.facts) for field, expression in map.items()}


def _plain(work: Work, table: Table, mapped: Row) -> dict[str, Any]:
    kinds = work.program.registry.fields
    return {n: None if v is None else kinds[table.fields[n].kind].to_json(v, table.fields[n]) for n, v in mapped.items()}


def _key(work: Work, table: Table, pull: Pull, mapped: Row) -> str:
    values = [mapped.get(name) for name in pull.match]
    if any(value is None for value in values):
        names = ", ".join(n for n, v in zip(pull.match, values, strict=True) if v is None)
        detail = Text(f"用来对上记录的字段是空的：{names}", f"A field to match on is empty: {names}")
        raise Problem(422, "no_match_value", Text("对不上", "Cannot match"), detail)
    return json.dumps(list(_plain(work, table, {n: mapped[n] for n in pull.match}).values()), ensure_ascii=False)


def _match(work: Work, table: Table, pull: Pull, mapped: Row) -> str | None:
    physical = work.program.tables[table.name]
    query = select(physical.c.id).where(*(physical.c[name] == mapped[name] for name in pull.match)).limit(2)
    ids = work.connection.execute(query).scalars().all()
    if len(ids) > 1:
        detail = Text("有多条记录都对得上", "More than one record matches")
        raise Problem(409, "several_match", Text("对不上", "Cannot match"), detail)
    return ids[0] if ids else None


def _update(
    work: Work, pull: Pull, place: Place, table: Table, id: str, mapped: Row, plain: Row, before: Row, row: Row, actor: Actor
) -> str:
    state = table.flow.field if table.flow else None
    record = work.facts.link(table.name, id) or {}
    changed = {
        name: value
        for name, value in mapped.items()
        if name != state and (name in pull.owns or plain[name] != before.get(name)) and record.get(name) != value
    }
    version = record.get("version")
    if changed:
        version = perform(work, Write(place.app, table.name, id, changed), actor, Cause(), place.connection).version
    for child in pull.children.values():
        _children(work, child, place, id, row, actor)
    after = work.facts.link(table.name, id) or {}
    return "written" if changed or after.get("version") != version else "same"


def _children(work: Work, child: ChildPull, place: Place, parent: str, row: Row, actor: Actor) -> None:
    """Child rows are matched within their parent; what is new is added, what changed at the source is written."""
    present = {tuple(r[n] for n in child.match): r for r in work.facts.children(child.table, child.link, parent)}
    for inner in row[child.source] or ():
        mapped = _mapped(work, child.map, inner, row)
        found = present.get(tuple(mapped[n] for n in child.match))
        if found is None:
            request = Write(place.app, child.table, None, {**mapped, child.link: parent})
        else:
            request = Write(place.app, child.table, found["id"], {n: v for n, v in mapped.items() if found[n] != v})
        if request.values:
            perform(work, request, actor, Cause(), place.connection)


def _wait(work: Work, pull: Pull, place: Place, row: Row, problem: Problem) -> None:
    """Keep the row and say why, once for each new reason."""
    try:
        key = _key(work, work.program.app.tables[pull.into], pull, _mapped(work, pull.map, row))
    except Problem:
        key = encode(row)
    reason = f"{problem.code}: {problem.detail.en}"
    known = pulls.row(work.connection, place.key, key)
    mapped = known.mapped if known is not None else {}
    record_id = known.record_id if known is not None else None
    kept = SourceRow(key, pull.into, record_id, mapped, encode(row), reason, work.instant)
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
