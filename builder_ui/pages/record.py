"""One record: its fields as a form, its children, the moves out of its state, its life line. Conflicts keep what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for

from builder_ui import security
from builder_ui.house import house
from builder_ui.pages.files import brought, catalogue_for, with_files
from builder_ui.pages.forms import Input, Typed, record_inputs, shared_reasons, typed_again, values
from builder_ui.pages.life import life_line
from builder_ui.pages.listing import cells
from builder_ui.pages.place import Place, place_in, title_of
from builder_ui.ports import Json
from builder_ui.rendering import answer, go, writer
from engine.model.change import Outcome, Read, Write
from engine.model.problem import Problem

pages = Blueprint("record", __name__)

CHILDREN = 100


@pages.get("/a/<app>/t/<table>/<id>")
def record(app: str, table: str, id: str) -> Response:
    """The record's page."""
    place = place_in(app)
    return _page(place, place.table(table), id)


@pages.post("/a/<app>/t/<table>/<id>")
def save(app: str, table: str, id: str) -> Response:
    """Write what was changed on the form, against the version that the form was drawn from."""
    place = place_in(app)
    here = place.table(table)
    inputs = record_inputs(place, here, house().runtime.record(app, table, id, place.actor))
    form, problem = brought(place, ((here, inputs),))
    if problem is not None:
        return _page(place, here, id, problem, form)
    given = values(inputs, form, changed_only=True)
    if form.get("take") == "theirs":
        given = {name: value for name, value in given.items() if name not in form.getlist("conflict")}
    if not given:
        return go(_address(app, table, id), "unchanged")
    write = Write(app, table, id, values=given, expected_version=_version(form))
    return _written(place, here, id, write, "saved", form)


@pages.post("/a/<app>/t/<table>/<id>/move/<transition>")
def move(app: str, table: str, id: str, transition: str) -> Response:
    """Take a transition, with the fields that it needs."""
    place = place_in(app)
    here = place.table(table)
    shown = house().runtime.record(app, table, id, place.actor)
    needs = {name for m in shown["moves"] if m["name"] == transition for name in m["needs"]}
    inputs = [given for given in record_inputs(place, here, shown) if given.column.name in needs]
    form, problem = brought(place, ((here, inputs),))
    if problem is not None:
        return _page(place, here, id, problem, form)
    given = {name: value for name, value in values(inputs, form, changed_only=False).items() if value is not None}
    write = Write(app, table, id, values=given, transition=transition, expected_version=_version(form))
    return _written(place, here, id, write, "moved", form)


@pages.post("/a/<app>/t/<table>/<id>/delete")
def delete(app: str, table: str, id: str) -> Response:
    """Delete the record."""
    place = place_in(app)
    here = place.table(table)
    write = Write(app, table, id, delete=True, expected_version=_version(request.form))
    return _written(place, here, id, write, "deleted", request.form)


def _written(place: Place, table: Json, id: str, write: Write, said: str, form: Typed) -> Response:
    try:
        outcome = house().runtime.write(write, place.actor)
    except Problem as problem:
        if problem.status == 404:
            raise
        return _page(place, table, id, problem, form)
    return _after(place, table, outcome, said)


def _after(place: Place, table: Json, outcome: Outcome, said: str) -> Response:
    if outcome.deleted or outcome.gone:
        return go(url_for("listing.listing", app=place.name, table=table["name"]), "deleted" if outcome.deleted else "gone")
    here = _address(place.name, table["name"], outcome.id)
    return go(security.local_path(request.form.get("next"), here), said)


def _page(place: Place, table: Json, id: str, problem: Problem | None = None, form: Typed | None = None) -> Response:
    runtime = house().runtime
    found = runtime.record(place.name, table["name"], id, place.actor)
    inputs = record_inputs(place, table, found)
    if form is not None:
        inputs = typed_again(inputs, form, problem)
    inputs = with_files(place, table, inputs, id)
    inputs, reasons = shared_reasons(inputs)
    places = {given.column.name: (given.column.title, given.id) for given in inputs}
    conflict = _conflict(inputs, problem) if problem and problem.code == "conflict" else ()
    flow = table.get("flow")
    return answer(
        "record.html",
        problem.status if problem else 200,
        here=place,
        table=table,
        record=found,
        title=title_of(found, table),
        inputs=inputs,
        reasons=reasons,
        by_name={given.column.name: given for given in inputs},
        state=found["values"].get(flow["field"]) if flow else None,
        since=_since(found, flow),
        editable=any(given.editable for given in inputs),
        children=[_children(place, child, id) for child in table["children"] if _seen(place, child["table"])],
        lines=life_line(runtime.history(place.name, table["name"], id, place.actor), place, id),
        problem=problem,
        conflict=conflict,
        places=places,
        catalogue=catalogue_for(inputs),
    )


def _since(record: Json, flow: Json | None) -> Any:
    """When the record entered its state, if that can be read."""
    state = record["values"].get(flow["field"]) if flow else None
    return record["values"].get(f"{state}_at") if state else None


def _conflict(inputs: Sequence[Input], problem: Problem) -> Sequence[Json]:
    """For each field that two people wrote: who, when, their value (None: not for this reader) and one's own."""
    shown = {given.column.name: given for given in inputs}
    found = []
    for change in problem.facts.get("changes", ()):
        given = shown.get(change["field"])
        if given is not None:
            theirs = _words(given, change["value"]) if "value" in change else None
            found.append(
                {
                    "column": given.column,
                    "who": change["who"],
                    "at": change["at"],
                    "theirs": theirs,
                    "mine": _words(given, given.typed),
                }
            )
    return found


def _words(given: Input, value: Any) -> str:
    """A value of a field for people; a link goes by the title it has among the options."""
    titles = dict(given.options)
    return writer().value(value, given.column, titles.get(str(value)))


def _children(place: Place, child: Json, id: str) -> Json:
    table = place.table(child["table"])
    columns = [column for name, column in place.columns(table).items() if _own(table, name) and name != child["link"]]
    read = Read(place.name, table["name"], where=f"{child['link']}.id == {id!r}", sort=("id",), limit=CHILDREN, count=True)
    page = house().runtime.records(read, place.actor)
    link = next((f for f in table["fields"] if f["name"] == child["link"]), None)
    creatable = table["create"] and link is not None and link["can"]["create"]
    return {
        "title": child["title"],
        "table": table,
        "columns": columns,
        "rows": [(f"/a/{place.name}/t/{table['name']}/{r['id']}", cells(place, r, columns)) for r in page.records],
        "count": page.count,
        "new": f"/a/{place.name}/t/{table['name']}/new?{child['link']}={id}" if creatable else None,
    }


def _own(table: Json, name: str) -> bool:
    return any(f["name"] == name for f in table["fields"])


def _seen(place: Place, table: str) -> bool:
    return any(t["name"] == table for t in place.seen["tables"])


def _version(form: Typed) -> int | None:
    text = form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _address(app: str, table: str, id: str) -> str:
    return url_for("record.record", app=app, table=table, id=id)
