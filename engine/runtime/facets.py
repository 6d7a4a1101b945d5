"""What a filter bar offers: for each field with few values, how many records in the actor's view have which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, select

from engine.access.view import Views
from engine.model.app import Table
from engine.model.change import Actor, Read
from engine.model.problem import Fault, invalid
from engine.model.text import Text
from engine.runtime.core import Core
from engine.runtime.exact import journal_lookups
from engine.runtime.present import Json, to_json, value_titles
from engine.runtime.read import narrowed, require_names, sight, visible_table
from engine.runtime.work import Work

COUNTED = ("choice", "state", "boolean", "link")
VALUES = 50


def facets(core: Core, read: Read, actor: Actor) -> Json:
    """{count, facets: [{field, title, values: [{value, title, count}], more}]}, most frequent first. `read.fields` names them;
    else every field of a kind with few values."""
    with core.reading(read.app, actor) as work:
        views = sight(work, actor)
        table = visible_table(work, views, read.table)
        names = _fields(views, table, read.fields)
        view, where = narrowed(work, views, table, read, actor)
        count = work.connection.scalar(select(func.count()).select_from(view).where(*where))
        found = {"count": count, "facets": [_facet(work, views, table, view, where, name, actor) for name in names]}
    journal_lookups(core, read, actor, work.looked_up)
    return found


def _fields(views: Views, table: Table, asked: Sequence[str] | None) -> list[str]:
    """A masked field has no values to choose from."""
    able = [name for name, masked in views.fields(table.name).items() if table.fields[name].kind in COUNTED and not masked]
    if asked is None:
        return able
    require_names(views, table, asked, "fields")
    wrong = [name for name in asked if name not in able]
    if wrong:
        message = Text("「{name}」不能数出选项", "{name} has no values to count")
        faults = tuple(Fault("fields", "no_facet", message.fill(name=name)) for name in wrong)
        raise replace(invalid(faults), status=400)
    return list(dict.fromkeys(asked))


def _facet(
    work: Work,
    views: Views,
    table: Table,
    view: FromClause,
    where: Sequence[ColumnElement[bool]],
    name: str,
    actor: Actor,
) -> Json:
    column: ColumnElement[Any] = view.c[name]
    query = (
        select(column, func.count()).where(*where).group_by(column).order_by(func.count().desc(), column.asc().nulls_first())
    )
    rows = work.connection.execute(query.limit(VALUES + 1)).all()
    counts = [(to_json(work, table, name, value), count) for value, count in rows[:VALUES]]
    titles = value_titles(work, views, table, name, [value for value, _ in counts], actor)
    return {
        "field": name,
        "title": table.fields[name].title.to(actor.locale),
        "values": [
            {"value": value, "title": titles.get(value) if isinstance(value, str) else None, "count": count}
            for value, count in counts
        ],
        "more": len(rows) > VALUES,
    }
