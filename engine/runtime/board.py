"""A board through an actor's view: columns with true counts and sums, the first cards of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, null, select

from engine.access.view import EXACT, Views
from engine.language import sql
from engine.model.app import Flow, Table
from engine.model.change import Actor, Read
from engine.model.edges import Board
from engine.model.problem import missing
from engine.model.text import Text
from engine.model.tree import Compare, Constant, FieldOf, Node
from engine.runtime import present
from engine.runtime.core import Core
from engine.runtime.cursor import directions
from engine.runtime.exact import journal_lookups
from engine.runtime.judge import Judge
from engine.runtime.present import Json
from engine.runtime.read import narrowed, sight, visible_table
from engine.runtime.work import Work

CARDS = 100
WAITING = Text("等待", "Waiting")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One board for one actor: its view, its filters and the money field that its columns add up."""

    work: Work
    views: Views
    board: Board
    table: Table
    flow: Flow
    view: FromClause
    where: Sequence[ColumnElement[bool]]
    money: str | None
    actor: Actor

    @property
    def fields(self) -> list[str]:
        """The card's fields that show."""
        shown = self.views.fields(self.table.name)
        return [name for name in self.board.fields if name in shown]


def board_json(core: Core, app: str, name: str, actor: Actor, search: str | None = None) -> Json:
    """BoardJson. A board whose state the actor may not read as it is is not there for that actor."""
    with core.reading(app, actor) as work:
        found = _board(_sheet(work, name, actor, search))
    journal_lookups(core, Read(app, found["table"]), actor, work.looked_up)
    text = json.dumps(found, sort_keys=True, ensure_ascii=False)
    return {**found, "etag": hashlib.sha256(text.encode()).hexdigest()[:20]}


def _sheet(work: Work, name: str, actor: Actor, search: str | None) -> Sheet:
    board = work.program.app.boards.get(name)
    if board is None or board.kind != "kanban":
        raise missing()
    views = sight(work, actor)
    table = visible_table(work, views, board.table)
    shown = views.fields(table.name)
    if table.flow is None or board.by != table.flow.field or shown.get(board.by) is not False:
        raise missing()
    read = Read(work.program.app.name, table.name, search=search, condition=board.where)
    view, where = narrowed(work, views, table, read, actor)
    money = next((n for n in board.fields if n in shown and not shown[n] and table.fields[n].kind == "money"), None)
    return Sheet(work, views, board, table, table.flow, view, where, money, actor)


def _board(sheet: Sheet) -> Json:
    board, table, say = sheet.board, sheet.table, sheet.actor.locale
    totals = _totals(sheet)
    moves_json = [
        {"name": t.name, "title": t.title.to(say), "from": list(t.sources), "to": t.target}
        for t in sheet.flow.transitions.values()
    ]
    return {
        "app": sheet.work.program.app.name,
        "name": board.name,
        "title": board.title.to(say),
        "table": table.name,
        "kind": board.kind,
        "by": board.by,
        "columns": [_column(sheet, state, *totals.get(state, (0, None))) for state in sheet.flow.states],
        "card_fields": [{"name": n, **_label(table, n, say)} for n in board.fields if n in sheet.fields or n == "waiting"],
        "transitions": moves_json,
        "limits": _limits(sheet),
    }


def _label(table: Table, name: str, say: str) -> Json:
    field = table.fields.get(name)
    if field is None:
        return {"title": WAITING.to(say), "kind": "span"}
    return {"title": field.title.to(say), "kind": field.kind, "currency": field.options.get("currency")}


def _totals(sheet: Sheet) -> dict[str, tuple[int, Any]]:
    state, view = sheet.view.c[sheet.flow.field], sheet.view
    total = sql.total(view.c[sheet.money]) if sheet.money else null()
    query = select(state, func.count(), total).where(*sheet.where).group_by(state)
    return {row[0]: (row[1], row[2]) for row in sheet.work.connection.execute(query)}


def _column(sheet: Sheet, state: str, count: int, total: Any) -> Json:
    declared = sheet.flow.states[state]
    cards = _cards(sheet, state) if count else []
    return {
        "state": state,
        "title": declared.title.to(sheet.actor.locale),
        "initial": declared.initial,
        "final": declared.final,
        "count": count,
        "sum": present.to_json(sheet.work, sheet.table, sheet.money, total) if sheet.money else None,
        "sum_field": sheet.money,
        "sum_currency": sheet.table.fields[sheet.money].options.get("currency") if sheet.money else None,
        "cards": cards,
        "more": max(0, count - len(cards)),
    }


def _cards(sheet: Sheet, state: str) -> list[Json]:
    view, table = sheet.view, sheet.table
    sort = [(n.lstrip("-"), n.startswith("-")) for n in sheet.board.sort if n.lstrip("-") in view.c]
    order = [*sort, ("id", sort[-1][1] if sort else False)]
    # `waiting` moves with the clock: the card carries `since` instead, so an unchanged board answers alike.
    columns = [c for c in view.c if not c.key.endswith(EXACT) and c.key != "waiting"]
    query = (
        select(*columns).where(*sheet.where, view.c[sheet.flow.field] == state).order_by(*directions(view, order)).limit(CARDS)
    )
    rows = [dict(row._mapping) for row in sheet.work.connection.execute(query)]
    judge = Judge(sheet.work, sheet.views, table, sheet.actor)
    present.preload(judge, rows)
    names = present.titles(sheet.work, sheet.views, table, rows)
    values = present.writer_of(sheet.work, sheet.views, table, sheet.fields)
    return [_card(sheet, judge, state, row, values(row), name) for row, name in zip(rows, names, strict=True)]


def _card(sheet: Sheet, judge: Judge, state: str, row: Mapping[str, Any], values: Json, names: dict[str, str]) -> Json:
    entered = row[f"{state}_at"]
    return {
        "id": row["id"],
        "version": row["version"],
        "values": values,
        "titles": _titles(sheet, row, names),
        "since": present.implicit_json(entered) if entered is not None else None,
        "flags": present.flags_json(sheet.work, sheet.table, row, sheet.actor),
        "moves": present.moves_json(judge.of(row)),
    }


def _titles(sheet: Sheet, row: Mapping[str, Any], names: dict[str, str]) -> dict[str, str]:
    """What people read for links and choices on a card."""
    fields = {n: sheet.table.fields[n] for n in sheet.fields}
    joint = "、" if sheet.actor.locale.startswith("zh") else ", "
    chosen: dict[str, str] = {}
    for name, field in fields.items():
        values = row[name] if isinstance(row[name], tuple) else (row[name],)
        if field.choices and all(value in field.choices for value in values):
            chosen[name] = joint.join(c.title.to(sheet.actor.locale) for c in field.choices.values() if c.name in values)
    return {**{n: t for n, t in names.items() if n in fields}, **chosen}


def _limits(sheet: Sheet) -> dict[str, float]:
    """State → seconds after which a card is late: the first level of an alert whose condition is just that state."""
    limits: dict[str, float] = {}
    for alert in sheet.work.program.app.alerts:
        if alert.table == sheet.table.name and alert.levels:
            state = _only_state(alert.condition.node, sheet.flow.field)
            if state is not None:
                limits[state] = alert.levels[0].after.total_seconds()
    return limits


def _only_state(node: Node, field: str) -> str | None:
    """The state of a condition `status == 'pending'`."""
    match node:
        case Compare("==", FieldOf(0, _, (), name), Constant(str() as state)) if name == field:
            return state
    return None
