"""What one table that is there needs to become the declared one: field by field, then its stored formulas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.kinds.protocols import ValueProblem
from engine.kinds.registry import Registry
from engine.model.app import App, Field
from engine.model.app import Table as AppTable
from engine.model.text import Text
from engine.model.tree import Expression
from engine.storage.formulas import same_formula, stored_formulas
from engine.storage.migrate import counting, words
from engine.storage.migrate.conversion import converter, examine
from engine.storage.migrate.matching import Found
from engine.storage.migrate.steps import Conversion, PlanStep, Risk
from engine.storage.names import DROPPED, REPLACED, HeldColumn


@dataclass(frozen=True, slots=True)
class Sight:
    """What planning looks at. `targets`: table that is declared → the physical table behind it, of those that are there;
    `called`: table → its old name, where that is another."""

    connection: Connection
    app: App
    running: App | None
    registry: Registry
    now: datetime
    targets: Mapping[str, str]
    called: Mapping[str, str]


@dataclass
class Draft:
    """The work on one table as it comes together. `kept`: field → its column, unchanged; `made`: fields that need a new
    column; `filled`: those of them that are filled; `hidden`: columns put away."""

    table: AppTable
    rows: int
    kept: dict[str, HeldColumn] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    hidden: list[HeldColumn] = field(default_factory=list)
    conversions: list[Conversion] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    formulas: list[tuple[str, Expression]] = field(default_factory=list)
    steps: list[PlanStep] = field(default_factory=list)

    def step(self, risk: Risk, text: Text, rows: int = 0, examples: tuple[str, ...] = (), path: str = "", **slots: Any) -> None:
        """One line of the plan."""
        said = text.fill(table=self.table.title, n=rows, **slots)
        self.steps.append(PlanStep(risk, self.table.name, said, rows, examples, path or f"tables.{self.table.name}"))

    def take_new(self, key: str, old: HeldColumn | None, now: datetime) -> None:
        """`key` gets a new column; the old one is put away."""
        self.made.append(key)
        if old is not None:
            self.hidden.append(HeldColumn(old.column, key, now, REPLACED))


def plan_table(sight: Sight, found: Found, keys: Mapping[str, tuple[str, Any]], forms: Mapping[str, Any]) -> Draft:
    """`keys`: declared column → (form, type); `forms`: physical column → what it was made as."""
    assert found.held is not None
    table = sight.app.tables[found.name]
    draft = Draft(table, counting.rows(sight.connection, found.held.physical))
    for key, (wanted_form, _) in keys.items():
        new, held = table.fields.get(key), found.columns.get(key)
        if new is not None and new.value is not None:
            continue  # a formula, below
        old_name = found.was.get(key, key)
        if key in found.was and new is not None:
            draft.step(Risk.SAFE, words.FIELD_RENAMED, 0, old=old_name, new=key)
        if held is None:
            _new_field(sight, draft, key, new)
        elif new is None or key in found.back:
            draft.kept[key] = held
        else:
            _plain_field(sight, draft, found, new, held, same=forms.get(held.column) == wanted_form)
        if key in found.back and held is not None and new is not None:
            count = counting.values(sight.connection, found.held.physical, held.column)
            draft.step(Risk.SAFE, words.FIELD_BACK, count, field=new.title)
    _formulas(sight, draft, found, keys, forms)
    _left(sight, draft, found)
    return draft


def _new_field(sight: Sight, draft: Draft, key: str, new: Field | None) -> None:
    """Nothing of it is there. A flow that comes to records gives them its first state."""
    flow = draft.table.flow
    draft.made.append(key)
    if new is None:
        return
    if flow is not None and key == flow.field:
        draft.constants |= {key: flow.initial, f"{flow.initial}_at": sight.now}
        draft.step(Risk.COPYING, words.STARTS, draft.rows, state=flow.states[flow.initial].title)
    else:
        draft.step(Risk.SAFE, words.NEW_FIELD, draft.rows, field=new.title, path=f"tables.{draft.table.name}.fields.{key}")


def _plain_field(sight: Sight, draft: Draft, found: Found, new: Field, held: HeldColumn, *, same: bool) -> None:
    """A field with values of its own, whose column is there: kept, or converted into a new one."""
    old = _old_field(sight, found, new.name)
    path = f"tables.{draft.table.name}.fields.{new.name}"
    if old is None:
        if not same:
            draft.step(Risk.REFUSED, words.UNKNOWN_TYPE, draft.rows, field=new.title, path=path)
        draft.kept[new.name] = held
        return
    called = _called(new)
    if same and not _means_other(sight, old, new) and not called.keys() & old.choices.keys():
        draft.kept[new.name] = held
        return
    conversion = _conversion(sight, found, old, new, held, called)
    assert found.held is not None
    seen = examine(sight.connection, found.held.physical, conversion)
    slots: dict[str, Any] = {"field": new.title, "old": old.kind, "new": new.kind, "path": path}
    if same and not seen.failed and not seen.changed:
        draft.kept[new.name] = held
        draft.step(Risk.SAFE, words.KEPT, seen.values, **slots)
        return
    draft.step(Risk.COPYING, words.CONVERTED, seen.values, **slots)
    if seen.failed:
        ids = tuple(seen.examples)
        gone = new.kind == "state"
        text = (words.NO_SUCH_STATE if gone else words.EMPTIED).fill(why=seen.why or "")
        risk = Risk.REFUSED if gone else Risk.LOSING
        draft.step(risk, text, seen.failed, ids, field=new.title, ids=words.listed(ids), path=path)
    draft.conversions.append(conversion)
    draft.take_new(new.name, held, sight.now)
    flow = draft.table.flow
    if flow is not None and new.name == flow.field:
        draft.constants |= {new.name: flow.initial}


def _old_field(sight: Sight, found: Found, name: str) -> Field | None:
    if sight.running is None or found.old_name not in sight.running.tables:
        return None
    return sight.running.tables[found.old_name].fields.get(found.was.get(name, name))


def _called(new: Field) -> dict[str, str]:
    """Old name → name now, of choices and states that are called otherwise."""
    return {each.was: each.name for each in new.choices.values() if each.was and each.was not in new.choices}


def _means_other(sight: Sight, old: Field, new: Field) -> bool:
    """Could a value that the old field took be none for the new one?"""
    target, before = new.options.get("to"), old.options.get("to")
    led = sight.called.get(str(target), target) if new.kind == "link" else None
    gone = set(old.choices) - set(new.choices)
    return old.kind != new.kind or bool(gone) or (new.kind == "link" and led != before)


def _conversion(sight: Sight, found: Found, old: Field, new: Field, held: HeldColumn, called: Mapping[str, str]) -> Conversion:
    convert = converter(old, new, sight.registry, called)
    target = None
    if new.kind == "link":
        name = str(new.options["to"])
        target = sight.targets.get(name)
        if target is None:
            convert = _nowhere
    recipe = json.dumps(
        [held.column, *((f.name, f.kind, dict(f.options), list(f.choices)) for f in (old, new)), dict(called)],
        default=str,
        ensure_ascii=False,
        sort_keys=True,
    )
    source_type = sight.registry.fields[old.kind].column(old)
    return Conversion(held.column, source_type, new.name, convert, target, recipe)


def _nowhere(value: Any) -> Any:
    """A link into a table that is only being made: nothing can be in it."""
    raise ValueProblem("unknown_record", Text("没有这条记录", "There is no such record"))


def _formulas(sight: Sight, draft: Draft, found: Found, keys: Mapping[str, tuple[str, Any]], forms: Mapping[str, Any]) -> None:
    """A stored formula is worked out anew where it is new, says something else, or reads a field that is filled."""
    table = draft.table
    for name, formula in stored_formulas(sight.app, table.name):
        held, old = found.columns.get(name), _old_field(sight, found, name)
        filled = {each.key for each in draft.conversions} | set(draft.constants) | {key for key, _ in draft.formulas}
        fresh = (
            held is None
            or old is None
            or old.value is None
            or not old.stored
            or forms.get(held.column) != keys[name][0]
            or not same_formula(old.value, formula, found.was)
            or any(read in filled for where, read in formula.reads if where == table.name)
        )
        if not fresh and held is not None:
            draft.kept[name] = held
            continue
        draft.formulas.append((name, formula))
        draft.take_new(name, held, sight.now)
        draft.step(
            Risk.COPYING,
            words.WORKED_OUT,
            draft.rows,
            field=table.fields[name].title,
            path=f"tables.{table.name}.fields.{name}",
        )


def _left(sight: Sight, draft: Draft, found: Found) -> None:
    """What nothing names any more is put away; if a new field of the same kind comes at once, it may be the same."""
    assert found.held is not None
    before = sight.running.tables.get(found.old_name) if sight.running is not None else None
    for each in found.left:
        draft.hidden.append(HeldColumn(each.column, each.field, sight.now, DROPPED))
        old = before.fields.get(each.field) if before is not None else None
        if before is not None and old is None:
            continue  # the time of entry of a state that is gone
        title = old.title if old is not None else each.field
        count = counting.values(sight.connection, found.held.physical, each.column)
        alike = [n for n in draft.made if n in draft.table.fields and old and draft.table.fields[n].kind == old.kind]
        perhaps = words.PERHAPS_RENAMED.fill(old=each.field, new=alike[0]) if len(alike) == 1 and count else Text("", "")
        said = Text(words.FIELD_HIDDEN.zh + perhaps.zh, words.FIELD_HIDDEN.en + perhaps.en)
        draft.step(Risk.SAFE, said, count, field=title)
