"""Groups and measures through an actor's view: what is hidden adds to no sum, and what is masked groups by its mask.

One statement for everything asked. A percentile is a value that is there (nearest rank, as percentile_disc has it), found by
window functions that both databases know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, case, func, literal, select, type_coerce

from engine.access.view import Views
from engine.language import sql
from engine.language.numbers import divide
from engine.language.sqltypes import Number
from engine.model.app import Table
from engine.model.change import Actor, Read
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text
from engine.model.types import Type, TypeKind
from engine.runtime.core import Core
from engine.runtime.exact import journal_lookups
from engine.runtime.present import Json, to_json, value_titles
from engine.runtime.read import narrowed, require_names, sight, visible_table
from engine.runtime.work import Work

MOST_GROUPS = 5_000
MOST_MEASURES = 20
_WRITTEN = re.compile(r"(count|sum|avg|min|max|p([1-9][0-9]?))(?:\(([a-z][a-z0-9_]*)\))?")
_ADDED = frozenset({TypeKind.NUMBER, TypeKind.DURATION})
_ORDERED = _ADDED | {TypeKind.DATE, TypeKind.DATETIME}


@dataclass(frozen=True, slots=True)
class Measure:
    """`text` as it was asked for; `rank` 1 to 99 of a percentile; `field` None counts the records."""

    text: str
    function: str
    rank: int | None
    field: str | None


@dataclass(frozen=True, slots=True)
class _Question:
    work: Work
    views: Views
    table: Table
    group: tuple[str, ...]
    measures: tuple[Measure, ...]


def aggregate(core: Core, read: Read, actor: Actor) -> Json:
    """{group, measures, groups: [{values, titles, measures}], more}. Raises Problem 400 for names and measures that are not
    there for the actor."""
    with core.reading(read.app, actor) as work:
        views = sight(work, actor)
        table = visible_table(work, views, read.table)
        require_names(views, table, read.group, "group")
        question = _Question(work, views, table, read.group, _measures(views, table, read.measures))
        rows = work.connection.execute(_query(question, *narrowed(work, views, table, read, actor))).all()
        found = _answer(question, rows[:MOST_GROUPS], actor) | {"more": len(rows) > MOST_GROUPS}
    journal_lookups(core, read, actor, work.looked_up)
    return found


def _measures(views: Views, table: Table, texts: Sequence[str]) -> tuple[Measure, ...]:
    if len(texts) > MOST_MEASURES:
        raise _bad(Text(f"一次最多 {MOST_MEASURES} 个指标", f"At most {MOST_MEASURES} measures at once"))
    types = views.scope(table.name).tables[table.name].fields
    return tuple(_measure(views, table, types, text) for text in dict.fromkeys(texts or ("count",)))


def _measure(views: Views, table: Table, types: Mapping[str, Type], text: str) -> Measure:
    match = _WRITTEN.fullmatch(text)
    if match is None or (match[3] is None and match[1] != "count"):
        raise _bad(
            Text(
                "「{text}」不是指标：可以写 count、sum(字段)、avg、min、max，或 p1 到 p99，如 p90(waiting)",
                "{text} is no measure: write count, sum(field), avg, min, max, or p1 to p99 as in p90(waiting)",
            ).fill(text=text[:60])
        )
    function, rank, name = match[1], match[2], match[3]
    if name is not None:
        require_names(views, table, (name,), "measures")
        able = _ADDED if function in ("sum", "avg") else _ORDERED
        if function != "count" and types[name].kind not in able:
            raise _bad(Text("{text}：这个字段不能这样算", "{text}: the field cannot be measured like this").fill(text=text))
    return Measure(text, function, int(rank) if rank else None, name)


def _bad(message: Text) -> Problem:
    return replace(invalid((Fault("measures", "bad_measure", message),)), status=400)


def _query(question: _Question, view: FromClause, where: Sequence[ColumnElement[bool]]) -> Any:
    source: FromClause = view
    if any(measure.rank for measure in question.measures):
        source, where = _ranked(question, view, where), ()
    groups = [source.c[name] for name in question.group]
    columns = [column for measure in question.measures for column in _columns(measure, source)]
    order = [column.asc().nulls_first() for column in groups]
    query = select(*groups, *columns).select_from(source).where(*where)
    return query.group_by(*groups).order_by(*order).limit(MOST_GROUPS + 1)


def _ranked(question: _Question, view: FromClause, where: Sequence[ColumnElement[bool]]) -> FromClause:
    """The view's columns that are needed, and for each field of a percentile the rank and the number of values in its group."""
    groups = [view.c[name] for name in question.group]
    needed = dict.fromkeys([*question.group, "id", *(m.field for m in question.measures if m.field)])
    columns: list[ColumnElement[Any]] = [view.c[name] for name in needed]
    for name in dict.fromkeys(m.field for m in question.measures if m.rank and m.field):
        value = view.c[name]
        rank = func.row_number().over(partition_by=[*groups, value.is_(None)], order_by=value)
        columns += [rank.label(f"{name}__rank"), func.count(value).over(partition_by=groups or None).label(f"{name}__of")]
    return select(*columns).where(*where).subquery()


def _columns(measure: Measure, source: FromClause) -> Iterable[ColumnElement[Any]]:
    """What the database works out for one measure; `_value` makes the answer of it."""
    if measure.field is None:
        return (func.count(),)
    value: ColumnElement[Any] = source.c[measure.field]
    if isinstance(value.type, Integer):
        value = type_coerce(value, Number())
    if measure.rank is not None:
        rank, of = source.c[f"{measure.field}__rank"] * 100, source.c[f"{measure.field}__of"] * literal(measure.rank)
        reached = case(((rank >= of) & (rank - 100 < of), value))
        return (type_coerce(func.min(reached), value.type),)
    match measure.function:
        case "count":
            return (func.count(value),)
        case "sum":
            return (sql.total(value),)
        case "avg":
            return (sql.total(value), func.count(value))
    return (type_coerce(getattr(func, measure.function)(value), value.type),)


def _answer(question: _Question, rows: Sequence[Any], actor: Actor) -> Json:
    groups = []
    for row in rows:
        keys = dict(zip(question.group, row, strict=False))
        left = iter(row[len(question.group) :])
        measures = {measure.text: _value(question, measure, left) for measure in question.measures}
        values = {name: to_json(question.work, question.table, name, value) for name, value in keys.items()}
        groups.append({"values": values, "titles": {}, "measures": measures})
    for name in question.group:
        given = [group["values"][name] for group in groups]
        names = value_titles(question.work, question.views, question.table, name, given, actor)
        for group, value in zip(groups, given, strict=True):
            if isinstance(value, str) and value in names:
                group["titles"][name] = names[value]
    return {"group": list(question.group), "measures": [m.text for m in question.measures], "groups": groups}


def _value(question: _Question, measure: Measure, columns: Any) -> Any:
    value = next(columns)
    if measure.function == "count" or measure.field is None:
        return value
    if measure.function != "avg":
        return to_json(question.work, question.table, measure.field, value)
    count = next(columns)
    if value is None or not count:
        return None
    if hasattr(value, "total_seconds"):
        return (value / count).total_seconds()
    scale = max(0, -int(value.as_tuple().exponent)) if hasattr(value, "as_tuple") else 0
    mean = divide(value, count, scale, 0)
    return None if mean is None else format(mean, "f")
