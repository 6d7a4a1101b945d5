"""A board through an actor's view: columns with true counts and sums, the first cards of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, RowMapping, func, select

from engine.access.view import EXACT, Views
from engine.model.app import Board, Flow, Table
from engine.model.change import Actor, Read
from engine.model.problem import missing
from engine.runtime import present
from engine.runtime.flow import moves
from engine.runtime.present import Json
from engine.runtime.read import conditions, sight, visible_table
from engine.runtime.core import Core
from engine.runtime.work import Work

CARDS = 100


def board_json(core: Core, app: str, name: str, actor: Actor, search: str | None = None) -> Json:
    """BoardJson. A board whose state the actor may not read is not there for that actor."""
    with core.reading(app, actor) as work:
        board = work.program.app.boards.get(name)
        if board is None or board.kind != "kanban":
            raise missing()
        views = sight(work, actor)
        table = visible_table(work, views, board.table)
        if table.flow is None or board.by not in views.fields(table.name):
            raise missing()
        found = _board(work, views, board, table, table.flow, actor, search)
    text = json.dumps(found, sort_keys=True, ensure_ascii=False)
    return {**found, "etag": hashlib.sha256(text.encode()).hexdigest()[:20]}


def _board(work: Work, views: Views, board: Board, table: Table, flow: Flow, actor: Actor, search: str | None) -> Json:
    view = views.table(table.name)
    read = Read(work.program.app.name, table.name, search=search, condition=board.where)
    where = conditions(work, views, table, view, read, actor)
    shown = views.fields(table.name)
    money = next((n for n in board.fields if n in shown and not shown[n] and table.fields[n].kind == "money"), None)
    totals = _totals(work, view, flow, where, money)
    say = actor.locale
    return {
        "app": work.program.app.name,
        "name": board.name,
        "title": board.title.to(say),
        "table": table.name,
        "kind": board.kind,
        "by": board.by,
        "columns": [
            _column(work, views, board, table, view, where, state, totals.get(state, (0, None)), money, actor) for state in flow.states
        ],
        "card_fields": [
            {"name": n, "title": table.fields[n].title.to(say), "kind": table.fields[n].kind} for n in board.fields if n in shown
        ],
        "choices": _choices(table, board, shown, say),
        "transitions": [
            {"name": t.name, "title": t.title.to(say), "from": list(t.sources), "to": t.target} for t in flow.transitions.values()
        ],
        "needs": _needs(table, flow, say),
        "limits": _limits(work, table, flow),
    }


def _choices(table: Table, board: Board, shown: Mapping[str, bool], say: str) -> Json:
    """Choice field → name → title, for the fields on the cards."""
    fields = (table.fields[n] for n in board.fields if n in shown)
    return {f.name: {c.name: c.title.to(say) for c in f.choices.values()} for f in fields if f.choices}


def _needs(table: Table, flow: Flow, say: str) -> Json:
    """Field → title and kind, for those that some transition asks for."""
    names = {name for t in flow.transitions.values() for name in t.needs}
    return {n: {"title": table.fields[n].title.to(say), "kind": table.fields[n].kind} for n in sorted(names)}


def _totals(
    work: Work, view: FromClause, flow: Flow, where: Sequence[ColumnElement[bool]], money: str | None
) -> dict[str, tuple[int, Any]]:
    state = view.c[flow.field]
    total = func.sum(view.c[money], type_=view.c[money].type) if money else func.max(None)
    query = select(state, func.count(), total).where(*where).group_by(state)
    return {row[0]: (row[1], row[2]) for row in work.connection.execute(query)}


def _column(
    work: Work,
    views: Views,
    board: Board,
    table: Table,
    view: FromClause,
    where: Sequence[ColumnElement[bool]],
    state: str,
    totals: tuple[int, Any],
    money: str | None,
    actor: Actor,
) -> Json:
    assert table.flow is not None  # a kanban stands on a flow
    declared = table.flow.states[state]
    cards = _cards(work, views, board, table, view, where, state, actor) if totals[0] else []
    return {
        "state": state,
        "title": declared.title.to(actor.locale),
        "initial": declared.initial,
        "final": declared.final,
        "count": totals[0],
        "sum": present.to_json(work, table, money, totals[1]) if money else None,
        "sum_field": money,
        "cards": cards,
        "more": max(0, totals[0] - len(cards)),
    }


def _cards(
    work: Work,
    views: Views,
    board: Board,
    table: Table,
    view: FromClause,
    where: Sequence[ColumnElement[bool]],
    state: str,
    actor: Actor,
) -> list[Json]:
    assert table.flow is not None  # a kanban stands on a flow
    shown = views.fields(table.name)
    sort = [(n.lstrip("-"), n.startswith("-")) for n in board.sort if n.lstrip("-") in view.c]
    order = [view.c[n].desc() if down else view.c[n].asc() for n, down in sort]
    columns = [c for c in view.c if not c.key.endswith(EXACT) and c.key != "waiting"]
    query = select(*columns).where(*where, view.c[table.flow.field] == state).order_by(*order, view.c.id).limit(CARDS)
    rows = [row._mapping for row in work.connection.execute(query)]
    present.preload(work, table, rows)
    names = present.titles(work, views, table, rows)
    fields = [n for n in board.fields if n in shown]
    return [_card(work, views, table, state, fields, row, name, actor) for row, name in zip(rows, names, strict=True)]


def _card(
    work: Work, views: Views, table: Table, state: str, fields: list[str], row: RowMapping, names: dict[str, str], actor: Actor
) -> Json:
    record = work.facts.link(table.name, row["id"]) or row
    return {
        "id": row["id"],
        "version": row["version"],
        "values": present.values_json(work, views, table, row, fields),
        "titles": {n: t for n, t in names.items() if n in fields},
        "since": present.implicit_json(row[f"{state}_at"]) if row[f"{state}_at"] is not None else None,
        "flags": present.flags_json(work, table, row, actor),
        "moves": [present.move_json(work, table, move, actor) for move in moves(work, table, record, actor)],
    }


def _limits(work: Work, table: Table, flow: Flow) -> dict[str, float]:
    """State → seconds after which a card is late: the first level of an alert whose condition is just that state."""
    limits: dict[str, float] = {}
    for alert in work.program.app.alerts:
        for state in flow.states:
            if alert.table == table.name and alert.levels and alert.condition.text.replace('"', "'") == f"{flow.field} == '{state}'":
                limits[state] = alert.levels[0].after.total_seconds()
    return limits
