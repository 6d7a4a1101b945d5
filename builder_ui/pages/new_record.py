"""A new record with its child rows: typed in one form, written by one write."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, request, url_for

from builder_ui import security
from builder_ui.house import house
from builder_ui.pages.child_rows import Rows, child_rows, child_values
from builder_ui.pages.files import brought, catalogue_for, with_files
from builder_ui.pages.forms import Input, Typed, new_inputs, typed_again, values
from builder_ui.pages.place import Place, place_in
from builder_ui.ports import Json
from builder_ui.rendering import answer, go
from engine.model.change import Write
from engine.model.problem import Problem, refused
from engine.model.text import Text

pages = Blueprint("new_record", __name__)


@pages.get("/a/<app>/t/<table>/new")
def new(app: str, table: str) -> Response:
    """The empty form. `?customer=…` fills a field beforehand."""
    place = place_in(app)
    here = _table(place, table)
    return _form(place, here, None, None)


@pages.post("/a/<app>/t/<table>/new")
def create(app: str, table: str) -> Response:
    """Write it; with the row buttons, draw the form again with a row more or less."""
    place = place_in(app)
    here = _table(place, table)
    inputs, lists = new_inputs(place, here), child_rows(place, here, request.form, None)
    rows = ((place.table(rows.table), row) for rows in lists for _, row in rows.rows)
    form, problem = brought(place, ((here, inputs), *rows))
    if problem is not None or "add" in form or "remove" in form:
        return _form(place, here, form, problem)
    write = Write(
        place.name,
        table,
        values=values(inputs, form, changed_only=False),
        children={name: rows for name, rows in child_values(lists, form).items() if rows},
        idempotency_key=form.get("key") or None,
    )
    try:
        outcome = house().runtime.write(write, place.actor)
    except Problem as problem:
        return _form(place, here, form, problem)
    if outcome.gone:
        return go(url_for("app.app", app=app), "gone")
    address = url_for("record.record", app=app, table=table, id=outcome.id)
    return go(security.local_path(form.get("next"), address), "created")


def _table(place: Place, name: str) -> Json:
    table = place.table(name)
    if not table["create"]:
        detail = Text("您的角色不能新建「{table}」", "Your role cannot create {table}").fill(table=place.app.tables[name].title)
        raise refused("create", detail)
    return table


def _form(place: Place, table: Json, form: Typed | None, problem: Problem | None) -> Response:
    inputs = new_inputs(place, table)
    if form is None:
        inputs = [replace(given, typed=request.args.get(given.name, given.typed)) for given in inputs]
    else:
        inputs = typed_again(inputs, form, problem)
    inputs = with_files(place, table, inputs)
    lists = child_rows(place, table, form, problem)
    # The key of a refused write is spent on the refusal: what is typed next is another write.
    key = secrets.token_urlsafe(16) if form is None or problem is not None else form.get("key", "")
    return answer(
        "new.html",
        problem.status if problem else 200,
        here=place,
        table=table,
        inputs=inputs,
        lists=lists,
        problem=problem,
        key=key,
        places=places(inputs, lists),
        catalogue=catalogue_for([*inputs, *(given for rows in lists for given in rows.blank)]),
    )


def places(inputs: Sequence[Input], lists: Sequence[Rows]) -> dict[str, tuple[str, str]]:
    """Path → title and id of the place, for the list of what is wrong. Rows are numbered as they were sent."""
    found = {given.column.name: (given.column.title, given.id) for given in inputs}
    for rows in lists:
        for number, (_, row) in enumerate(rows.rows):
            for given in row:
                title = f"{rows.title} {number + 1} · {given.column.title}"
                found[f"{rows.name}[{number}].{given.column.name}"] = (title, given.id)
    return found
