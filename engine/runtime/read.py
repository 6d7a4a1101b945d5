"""The one read door: list, filter, sort, search and page through an actor's view. `where` and `sort` are typed over the view's
columns, so a field that the actor may not see is an unknown name like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, false, func, select

from engine.access.view import EXACT, Views
from engine.language import sql
from engine.language.expression import read_expression
from engine.model.app import Table
from engine.model.change import Actor, Outcome, Read, Write
from engine.model.diagnostic import DefinitionError, Span
from engine.model.problem import Fault, Problem, invalid, missing
from engine.model.text import Text
from engine.model.types import BOOLEAN
from engine.runtime import exact, listing, present
from engine.runtime.core import Core
from engine.runtime.cursor import Order, behind, cursor_of
from engine.runtime.judge import Judge
from engine.runtime.program import Listing
from engine.runtime.search import Search, search
from engine.runtime.work import Work
from engine.storage.prepared import Once, question

MAX_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Page:
    """`records`: RecordJson in order; `cursor` for the next page; `count` when asked for."""

    records: tuple[present.Json, ...]
    cursor: str | None
    count: int | None


def sight(work: Work, actor: Actor) -> Views:
    """The actor's views in this unit of work."""
    return Views(work.program.app, work.program.access, work.facts.raw(), actor)


def visible_table(work: Work, views: Views, name: str) -> Table:
    """A table of which the actor can see anything; else missing."""
    if not views.grants(name):
        raise missing()
    return work.program.app.tables[name]


def list_records(core: Core, read: Read, actor: Actor) -> Page:
    """One page of records."""
    with core.reading(read.app, actor) as work:
        page = _page(work, read, actor)
    exact.journal_lookups(core, read, actor, work.looked_up)
    return page


def _page(work: Work, read: Read, actor: Actor) -> Page:
    views = sight(work, actor)
    table = visible_table(work, views, read.table)
    looked = _looked(work, views, table, read, actor)
    order, limit = order_of(views, table, read.sort), max(1, min(read.limit, MAX_LIMIT))
    statements = _listing(work, views, table, read, looked, order, limit, actor)
    now = listing.present(work, looked.ids if looked else None)
    rows = statements.page.dicts(work.connection, now)
    more, rows = len(rows) > limit, rows[:limit]
    found = records_json(work, views, table, rows, actor)
    count = statements.count.dicts(work.connection, now)[0]["count"] if statements.count is not None else None
    cursor = cursor_of(order, rows[-1], work.now) if more else None
    return Page(tuple(_only(r, read.fields) for r in found), cursor, count)


def _looked(work: Work, views: Views, table: Table, read: Read, actor: Actor) -> Search | None:
    return search(work, views, table, read.search.strip(), actor) if read.search and read.search.strip() else None


def _listing(
    work: Work, views: Views, table: Table, read: Read, looked: Search | None, order: Order, limit: int, actor: Actor
) -> Listing:
    """A search, a page further on or the clock in a condition make a statement for one time only, and a look-up of a full
    number is to be counted each time; what else is asked can be asked again."""
    again = views.key is not None and looked is None and not read.cursor and read.condition is None
    asked = (read.where, tuple(order), limit, read.count, None if read.fields is None else tuple(read.fields))
    key = (views.key, table.name, asked)
    kept = work.program.listings.get(key) if again else None
    if kept is not None:
        return kept
    sheet = listing.sheet_of(work, views, table.name, order, limit + 1, narrow=looked is not None and looked.ids is not None)
    own, dialect = views.anew(work.facts.raw(kept=again)), work.connection.dialect
    where = [looked.where(sheet.view)] if looked else []
    where += _conditions(work, own, table, sheet.view, read, actor)
    after = [behind(sheet.view, order, read.cursor, dialect=dialect, now=work.now)] if read.cursor else []
    page, count = sheet.page.where(*where, *after), _count(sheet.view).where(*where)
    if not again or sheet.moved or own.moved or work.looked_up:
        return Listing(Once(page), Once(count) if read.count else None)
    made = Listing(question(page, dialect), question(count, dialect) if read.count else None)
    return work.program.listings.put(key, made)


def _count(view: FromClause) -> Select[Any]:
    return select(func.count().label("count")).select_from(view)


def records_json(work: Work, views: Views, table: Table, rows: Sequence[Mapping[str, Any]], actor: Actor) -> list[present.Json]:
    """RecordJson for rows of the view, what they need fetched at once."""
    judge = Judge(work, views, table, actor)
    present.preload(judge, rows)
    names = present.titles(work, views, table, rows)
    brought = present.owners(work, table, [row["id"] for row in rows])
    values = present.writer_of(work, views, table, _fields(rows[0]) if rows else ())
    return [present.record_json(judge, r, values(r), n, brought.get(r["id"], ())) for r, n in zip(rows, names, strict=True)]


def _fields(row: Mapping[str, Any]) -> list[str]:
    return [name for name in row if name != "flags" and not name.endswith(EXACT)]


def _only(record: present.Json, fields: Sequence[str] | None) -> present.Json:
    if fields is None:
        return record
    return {**record, "values": {name: value for name, value in record["values"].items() if name in fields}}


def one_record(core: Core, app: str, table_name: str, id: str, actor: Actor) -> present.Json:
    """RecordJson of one record in sight; else missing."""
    with core.reading(app, actor) as work:
        views = sight(work, actor)
        return record_in_sight(work, views, visible_table(work, views, table_name), id, actor)


def write_and_show(core: Core, request: Write, actor: Actor) -> tuple[Outcome, present.Json | None]:
    """A write, and RecordJson of its record as the actor sees it then; None when the actor does not see it any more."""
    shown: list[present.Json] = []

    def show(work: Work, outcome: Outcome) -> None:
        if not outcome.gone and not outcome.deleted:
            views = sight(work, actor)
            with suppress(Problem):
                shown.append(record_in_sight(work, views, visible_table(work, views, request.table), outcome.id, actor))

    outcome = core.write(request, actor, show)
    return outcome, shown[0] if shown else None


def record_in_sight(work: Work, views: Views, table: Table, id: str, actor: Actor) -> present.Json:
    """RecordJson, or missing."""
    record = work.facts.link(table.name, id)
    if record is None or not work.program.access.sees(actor, table.name, record, work.facts):
        raise missing()
    row = present.seen_row(work, views, table, record, actor)
    names = present.seen_titles(work, views, table, row, actor)
    values = present.writer_of(work, views, table, _fields(row))(row)
    return present.record_json(
        Judge(work, views, table, actor), row, values, names, present.owners(work, table, [id]).get(id, ())
    )


def narrowed(work: Work, views: Views, table: Table, read: Read, actor: Actor) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """The actor's view, no wider than what is searched for needs, and the filters of a read as SQL over it."""
    looked = _looked(work, views, table, read, actor)
    view = views.table(table.name, ids=looked.ids if looked else None)
    found = [looked.where(view)] if looked else []
    return view, found + _conditions(work, views, table, view, read, actor)


def _conditions(
    work: Work, views: Views, table: Table, view: FromClause, read: Read, actor: Actor
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if read.fields is not None:
        require_names(views, table, read.fields, "fields")
    if read.where:
        expression = typed(views, table, read.where, "where")
        looked_up = exact.rewrite(work, table, expression, views.exact(table.name))
        exact.record(work, table, looked_up.texts, actor)
        found.append(sql.condition(looked_up.node, views.context(), (view,)))
    if read.condition is not None:
        found.append(_definition_condition(views, view, read))
    return found


def typed(views: Views, table: Table, text: str, path: str) -> Any:
    """A person's expression, typed by the view; problems name the column."""
    try:
        return read_expression(text, views.scope(table.name), span=Span(path, 1, 1), path=path, expect=BOOLEAN)
    except DefinitionError as error:
        faults = tuple(Fault(path, d.code, _placed(d.message, d.hint, d.span)) for d in error.diagnostics)
        raise replace(invalid(faults), status=400, code="bad_expression") from error


def _placed(message: Text, hint: Text | None, span: Span) -> Text:
    more = Text(f"；{hint.zh}", f". {hint.en}") if hint else Text("", "")
    return Text(f"第 {span.column} 列：{message.zh}{more.zh}", f"Column {span.column}: {message.en}{more.en}")


def _definition_condition(views: Views, view: FromClause, read: Read) -> ColumnElement[bool]:
    """A board's own filter. One that reads what the viewer may not see as it is, here or in another table, shows nothing."""
    assert read.condition is not None
    known = views.scope(read.table).tables
    if not read.condition.flags <= known[read.table].flags:
        return false()
    for table, field in read.condition.reads:
        if table not in known or field not in known[table].fields or views.fields(table).get(field, False):
            return false()
    return sql.condition(read.condition, views.context(), (view,))


def require_names(views: Views, table: Table, names: Sequence[str], path: str) -> None:
    """Names of fields that the actor may see, declared or implicit. Raises Problem 400, alike for hidden and unknown ones."""
    known = {*views.fields(table.name), *views.implicit(table.name)}
    unknown = [name for name in names if name not in known]
    if unknown:
        message = Text("没有「{name}」这个字段", "There is no field {name}")
        faults = tuple(Fault(path, "unknown_field", message.fill(name=name)) for name in unknown)
        raise replace(invalid(faults), status=400)


def order_of(views: Views, table: Table, sort: Sequence[str]) -> list[tuple[str, bool]]:
    """(column, descending); newest first when nothing is said. The id settles ties."""
    order = [(name.lstrip("-"), name.startswith("-")) for name in sort]
    require_names(views, table, [name for name, _ in order], "sort")
    if not order:
        return [("id", True)]
    return [*order, ("id", order[-1][1])] if all(name != "id" for name, _ in order) else order
