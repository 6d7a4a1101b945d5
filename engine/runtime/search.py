"""Searching: part of a text that the actor sees, of the record itself, of those it links to and of those its rows link to. What
fits is decided over the actor's view, letter by letter; the search index only says which records can fit, so that the
view need not be read whole. Where those are too many it says nothing, and a page of them is soon found by reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, String, exists, false, func, literal, or_, select, type_coerce
from sqlalchemy import Table as PhysicalTable

from engine.access.view import EXACT, Views
from engine.kinds.protocols import Sought, ValueProblem
from engine.kinds.values.text import clean
from engine.language import forms, letters
from engine.language.sqltypes import WordList
from engine.model.app import Table
from engine.model.change import Actor
from engine.model.problem import Fault, invalid
from engine.model.text import Text
from engine.runtime import exact
from engine.runtime.work import Work
from engine.storage.search_index import candidates

LONGEST_SEARCH = 200
# So many records are looked at one by one; of a text that more of them have, a page is found by reading on.
MOST = 2_000

Condition = ColumnElement[bool]
Parts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Targets:
    """The records of a linked table that fit and are seen: `ids`, or where they are many a query for them."""

    ids: tuple[str, ...] | None
    query: Select[Any] | None = None

    def among(self, column: ColumnElement[Any]) -> Condition:
        """Is it a link to one of them?"""
        return column.in_(self.ids or ()) if self.query is None else column.in_(self.query)


NOBODY = Targets(())


@dataclass(frozen=True, slots=True)
class Rows:
    """A child list whose rows link to what fits. `view` is the actor's view of the rows; `field` → targets."""

    table: str
    link: str
    view: FromClause
    links: Mapping[str, Targets]

    def of(self, parent: ColumnElement[Any]) -> Condition:
        """Has the record such a row?"""
        fits = or_(*(targets.among(self.view.c[name]) for name, targets in self.links.items()))
        return exists(select(self.view.c.id).where(self.view.c[self.link] == parent, fits))


@dataclass(frozen=True, slots=True)
class Search:
    """One search of one table. `ids`: the only records that can fit; None when those are many or not known."""

    texts: Parts
    whole: Mapping[str, Any]
    links: Mapping[str, Targets]
    rows: Sequence[Rows]
    ids: tuple[str, ...] | None

    def where(self, view: FromClause) -> Condition:
        """What fits, over the actor's view."""
        found = [_has(view.c[name], parts) for name, parts in self.texts.items()]
        found += [view.c[name + EXACT] == value for name, value in self.whole.items()]
        found += [targets.among(view.c[name]) for name, targets in self.links.items()]
        return or_(false(), *found, *(rows.of(view.c.id) for rows in self.rows))


def search(work: Work, views: Views, table: Table, text: str, actor: Actor) -> Search:
    """Look for a text. Raises Problem (400) for one that no text can have in it, 429 for too many look-ups of full numbers."""
    text = _checked(text)
    shown = views.fields(table.name)
    texts = _parts(work, views, table, text)
    given = {name: exact.full_value(work, table, name, text) for name in sorted(views.exact(table.name) & set(shown))}
    whole = {name: value for name, value in given.items() if value is not None}
    if whole:
        exact.record(work, table, (text,), actor)
    seen: dict[str, Targets | None] = {}
    links = _links(work, views, table, text, seen)
    rows = []
    for child in table.children.values():
        if views.grants(child.table) and views.fields(child.table).get(child.link) is False:
            fits = _links(work, views, work.program.app.tables[child.table], text, seen, apart_from=child.link)
            if fits:
                rows.append(Rows(child.table, child.link, views.table(child.table, ("id", child.link, *fits)), fits))
    return Search(texts, whole, links, rows, _ids(work, table, texts, whole, links, rows))


def _checked(text: str) -> str:
    if len(text) > LONGEST_SEARCH:
        message = Text("搜索的文字最多 {n} 个字", "A search has at most {n} characters").fill(n=LONGEST_SEARCH)
        raise replace(invalid((Fault("search", "too_long", message),)), status=400)
    try:
        return clean(text)
    except ValueProblem as error:
        raise replace(invalid((Fault("search", error.code, error.message),)), status=400) from error


def _parts(work: Work, views: Views, table: Table, text: str) -> dict[str, tuple[str, ...]]:
    """Field → what to look for in it, in small letters: fields whose kind is searched and that never show masked."""
    found: dict[str, tuple[str, ...]] = {}
    for name, masked in views.fields(table.name).items():
        kind = work.program.registry.fields[table.fields[name].kind]
        if isinstance(kind, Sought) and not masked and name in work.program.tables[table.name].c:
            found[name] = tuple(letters.lower(part) for part in kind.sought(text))
    return {name: parts for name, parts in found.items() if parts}


def _has(column: ColumnElement[Any], parts: Sequence[str]) -> Condition:
    """Has the text one of these parts (in small letters) in it? Of a list the brackets are no part."""
    if isinstance(column.type, WordList):
        column = type_coerce(func.substr(column, 2, func.length(column) - 2), String())
    return or_(*(forms.position(column if letters.alone(part) else forms.lower(column), literal(part)) > 0 for part in parts))


def _links(
    work: Work, views: Views, table: Table, text: str, seen: dict[str, Targets | None], *, apart_from: str = ""
) -> dict[str, Targets]:
    """Link field → the records it may link to that fit: the customer by name, the goods of an order's rows. `seen`: what is
    known already of other tables."""
    found: dict[str, Targets] = {}
    for name, masked in views.fields(table.name).items():
        field = table.fields[name]
        if field.kind != "link" or masked or name == apart_from or not views.grants(str(field.options["to"])):
            continue
        target = work.program.app.tables[str(field.options["to"])]
        if target.name not in seen:
            seen[target.name] = _targets(work, views, target, text)
        targets = seen[target.name]
        if targets is not None and targets.ids != ():
            found[name] = targets
    return found


def _targets(work: Work, views: Views, target: Table, text: str) -> Targets | None:
    """Those records of a table that fit by a text of their own; None when none of its texts is seen as it is."""
    texts = _parts(work, views, target, text)
    if not texts:
        return None
    ids = candidates(work.connection, work.program.tables[target.name], texts, MOST)
    if ids == []:
        return NOBODY
    view = views.table(target.name, ("id", *texts), ids)
    query = select(view.c.id).where(or_(*(_has(view.c[name], parts) for name, parts in texts.items())))
    found = work.connection.execute(query.limit(MOST + 1)).scalars().all()
    return Targets(tuple(found)) if len(found) <= MOST else Targets(None, query)


def _ids(
    work: Work, table: Table, texts: Parts, whole: Mapping[str, Any], links: Mapping[str, Targets], rows: Sequence[Rows]
) -> tuple[str, ...] | None:
    """Every record that can fit, whoever may see it."""
    raw = work.program.tables[table.name]
    own = candidates(work.connection, raw, texts, MOST) if texts else []
    queries = [select(raw.c.id).where(raw.c[name] == value) for name, value in whole.items()]
    queries += [_linking(raw, raw.c.id, name, targets) for name, targets in links.items()]
    for each in rows:
        child = work.program.tables[each.table]
        queries += [_linking(child, child.c[each.link], name, targets) for name, targets in each.links.items()]
    if own is None:
        return None
    ids = dict.fromkeys(own)
    for query in queries:
        ids |= dict.fromkeys(work.connection.execute(query.limit(MOST + 1)).scalars())
        if len(ids) > MOST:
            return None
    return tuple(id for id in ids if id is not None)


def _linking(table: PhysicalTable, id: ColumnElement[Any], name: str, targets: Targets) -> Select[Any]:
    return select(id).where(targets.among(table.c[name]))
