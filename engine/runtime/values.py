"""Raw values of one record to Python values: field kinds parse, links must lead to something in sight, formulas are worked
out. All problems of a record are collected, none is the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.access.decide import SYSTEM
from engine.kinds.protocols import ValueProblem
from engine.model.app import Field, Table
from engine.model.change import Actor, Change
from engine.model.problem import Fault
from engine.model.text import Text
from engine.runtime import persons
from engine.runtime.shape import UNWRITABLE
from engine.runtime.work import Work
from engine.storage.prepared import Lock
from engine.storage.serials import Counter, rest, serial


def unknown(table: Table, name: str) -> Fault:
    """A name that is no field here, or none that the actor may know of: both answer alike."""
    return Fault(name, "unknown_field", Text(f"「{name}」不是这张表的字段", f"{name} is not a field of this table"))


def parse_values(work: Work, table: Table, values: Mapping[str, Any], actor: Actor) -> tuple[dict[str, Any], list[Fault]]:
    """Field → Python value, and what could not be taken. `actor` system brings Python values, people bring JSON."""
    parsed: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, raw in values.items():
        field = table.fields.get(name)
        if field is None:
            faults.append(unknown(table, name))
            continue
        if field.kind in UNWRITABLE and not (field.kind == "state" and actor.kind == SYSTEM):
            faults.append(_unwritable(field))
            continue
        try:
            parsed[name] = _parse(work, field, raw, actor)
        except ValueProblem as problem:
            faults.append(Fault(name, problem.code, problem.message))
    return parsed, faults


def _parse(work: Work, field: Field, raw: Any, actor: Actor) -> Any:
    if type(raw) is str:
        value = _read(work, field, raw)
    else:
        kind = work.program.registry.fields[field.kind]
        typed = actor.kind == SYSTEM and raw is not None and not isinstance(raw, str | int)
        value = kind.parse(kind.to_json(raw, field) if typed else raw, field)
    if field.kind == persons.KIND and value is not None:
        return persons.named(work, value, actor)
    if field.kind == "link" and value is not None:
        target_table = str(field.options["to"])
        target = work.facts.held(target_table, value, Lock.STAY)
        if target is None or not work.program.access.sees(actor, target_table, target, work.facts):
            raise ValueProblem(
                "unknown_record",
                Text(
                    "「{field}」指向的记录不存在，或者您看不到它",
                    "{field} points at a record that is not there or not in your sight",
                ).fill(field=field.title),
            )
    return value


def _read(work: Work, field: Field, raw: str) -> Any:
    """Text by the field's kind; rows of a batch say the same again and again, so each text is read once."""
    key = (id(field), raw)
    try:
        return work.read[key]
    except KeyError:
        value = work.read[key] = work.program.registry.fields[field.kind].parse(raw, field)
        return value


def _unwritable(field: Field) -> Fault:
    if field.kind == "state":
        message = Text("「{field}」只随流程走：请用流转按钮", "{field} moves by transitions only: use a transition").fill(
            field=field.title
        )
        return Fault(field.name, "state_by_transition", message)
    message = Text("「{field}」由系统算出，不能填", "{field} is worked out and cannot be given").fill(field=field.title)
    return Fault(field.name, "computed_field", message)


def missing_required(work: Work, table: Table, record: Mapping[str, Any], faults: Sequence[Fault] = ()) -> list[Fault]:
    """Required fields that are empty, but for those that have a fault already."""
    empty = [field for field in work.program.shapes[table.name].required if record.get(field.name) is None]
    told = {fault.path for fault in faults}
    return [
        Fault(field.name, "required", Text("请填「{field}」", "{field} is required").fill(field=field.title))
        for field in empty
        if field.name not in told
    ]


def with_defaults(work: Work, table: Table, given: Mapping[str, Any], author: str) -> dict[str, Any]:
    """A whole new record in the name of `author`: given values, defaults, the initial state, the system fields."""
    record = dict(work.program.shapes[table.name].blank)
    record.update((name, value) for name, value in given.items() if name in record)
    now = work.instant
    if table.flow:
        state = record[table.flow.field] or table.flow.initial
        record[table.flow.field] = state
        record[f"{state}_at"] = now
    record.update(
        id=work.new_id(), version=1, created_at=now, created_by=author, updated_at=now, updated_by=author, flags=frozenset()
    )
    return record


def number(work: Work, table: Table, record: dict[str, Any]) -> None:
    """Draw serial numbers, last of all, so that a refused record draws none."""
    for field in work.program.shapes[table.name].serials:
        if record[field.name] is None:
            form = str(field.options.get("format", "{number}"))
            counter = Counter(work.program.app.name, table.name, field.name, rest(form, work.now))
            record[field.name] = serial(form, work.now, work.unit.number(counter))


def stored_formulas(work: Work, table: Table, record: dict[str, Any]) -> None:
    """Work out the formulas that have a column, each after those that it needs."""
    for name, formula in work.program.formulas[table.name]:
        record[name] = work.program.compiled(formula, record, work.facts)


def changes_between(work: Work, table: Table, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs, as JSON values, declared fields and flags only."""
    found = []
    for name, field, write in work.program.shapes[table.name].writers:
        old, new = before[name] if before is not None else None, after[name]
        if old is not new and old != new:
            found.append(Change(name, None if old is None else write(old, field), None if new is None else write(new, field)))
    old_flags, new_flags = (before["flags"] if before is not None else None) or (), after["flags"] or ()
    if old_flags != new_flags and sorted(old_flags) != sorted(new_flags):
        found.append(Change("flags", sorted(old_flags), sorted(new_flags)))
    return tuple(found)
