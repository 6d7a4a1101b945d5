"""Fields as a form shows them, and what a form brings back. Used by the record page and by new records alike.

Each editable field carries its value as the page was drawn (`was-…`), so that only what a person changed is written:
what others changed meanwhile stays, and a real conflict can be told.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from builder_ui.format import Column, address_of
from builder_ui.house import house
from builder_ui.pages.place import Place
from builder_ui.ports import Json
from builder_ui.rendering import anchor, writer
from engine.language.regions import PROVINCES
from engine.model.change import Read
from engine.model.problem import Problem

# A longer list is not a drop-down any more: then the record is named by typing.
MOST_OPTIONS = 200
SHARED_FROM = 3
_SLOT = "\0"
# Between the names of several choices: no name holds one.
NAMES = ","
_TICKED = frozenset({"checkbox", "choices"})
_WIDE = frozenset({"textarea", "json", "choices", "files"})
_HALF = frozenset({"money", "number", "duration"})
_SHOWN_ONLY = frozenset({"computed", "state"})
Typed = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Input:
    """One field on a form. `name` is its name in the form, `typed` what stands in it (raw text), `was` what stood there
    when the page was drawn, `shown` the value for reading; `held` says why it cannot be edited (`held_here`:
    beside the field, not in a sentence for several), `wrong` what is wrong; `files` and `asked` are those of `pages.files`."""

    column: Column
    name: str
    widget: str
    typed: str
    was: str
    shown: str
    editable: bool
    required: bool = False
    held: str | None = None
    held_here: bool = True
    wrong: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    href: str | None = None
    files: tuple[Any, ...] = ()
    asked: Any = None

    @property
    def id(self) -> str:
        """Its place on the page."""
        return anchor(self.name)

    @property
    def chosen(self) -> list[str]:
        """The names of several choices."""
        return self.typed.split(NAMES)

    @property
    def sign(self) -> str:
        """Of the currency."""
        return writer().sign(self.column.currency)

    @property
    def wide(self) -> bool:
        """Does it take a whole row?"""
        return self.widget in _WIDE

    @property
    def half(self) -> bool:
        """Is half a phone's width enough for it?"""
        return self.widget in _HALF


def record_inputs(place: Place, table: Json, record: Json) -> list[Input]:
    """Every readable field of a record, in the order of the definition."""
    can, held = set(record["can"]["edit"]), record.get("held") or {}
    return [
        _of_record(place, table, field, record, editable=field["name"] in can, held=held.get(field["name"]))
        for field in table["fields"]
        if field["can"]["read"] and field["name"] in record["values"]
    ]


def shared_reasons(inputs: Sequence[Input]) -> tuple[list[Input], list[str]]:
    """Three or more fields held for the same reason get one sentence below the form instead of one each."""
    groups: dict[str, list[Input]] = {}
    for given in inputs:
        if given.held and not given.editable:
            groups.setdefault(given.held.replace(given.column.title, _SLOT), []).append(given)
    joint = "、" if writer().words.locale.startswith("zh") else ", "
    shared = {shape: group for shape, group in groups.items() if len(group) >= SHARED_FROM}
    sentences = [shape.replace(_SLOT, joint.join(g.column.title for g in group)) for shape, group in shared.items()]
    names = {given.name for group in shared.values() for given in group}
    return [replace(given, held_here=given.name not in names) for given in inputs], sentences


def _of_record(place: Place, table: Json, field: Json, record: Json, *, editable: bool, held: str | None) -> Input:
    name, column = field["name"], place.column(field, table)
    value, title = record["values"].get(name), record["titles"].get(name)
    widget = widget_of(place, field)
    typed = text_of(value, column)
    return Input(
        column=column,
        name=name,
        widget=widget,
        typed=typed,
        was=typed,
        shown=writer().value(value, column, title),
        editable=editable and widget not in _SHOWN_ONLY,
        required=bool(field.get("required")),
        held=held if widget not in _SHOWN_ONLY else None,
        options=options(place, field, column, (typed, title) if editable else None) if editable else (),
        href=f"/a/{place.name}/t/{column.to}/{value}"
        if column.kind == "link" and value and title
        else address_of(value, column),
    )


def new_inputs(place: Place, table: Json, *, prefix: str = "", leave_out: Sequence[str] = ()) -> list[Input]:
    """Every field that the person may give on a new record."""
    return [
        _new(place, table, field, prefix)
        for field in table["fields"]
        if field["can"]["create"] and field["name"] not in leave_out and widget_of(place, field) not in _SHOWN_ONLY
    ]


def _new(place: Place, table: Json, field: Json, prefix: str) -> Input:
    column = place.column(field, table)
    default = text_of((table.get("prefill") or {}).get(field["name"], field.get("default")), column)
    required = bool(field.get("required")) and not default
    listed = options(place, field, column, None)
    return Input(column, prefix + field["name"], widget_of(place, field), default, "", "", True, required, options=listed)


def widget_of(place: Place, field: Json) -> str:
    """How the field's kind is shown in a form; the kind says so itself."""
    return place.program.registry.fields[field["kind"]].widget


def options(place: Place, field: Json, column: Column, current: tuple[str, str | None] | None) -> tuple[tuple[str, str], ...]:
    """(value, title) to choose from: choices, or the other table's records while they are few. `current` stays choosable."""
    if column.kind == "region":
        names = dict.fromkeys((*PROVINCES, *((current[0],) if current and current[0] else ())))
        return tuple((name, name) for name in names)
    if column.kind == "person":
        return _people(place, current)
    if column.kind != "link":
        return tuple(column.choices.items())
    table = next((t for t in place.seen["tables"] if t["name"] == column.to), None)
    display = table.get("display") if table else None
    if table is None or not display:
        return ()
    read = Read(place.name, table["name"], sort=(display,), fields=(display,), limit=MOST_OPTIONS)
    found = house().runtime.records(read, place.actor)
    listed = [(r["id"], str(r["titles"].get(display) or r["values"].get(display) or r["id"][-6:])) for r in found.records]
    return _with_current(listed, current)


def _people(place: Place, current: tuple[str, str | None] | None) -> tuple[tuple[str, str], ...]:
    """Who holds a role in the app, by title; the user name beside it where two are called alike. Of too many none: then a
    name is typed."""
    people = house().people.members(place.name)
    if len(people) > MOST_OPTIONS:
        return ()
    called = Counter(user.title for user in people)
    listed = [(user.name, user.title if called[user.title] == 1 else f"{user.title} ({user.name})") for user in people]
    return _with_current(sorted(listed, key=lambda each: each[1]), current)


def _with_current(listed: list[tuple[str, str]], current: tuple[str, str | None] | None) -> tuple[tuple[str, str], ...]:
    """What stands there now stays choosable."""
    if current and current[0] and current[0] not in {value for value, _ in listed}:
        return ((current[0], current[1] or current[0][-6:]), *listed)
    return tuple(listed)


def text_of(value: Any, column: Column) -> str:
    """A JSON value as it stands in an input."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if column.kind == "datetime":
        return writer().field_time(value)
    if column.kind == "duration":
        return writer().spelled(value)
    if column.kind == "phone":
        return writer().phone(value)
    if column.kind == "attachment" and isinstance(value, list):
        return json.dumps(value, separators=(",", ":"))
    if isinstance(value, list):
        return (NAMES if column.choices else ", ").join(map(str, value))
    return json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, dict) else str(value)


def typed_again(inputs: Sequence[Input], form: Typed, problem: Problem | None, *, prefix: str = "") -> list[Input]:
    """The inputs with what was typed kept, and what is wrong written beside its place."""
    wrong = faults(problem)
    again = []
    for given in inputs:
        if given.editable and (_present(given, form) or given.widget not in _TICKED):
            typed = _typed(given, form) if _present(given, form) else given.typed
            again.append(replace(given, typed=typed, was=form.get(f"was-{given.name}", given.was)))
        else:
            again.append(given)
    return [replace(given, wrong=wrong.get(prefix + given.column.name)) for given in again]


def faults(problem: Problem | None) -> Mapping[str, str]:
    """Path → what is wrong there, in the reader's language."""
    if problem is None:
        return {}
    # The first one said about a place is the one that explains the others.
    return {e.path: e.message.to(writer().words.locale) for e in reversed(problem.errors) if e.path}


def values(inputs: Sequence[Input], form: Typed, *, changed_only: bool) -> dict[str, Any]:
    """What the form brings, as raw values by field name; with `changed_only` just what differs from when the page was drawn."""
    return dict(_values(inputs, form, changed_only))


def _values(inputs: Sequence[Input], form: Typed, changed_only: bool) -> Iterator[tuple[str, Any]]:
    for given in inputs:
        typed = _typed(given, form)
        was = form.get(f"was-{given.name}", "").replace("\r\n", "\n")
        if _present(given, form) and (typed != was if changed_only else typed != ""):
            yield given.column.name, raw(typed, given)


def _present(given: Input, form: Typed) -> bool:
    """Was the field on the form? What is ticked is sent only when it is."""
    return given.name in form or (given.widget in _TICKED and f"was-{given.name}" in form)


def _typed(given: Input, form: Typed) -> str:
    """What the form says of a field."""
    if given.widget == "checkbox":
        return "yes" if form.get(given.name) else ""
    if given.widget == "choices":
        return NAMES.join(sorted(form.getlist(given.name)))
    return form.get(given.name, "").replace("\r\n", "\n")


def raw(typed: str, given: Input) -> Any:
    """Typed text → what the write door takes; it parses and judges the rest."""
    text = typed.strip()
    if given.widget == "checkbox":
        return typed == "yes"
    if text == "":
        return None
    if given.column.kind == "datetime":
        return _instant(text)
    return text


def _instant(text: str) -> str:
    """A local time of the organisation as RFC 3339; what is no time goes on as it is, to be refused with its place."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=house().zone)).isoformat()
