"""All records of a read, one after another, as they stand in one snapshot of the actor's view. Nothing is held but a chunk."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.access.view import Views
from engine.model.app import Table
from engine.model.change import Actor, Read
from engine.runtime.core import Core
from engine.runtime.cursor import directions
from engine.runtime.exact import journal_lookups
from engine.runtime.present import titles, to_json, value_titles
from engine.runtime.read import narrowed, order_of, sight, visible_table
from engine.runtime.work import Work

CHUNK = 500
JOINT = "; "


@dataclass(frozen=True, slots=True)
class Head:
    """One column of an export. `kind`: of its values: text number boolean date datetime duration record …; text when masked."""

    name: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in its JSON form, and what people call it (of a list each), for choices, files and links in sight."""

    value: Any
    title: str | None


def export(core: Core, read: Read, actor: Actor) -> Generator[Any, None, None]:
    """First the Heads, then chunks of rows of Cells. The first step raises what is wrong with the question (Problem)."""
    with core.reading(read.app, actor) as work:
        views = sight(work, actor)
        table = visible_table(work, views, read.table)
        view, where = narrowed(work, views, table, read, actor)
        order = order_of(views, table, read.sort)
        heads = _heads(views, table, read.fields, actor)
        names = dict.fromkeys(["id", *(head.name for head in heads)])
        query = select(*(view.c[name] for name in names)).where(*where)
        query = query.order_by(*directions(view, order))
        found = work.connection.execution_options(yield_per=CHUNK).execute(query)
        journal_lookups(core, read, actor, work.looked_up)
        yield heads
        for rows in found.mappings().partitions(CHUNK):
            yield _cells(work, views, table, heads, rows, actor)


def _heads(views: Views, table: Table, asked: Sequence[str] | None, actor: Actor) -> list[Head]:
    shown = views.fields(table.name)
    types = views.scope(table.name).tables[table.name].fields
    found = []
    for name in dict.fromkeys(shown if asked is None else asked):
        field = table.fields.get(name)
        title = field.title.to(actor.locale) if field is not None else name
        found.append(Head(name, title, str(types[name].kind)))
    return found


def _cells(
    work: Work, views: Views, table: Table, heads: Sequence[Head], rows: Sequence[Any], actor: Actor
) -> list[list[Cell]]:
    links = titles(work, views, table, [{**dict.fromkeys(table.fields), **row} for row in rows])
    found: list[list[Cell]] = [[] for _ in rows]
    for head in heads:
        values = [to_json(work, table, head.name, row[head.name]) for row in rows]
        named = {} if head.kind == "record" else value_titles(work, views, table, head.name, values, actor)
        for cells, value, link in zip(found, values, links, strict=True):
            cells.append(Cell(value, link.get(head.name) or _named(value, named)))
    return found


def _named(value: Any, named: Mapping[str, str]) -> str | None:
    if isinstance(value, list):
        return JOINT.join(named.get(str(each), str(each)) for each in value)
    return named.get(value) if isinstance(value, str) else None
