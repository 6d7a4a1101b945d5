"""Rows that name a record by one of its keys: which record is meant, and whether it is made, changed or left alone.

Only a record that the actor sees with its key is found; any other is as good as not there, so that what a new record would be
told (that the key is taken) is all that anybody learns. See docs/decisions/0033-rows-that-name-a-record-by-key.md."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from engine.access.decide import SYSTEM
from engine.model.app import Show, Table
from engine.model.change import Actor, Mode, Outcome, Write
from engine.model.problem import Fault, invalid, missing
from engine.model.text import Text
from engine.runtime import permits, values
from engine.runtime.work import Saved, Work


def key_of(table: Table, match: tuple[str, ...]) -> tuple[str, ...] | None:
    """The unique key of these fields, in its own order."""
    keys = [(name,) for name, field in table.fields.items() if field.unique] + [tuple(key) for key in table.keys]
    return next((key for key in keys if sorted(key) == sorted(match)), None)


def resolve(work: Work, table: Table, request: Write, actor: Actor) -> Write | Saved:
    """The request by id, or as a new record; what is to be left alone is answered at once. Raises Problem."""
    permits.require_known(work, table, [*request.match, *request.values, *request.children], actor)
    key = key_of(table, request.match)
    if key is None:
        raise _no_key(work, table, request.match, actor)
    if request.mode is Mode.CREATE:
        return replace(request, match=())
    given, faults = values.parse_values(work, table, {name: request.values.get(name) for name in key}, actor)
    id = None if faults else find(work, table, key, given, actor)
    if id is None and request.mode is Mode.UPDATE:
        raise invalid(tuple(faults)) if faults else missing()
    if id is None:
        return replace(request, match=(), mode=Mode.CREATE)
    if request.mode is Mode.SKIP:
        record = work.facts.link(table.name, id) or {}
        return Saved((), Outcome(id, record["version"], skipped=True))
    if request.children:
        text = Text("按键对上了已有的记录，明细不能随它改", "The key matches a record, whose rows cannot be changed with it")
        raise invalid(tuple(Fault(name, "children_of_match", text) for name in request.children))
    rest = {name: value for name, value in request.values.items() if name not in key}
    return replace(request, id=id, values=rest, match=(), mode=Mode.UPDATE)


def find(work: Work, table: Table, key: tuple[str, ...], given: dict[str, Any], actor: Actor) -> str | None:
    """The record that holds this key, if the actor sees it with all fields of the key. Raises Problem for an empty value."""
    empty = [name for name in key if given[name] is None]
    if empty:
        text = Text("用来对上记录的字段不能空着", "A field to match on cannot be empty")
        raise invalid(tuple(Fault(name, "no_match_value", text) for name in empty))
    id = _holder(work, table, key, tuple(given[name] for name in key))
    record = work.facts.held(table.name, id) if id is not None else None
    if record is None or any(record[name] != given[name] for name in key):
        return None  # it has gone, or its key has changed, between the two questions
    if actor.kind == SYSTEM:
        return id
    access = work.program.access
    shown = access.shown(actor, table.name, record, work.facts)
    seen = access.sees(actor, table.name, record, work.facts) and all(shown.get(name) is Show.ALWAYS for name in key)
    return id if seen else None


def _holder(work: Work, table: Table, key: tuple[str, ...], wanted: tuple[Any, ...]) -> str | None:
    physical = work.program.tables[table.name]
    if work.unit.keys.knows(physical, key, wanted):
        return work.unit.keys.holder(physical, key, wanted)
    work.unit.settle(physical)
    query = select(physical.c.id).where(*(physical.c[name] == value for name, value in zip(key, wanted, strict=True)))
    found: str | None = work.connection.scalar(query)
    return found


def _no_key(work: Work, table: Table, match: tuple[str, ...], actor: Actor) -> Exception:
    known = work.program.access.known(actor, table.name)
    keys = [(name,) for name, field in table.fields.items() if field.unique] + [tuple(key) for key in table.keys]
    listed = "; ".join(",".join(key) for key in keys if known.issuperset(key)) or "–"
    text = Text("match 要是这张表的键；有：{keys}", "match must be a key of this table; there is: {keys}")
    return invalid((Fault("match", "no_such_key", text.fill(keys=listed)),))
