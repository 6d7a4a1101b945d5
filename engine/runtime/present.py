"""Records as an actor sees them: values from the view only, titles of links, what may be done and why the rest may not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import select

from engine.access.implicit import governor
from engine.access.mask import mask
from engine.access.view import EXACT, Views
from engine.model.app import Show, Table
from engine.model.change import Actor
from engine.model.types import TypeKind
from engine.runtime import persons
from engine.runtime.attachments import KIND
from engine.runtime.flow import Move, seen_moves
from engine.runtime.shape import UNWRITABLE
from engine.runtime.work import Work
from engine.storage import files, pulls, records

Json = dict[str, Any]


def to_json(work: Work, table: Table, name: str, value: Any) -> Any:
    """One value of a view's column as JSON. A masked value is text whatever its field."""
    if value is None:
        return None
    field = table.fields.get(name)
    if field is not None and (field.type.kind in _TEXTS or not isinstance(value, str)):
        return work.program.registry.fields[field.kind].to_json(value, field)
    return implicit_json(value)


# Of any other type a text is the mask of a value.
_TEXTS = (TypeKind.TEXT, TypeKind.RECORD)


def implicit_json(value: Any) -> Any:
    """Times as RFC 3339 in UTC, durations as seconds, what is text already as it is."""
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    return value.total_seconds() if hasattr(value, "total_seconds") else value


def values_json(work: Work, views: Views, table: Table, row: Mapping[str, Any], fields: Iterable[str]) -> Json:
    """Field → JSON for those fields that the view has."""
    shown = views.fields(table.name)
    implicit = views.implicit(table.name)
    return {n: to_json(work, table, n, row[n]) for n in fields if n in shown or n in implicit}


def titles(work: Work, views: Views, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """For each row: link field → the target's display text, where the actor may see the target; person field → how that person
    is called."""
    shown = views.fields(table.name)
    called = persons.titles(work, table, rows, shown)
    links = [f for f in table.fields.values() if f.kind == "link" and f.name in shown]
    found: list[dict[str, str]] = [
        {n: called[row[n]] for n in persons.fields(table, shown) if row[n] in called} for row in rows
    ]
    for field in links:
        ids = {row[field.name] for row in rows if row[field.name] is not None}
        names = link_titles(work, views, str(field.options["to"]), ids) if ids else {}
        for titles_of, row in zip(found, rows, strict=True):
            if row[field.name] in names:
                titles_of[field.name] = names[row[field.name]]
    return found


def value_titles(work: Work, views: Views, table: Table, name: str, values: Iterable[Any], actor: Actor) -> dict[Any, str]:
    """Value of a field in its JSON form, or each of a list, → what people call it: links in sight, choices, states, files."""
    field = table.fields.get(name)
    single = chain.from_iterable(value if isinstance(value, list) else (value,) for value in values)
    texts = {value for value in single if isinstance(value, str)}
    if field is None or not texts:
        return {}
    if field.kind == "link":
        return link_titles(work, views, str(field.options["to"]), texts)
    if field.kind == "state" and table.flow is not None:
        return {state: table.flow.states[state].title.to(actor.locale) for state in texts & set(table.flow.states)}
    if field.kind == KIND:
        return {id: file.name or "–" for id, file in files.get(work.connection, texts).items()}
    return {choice: field.choices[choice].title.to(actor.locale) for choice in texts & set(field.choices)}


def link_titles(work: Work, views: Views, target: str, ids: set[str]) -> dict[str, str]:
    """Record id → display text, through the actor's view of the target."""
    table = work.program.app.tables[target]
    if not views.grants(target):
        return {}
    display = display_field(views, table)
    if display is None:
        return {}
    view = views.table(target, ("id", display))
    query = select(view.c.id, view.c[display]).where(view.c.id.in_(sorted(ids)))
    return {row[0]: str(row[1]) for row in work.connection.execute(query) if row[1] is not None}


def seen_row(work: Work, views: Views, table: Table, record: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """One record as a row of the actor's view, by deciding on it instead of querying (decide and view agree, by test)."""
    shown = work.program.access.shown(actor, table.name, record, work.facts)
    row: dict[str, Any] = {"flags": record["flags"]}
    for name in [*views.implicit(table.name), *views.fields(table.name)]:
        value = work.facts.value(table.name, name, record)
        by = governor(table, name)
        if by is None or shown.get(by) is Show.ALWAYS:
            row[name] = value
        else:
            row[name] = mask(value) if name in shown else None
    return row


def seen_titles(work: Work, views: Views, table: Table, row: Mapping[str, Any], actor: Actor) -> dict[str, str]:
    """`titles` for one record, by deciding on each target."""
    called = persons.titles(work, table, (row,), views.fields(table.name))
    found = {n: called[row[n]] for n in persons.fields(table, views.fields(table.name)) if row[n] in called}
    for name in views.fields(table.name):
        field = table.fields[name]
        if field.kind != "link" or row[name] is None:
            continue
        target = work.program.app.tables[str(field.options["to"])]
        record, display = work.facts.link(target.name, row[name]), display_field(views, target)
        if record is not None and display is not None and work.program.access.sees(actor, target.name, record, work.facts):
            text = seen_row(work, views, target, record, actor)[display]
            found |= {name: str(text)} if text is not None else {}
    return found


def display_field(views: Views, table: Table) -> str | None:
    """The field that stands for a record: the declared one if it shows, else the first text that does."""
    shown = views.fields(table.name)
    if table.display in shown:
        return table.display
    return next((name for name in shown if table.fields[name].kind in ("text", "serial", "phone")), None)


def record_json(
    work: Work,
    views: Views,
    table: Table,
    row: Mapping[str, Any],
    names: dict[str, str],
    actor: Actor,
    matched: Mapping[str, Sequence[str]] | None = None,
) -> Json:
    """RecordJson for one row of the view. Permissions are judged on the real record, values come from the view. `matched`: as
    `owners` has them for a whole page; None: asked for this record alone."""
    record = work.facts.link(table.name, row["id"]) or row
    possible = seen_moves(work, table, record, actor)
    known = owners(work, table, [row["id"]]) if matched is None else matched
    editable, held = edits(work, table, record, actor, known.get(row["id"], ()))
    fields = [name for name in row if name != "flags" and not name.endswith(EXACT)]
    return {
        "id": row["id"],
        "version": row["version"],
        "values": values_json(work, views, table, row, fields),
        "titles": names,
        "flags": flags_json(work, table, row, actor),
        "can": {
            "edit": editable,
            "transitions": [m.transition.name for m in possible if m.decision.allowed],
            "delete": work.program.access.may_delete(actor, table.name, record, work.facts).allowed,
        },
        "moves": [move_json(work, table, move, actor) for move in possible],
        "held": {name: reason for name, reason in held.items() if name in views.fields(table.name)},
    }


def edits(
    work: Work, table: Table, record: Mapping[str, Any], actor: Actor, matched: Sequence[str]
) -> tuple[list[str], dict[str, str]]:
    """Fields that the actor may set now, and for the others why not. `matched`: connections that brought this record."""
    editable: list[str] = []
    held: dict[str, str] = {}
    writable = [name for name, field in table.fields.items() if field.kind not in UNWRITABLE]
    owned = work.program.owned[table.name] if matched else {}
    decisions = work.program.access.edits(actor, table.name, writable, record, work.facts)
    for name, decision in decisions.items():
        owner = next((each for each in matched if each in owned.get(name, ())), None)
        if decision.allowed and owner is None:
            editable.append(name)
        elif decision.allowed:
            held[name] = f"由连接 {owner} 维护" if actor.locale.startswith("zh") else f"Kept by the connection {owner}"
        elif decision.reason is not None:
            held[name] = decision.reason.to(actor.locale)
    return editable, held


def owners(work: Work, table: Table, ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Record → the connections that brought it; nothing where no connection keeps a field of this table."""
    if not work.program.owned[table.name] or not ids:
        return {}
    return pulls.matched(work.connection, work.program.app.name, table.name, ids)


def flags_json(work: Work, table: Table, row: Mapping[str, Any], actor: Actor) -> list[Json]:
    """The record's flags that the actor may see."""
    if not row["flags"]:
        return []
    visible = work.program.access.flags(actor, table.name)
    names = sorted(name for name in row["flags"] or () if name in visible)
    return [{"name": name, "message": table.checks[name].message.to(actor.locale)} for name in names]


def move_json(work: Work, table: Table, move: Move, actor: Actor) -> Json:
    """One transition out of the record's state."""
    reason = move.decision.reason
    return {
        "name": move.transition.name,
        "title": move.transition.title.to(actor.locale),
        "to": move.transition.target,
        "allowed": move.decision.allowed,
        "reason": reason.to(actor.locale) if reason is not None else None,
        "needs": list(move.needs),
    }


def preload(work: Work, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Fetch the real records of a page at once, for the decisions on each."""
    found = records.get_many(work.connection, work.program.tables[table.name], [row["id"] for row in rows])
    work.facts.remember(table.name, found)
