"""Records as an actor sees them: values from the view only, titles of links, what may be done and why the rest may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Select, bindparam, select

from engine.access.implicit import governor
from engine.access.mask import mask
from engine.access.truths import Verdict
from engine.access.view import Views
from engine.model.app import Show, Table
from engine.model.change import Actor
from engine.model.types import TypeKind
from engine.runtime import persons
from engine.runtime.attachments import KIND
from engine.runtime.judge import Judge
from engine.runtime.work import Work
from engine.storage import files, pulls, records
from engine.storage.raw import THE_NOW

Json = dict[str, Any]


def to_json(work: Work, table: Table, name: str, value: Any) -> Any:
    """One value of a view's column as JSON. A masked value is text whatever its field."""
    return None if value is None else _written(work, table, name)(value)


def _written(work: Work, table: Table, name: str) -> Callable[[Any], Any]:
    """How the values of a column become JSON, those that are not empty."""
    field = table.fields.get(name)
    if field is None:
        return implicit_json
    write = work.program.registry.fields[field.kind].to_json
    if field.type.kind in _TEXTS:
        return lambda value: write(value, field)
    return lambda value: value if isinstance(value, str) else write(value, field)


# Of any other type a text is the mask of a value.
_TEXTS = (TypeKind.TEXT, TypeKind.RECORD)


def implicit_json(value: Any) -> Any:
    """Times as RFC 3339 in UTC, durations as seconds, what is text already as it is."""
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    return value.total_seconds() if hasattr(value, "total_seconds") else value


def writer_of(work: Work, views: Views, table: Table, fields: Iterable[str]) -> Callable[[Mapping[str, Any]], Json]:
    """Row → field → JSON, for those of these fields that the view has."""
    shown, implicit = views.fields(table.name), views.implicit(table.name)
    names = [name for name in fields if name in shown or name in implicit]
    writers = [(name, _written(work, table, name)) for name in names]
    return lambda row: {name: None if (value := row[name]) is None else write(value) for name, write in writers}


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
    query = _titles(work, views, target, display)
    rows = work.connection.execute(query, {"ids": sorted(ids), THE_NOW: work.now})
    return {row[0]: str(row[1]) for row in rows if row[1] is not None}


def _titles(work: Work, views: Views, target: str, display: str) -> Select[Any]:
    """Id and display text of the records `ids`. Kept with the program by what goes into the actor's view of them."""
    key = (views.key, target)
    kept = work.program.titles.get(key) if views.key is not None else None
    if kept is not None:
        return kept
    views = views.anew(work.facts.raw(kept=True))
    view = views.table(target, ("id", display))
    query = select(view.c.id, view.c[display]).where(view.c.id.in_(bindparam("ids", expanding=True)))
    return query if views.moved or views.key is None else work.program.titles.put(key, query)


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


def record_json(judge: Judge, row: Mapping[str, Any], values: Json, names: dict[str, str], matched: Sequence[str]) -> Json:
    """RecordJson for one row of the view. Permissions are judged on the real record, values come from the view. `matched`: the
    connections that brought it, as `owners` has them."""
    verdict = judge.of(row, matched)
    return {
        "id": row["id"],
        "version": row["version"],
        "values": values,
        "titles": names,
        "flags": flags_json(judge.work, judge.table, row, judge.actor),
        "can": {"edit": list(verdict.editable), "transitions": list(verdict.transitions), "delete": verdict.delete},
        "moves": moves_json(verdict),
        "held": dict(verdict.held),
    }


def moves_json(verdict: Verdict) -> list[Json]:
    """Every transition out of the record's state."""
    return [dict(move) for move in verdict.moves]


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


def preload(judge: Judge, rows: Sequence[Mapping[str, Any]]) -> None:
    """Fetch the real records of a page at once, where decisions need them."""
    if not judge.seen_enough:
        work, table = judge.work, judge.table
        found = records.get_many(work.connection, work.program.tables[table.name], [row["id"] for row in rows])
        work.facts.remember(table.name, found)
