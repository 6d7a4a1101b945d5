"""A record's life line, through an actor's sight: a line shows what of it the actor may read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.access.mask import mask_json
from engine.access.view import Views
from engine.model.app import Show, Table
from engine.model.change import Actor, Change, JournalEntry
from engine.model.text import Text
from engine.people.users import titles_of
from engine.runtime import persons
from engine.runtime.attachments import KIND, file_names
from engine.runtime.core import Core
from engine.runtime.present import Json, implicit_json, link_titles
from engine.runtime.read import record_in_sight, sight, visible_table
from engine.runtime.work import Work
from engine.storage import journal

_KINDS = {
    "created": Text("{who} 新建了「{table}」", "{who} created a record of {table}"),
    "updated": Text("{who} 修改了{fields}", "{who} changed {fields}"),
    "deleted": Text("{who} 删除了「{table}」", "{who} deleted a record of {table}"),
    "erased": Text("{who} 彻底删除了「{fields}」里的文件", "{who} erased a file of {fields}"),
    "moved": Text("{who} 做了「{move}」", "{who} did “{move}”"),
}
SYSTEM_NAME = Text("系统", "The system")


def life_line(core: Core, app: str, table_name: str, id: str, actor: Actor) -> list[Json]:
    """LineJson, oldest first: the record's own lines and those lines of other records that these led to."""
    with core.reading(app, actor) as work:
        views = sight(work, actor)
        table = visible_table(work, views, table_name)
        record_in_sight(work, views, table, id, actor)
        entries = journal.life_of(work.connection, app, table_name, id, work.program.former)
        found = [line for entry in entries if (line := line_json(work, views, entry, actor)) is not None]
        seen = {line["id"] for line in found}
        # A cause that the actor does not see is not named either.
        return [{**line, "cause": line["cause"] if line["cause"] in seen else None} for line in found]


def line_json(work: Work, views: Views, entry: JournalEntry, actor: Actor) -> Json | None:
    """One line, or None when nothing of it is in the actor's sight."""
    table = work.program.app.tables.get(entry.table)
    record = work.facts.link(entry.table, entry.record_id) if table is not None else None
    if table is None or record is None or not work.program.access.sees(actor, table.name, record, work.facts):
        return None
    shown = work.program.access.shown(actor, table.name, record, work.facts)
    changes = [_change(work, views, table, change, shown, actor) for change in entry.changes]
    seen = [change for change in changes if change is not None]
    moved = _moved(table, entry, shown)
    if entry.kind == "updated" and moved is None and not seen:
        return None
    return {
        "id": entry.id,
        "at": implicit_json(entry.at),
        "kind": entry.kind,
        "table": entry.table,
        "record": entry.record_id,
        "title": _title(work, table, entry, seen, moved).to(actor.locale),
        "actor": entry.actor_name,
        "actor_kind": entry.actor_kind,
        "channel": entry.channel,
        "ip": entry.ip,
        "rule": _rule(work, entry.rule, actor),
        "cause": entry.cause,
        "changes": seen,
        "depth": entry.depth,
    }


def _moved(table: Table, entry: JournalEntry, shown: Mapping[str, Show]) -> Text | None:
    """The title of the transition taken; None for those who may not read the state that it changed."""
    if table.flow is None or entry.transition is None or shown.get(table.flow.field) is not Show.ALWAYS:
        return None
    transition = table.flow.transitions.get(entry.transition)
    return transition.title if transition is not None else None


def _title(work: Work, table: Table, entry: JournalEntry, seen: list[Json], moved: Text | None) -> Text:
    rule = _rule_title(work, entry.rule)
    person = SYSTEM_NAME if entry.actor_name == "system" else Text.of(entry.actor_name)
    who = Text("规则「{r}」", "Rule “{r}”").fill(r=rule) if rule is not None else person
    kind = "moved" if moved is not None else entry.kind
    fields = Text("、".join(str(c["title"]) for c in seen), ", ".join(str(c["title"]) for c in seen))
    return _KINDS[kind].fill(who=who, table=table.title, move=moved or "", fields=fields)


def _rule_title(work: Work, path: str | None) -> Text | None:
    if path is None:
        return None
    section, name = path.split(".")[:2]
    owners = work.program.app.rules if section == "rules" else work.program.app.routings
    return next((owner.title for owner in owners if owner.name == name), Text.of(name))


def _rule(work: Work, path: str | None, actor: Actor) -> Json | None:
    title = _rule_title(work, path)
    return None if title is None else {"path": path, "title": title.to(actor.locale)}


def _change(work: Work, views: Views, table: Table, change: Change, shown: Mapping[str, Show], actor: Actor) -> Json | None:
    if change.field == "flags":
        return _flags_change(work, table, change, actor)
    field = table.fields.get(change.field)
    if field is None or change.field not in shown:
        return None
    before, after = change.before, change.after
    if shown[change.field] is Show.MASKED:
        column = work.program.tables[table.name].c[change.field]
        before, after = mask_json(before, column.type), mask_json(after, column.type)
    else:
        before, after = (_words(work, views, table, change.field, value, actor) for value in (before, after))
    return {"field": change.field, "title": field.title.to(actor.locale), "before": before, "after": after}


def _flags_change(work: Work, table: Table, change: Change, actor: Actor) -> Json | None:
    visible = work.program.access.flags(actor, table.name)
    before, after = (
        [table.checks[n].message.to(actor.locale) for n in names or () if n in visible and n in table.checks]
        for names in (change.before, change.after)
    )
    if before == after:
        return None
    title = Text("标记", "Flags").to(actor.locale)
    return {"field": "flags", "title": title, "before": "；".join(before) or None, "after": "；".join(after) or None}


def _words(work: Work, views: Views, table: Table, name: str, value: Any, actor: Actor) -> Any:
    """A value for people: choices and states by title, links by the target's display as the actor sees it."""
    field = table.fields[name]
    if value is None:
        return None
    if field.kind == "state" and table.flow and value in table.flow.states:
        return table.flow.states[value].title.to(actor.locale)
    if isinstance(value, str) and value in field.choices:
        return field.choices[value].title.to(actor.locale)
    if field.kind == KIND:
        return file_names(work.connection, value, actor.locale)
    if field.kind == persons.KIND:
        return titles_of(work.connection, (value,)).get(value, value)
    if field.kind == "link":
        return link_titles(work, views, str(field.options["to"]), {value}).get(value, "—")
    return value
