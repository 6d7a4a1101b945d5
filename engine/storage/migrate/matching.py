"""Which table or field that is there is which of those that are declared: by its name, by `was:`, or come back from hiding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.definition.messages import instead
from engine.model.app import App
from engine.model.app import Table as AppTable
from engine.model.text import Text
from engine.storage.migrate.steps import PlanStep, Risk
from engine.storage.names import DROPPED, HeldColumn, HeldTable, Names
from engine.storage.tables import SYSTEM_FIELDS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is called otherwise now: new name → old name. `fields` and `states` by the table's new name; `choices` by (table,
    field)."""

    tables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))


def declared(app: App) -> Wanted:
    """What the definition itself says with `was:`; a state's time of entry goes with its state."""
    tables = {table.name: table.was for table in app.tables.values() if table.was}
    fields = {}
    for table in app.tables.values():
        known = {each.name: each.was for each in table.fields.values() if each.was}
        if table.flow is not None:
            known |= {f"{state.name}_at": f"{state.was}_at" for state in table.flow.states.values() if state.was}
        fields[table.name] = known
    return Wanted(tables, fields)


@dataclass(frozen=True, slots=True)
class Found:
    """One declared table and what there is of it. `columns`: field → its column, of those that are there; `was`: field → its
    old name where that is another; `back`: fields that come out of hiding; `left`: columns that nothing names any more."""

    name: str
    held: HeldTable | None
    old_name: str
    columns: Mapping[str, HeldColumn]
    was: Mapping[str, str]
    back: frozenset[str]
    left: tuple[HeldColumn, ...]


def match_tables(app: App, held: Sequence[HeldTable], wanted: Wanted) -> tuple[dict[str, HeldTable], list[PlanStep]]:
    """Declared table → the one that is there, hidden ones last; and what `was:` says that cannot be."""
    used = {each.name: each for each in held if each.hidden_at is None}
    hidden = {each.name: each for each in sorted(held, key=_hidden_since) if each.hidden_at is not None}
    found: dict[str, HeldTable] = {name: used[name] for name in app.tables if name in used}
    problems: list[PlanStep] = []
    for name in app.tables:
        old = wanted.tables.get(name)
        if name in found:
            continue
        if old is not None and old in used and old not in found:
            found[name] = used[old]
        elif old is not None and used and old not in found:
            problems.append(_unknown(name, f"tables.{name}.was", old, used))
        elif name in hidden:
            found[name] = hidden[name]
    return found, problems


def match_fields(
    table: AppTable, held: HeldTable, forms: Mapping[str, str], wanted: Mapping[str, str], keys: Mapping[str, str]
) -> tuple[Found, list[PlanStep]]:
    """The same for one table's columns. `forms`: what each physical column was made as; `keys`: declared column → its form."""
    used = {each.field: each for each in held.columns if each.hidden_at is None}
    gone = [each for each in held.columns if each.hidden_at is not None and each.why == DROPPED]
    hidden = {each.field: each for each in sorted(gone, key=lambda each: str(each.hidden_at))}
    columns = {key: used[key] for key in keys if key in used}
    was: dict[str, str] = {}
    back: set[str] = set()
    problems: list[PlanStep] = []
    for key, form in keys.items():
        old = wanted.get(key)
        if key in columns or key in SYSTEM_FIELDS:
            continue
        if old is not None and old in used and old not in columns:
            columns[key], was[key] = used[old], old
        elif old is not None and key in table.fields and old not in table.fields:
            problems.append(_unknown(table.name, f"tables.{table.name}.fields.{key}.was", old, used))
        elif key in hidden and forms.get(hidden[key].column) == form:
            columns[key] = hidden[key]
            back.add(key)
    taken = {each.column for each in columns.values()}
    left = tuple(each for each in used.values() if each.column not in taken)
    return Found(table.name, held, held.name, columns, was, frozenset(back), left), problems


def names_of(app: str, found: Iterable[tuple[str, str, Mapping[str, str]]]) -> Names:
    """(table, physical, field → column) of everything declared."""
    known = list(found)
    return Names(app, {name: physical for name, physical, _ in known}, {physical: columns for _, physical, columns in known})


def _hidden_since(held: HeldTable) -> str:
    return str(held.hidden_at or "")


def _unknown(table: str, path: str, old: str, known: Iterable[str]) -> PlanStep:
    hint = instead(old, sorted(known)) or Text("", "")
    text = Text(
        "was: {old} 不对：运行中的定义里没有「{old}」。{hint}",
        "was: {old} is not right: the definition that runs has no “{old}”. {hint}",
    )
    return PlanStep(Risk.REFUSED, table, text.fill(old=old, hint=hint), path=path)
