"""A person's inbox: each line is rendered when it is read, through that person's own view of the record it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.access.view import Views
from engine.language import sql
from engine.language.template import read_template, render
from engine.model.app import Table
from engine.model.change import Actor
from engine.model.diagnostic import DefinitionError, Span
from engine.model.problem import Problem, missing
from engine.model.text import Text
from engine.model.tree import Expression
from engine.runtime.attachments import KIND, file_names
from engine.runtime.core import Core
from engine.runtime.present import Json, implicit_json, titles, to_json, value_titles
from engine.runtime.read import sight
from engine.runtime.work import Work
from engine.storage import inbox
from engine.storage.inbox import InboxLine

GONE = Text("这条提醒所说的记录，您现在看不到了", "You can no longer see the record that this line is about")
YES, NO = Text("是", "yes"), Text("否", "no")
LINES = 100


def count_unread(core: Core, user_id: str) -> int:
    """How many lines the person has not read."""
    with core.database.read() as connection:
        return inbox.unread(connection, user_id)


def lines(core: Core, user_id: str) -> list[InboxLine]:
    """The newest lines as they are stored; render each in its app with `line_json`."""
    with core.database.read() as connection:
        return inbox.of_user(connection, user_id, LINES)


def line_json(core: Core, line: InboxLine, actor: Actor) -> Json:
    """InboxJson: {id, app, table, record, text, at, read, gone}. `actor` is the line's owner in the line's app."""
    text: str | None = None
    try:
        with core.reading(line.app, actor) as work:
            text = _text(work, line, actor)
    except Problem:
        text = None
    return {
        "id": line.id,
        "app": line.app,
        "table": line.table,
        "record": line.record_id,
        "text": text if text is not None else GONE.to(actor.locale),
        "gone": text is None,
        "at": implicit_json(line.at),
        "read": line.read_at is not None,
    }


def _text(work: Work, line: InboxLine, actor: Actor) -> str | None:
    views = sight(work, actor)
    if not views.grants(line.table):
        return None
    view = views.table(line.table)
    row = work.connection.execute(select(view).where(view.c.id == line.record_id)).first()
    if row is None:
        return _farewell(work, line, actor)
    table = work.program.app.tables[line.table]
    scope = views.scope(line.table)
    raw = {"zh": line.zh, "en": line.en}
    try:
        template = read_template(raw, scope, span=Span(), path=line.rule)
    except DefinitionError:
        # A name that this person may not see: the text comes without its values rather than not at all.
        return _blanked(raw["en" if actor.locale.startswith("en") else "zh"])

    def shown(expression: Expression) -> str:
        return _shown(work, views, table, dict(row._mapping), expression, actor)

    return render(template, actor.locale, shown)


def _farewell(work: Work, line: InboxLine, actor: Actor) -> str | None:
    """What a rule says of records that it saw deleted; its text holds no values. Of any other record out of sight: nothing."""
    rule = next((r for r in work.program.app.rules if line.rule.startswith(f"rules.{r.name}.then[")), None)
    if rule is None or not work.program.registry.triggers[rule.trigger.kind].listens(rule.trigger).gone:
        return None
    return (line.en if actor.locale.startswith("en") else line.zh).replace("{{", "{").replace("}}", "}")


def _blanked(text: str) -> str:
    parts = text.split("{")
    return parts[0] + "".join("…" + part.partition("}")[2] for part in parts[1:])


def _shown(work: Work, views: Views, table: Table, row: Mapping[str, Any], expression: Expression, actor: Actor) -> str:
    """A slot's value for a person: a field of the view as people write it, anything richer as SQL over the view gives it."""
    name = expression.text.strip()
    if name not in row:
        view = views.table(table.name)
        query = select(sql.value(expression, views.context(), (view,))).where(view.c.id == row["id"])
        return _written(implicit_json(work.connection.scalar(query)), actor)
    linked = titles(work, views, table, [row])[0]
    if name in linked:
        return linked[name]
    value = to_json(work, table, name, row[name])
    field = table.fields.get(name)
    if field is not None and field.kind == KIND and isinstance(value, list):
        return file_names(work.connection, value, actor.locale) or ""
    each = value if isinstance(value, list) else [value]
    named = value_titles(work, views, table, name, each, actor)
    called = [named.get(one, one) if isinstance(one, str) else one for one in each]
    return _written(called if isinstance(value, list) else called[0], actor)


def _written(value: Any, actor: Actor) -> str:
    if isinstance(value, list | dict):
        listed = isinstance(value, list) and all(isinstance(each, str) for each in value)
        return "、".join(value) if listed else json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return (YES if value else NO).to(actor.locale)
    return "" if value is None else str(value)


def mark_read(core: Core, user_id: str, id: str) -> None:
    """Mark one of the person's own lines as read; else missing."""
    with core.database.write() as connection:
        if not inbox.mark_read(connection, user_id, id, core.now()):
            raise missing()
