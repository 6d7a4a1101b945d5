"""Lists of rows to write: each is taken or refused alone, with its number; one result per row (207)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response

from builder_ui.api import bodies, queries
from builder_ui.api.answers import answer
from builder_ui.api.auth import locale
from builder_ui.api.context import Context
from builder_ui.api.idempotency import once_many
from builder_ui.api.problems import document
from engine.model.change import Actor, Mode, Outcome, Write
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text

MAX_ROWS = 1_000
_MODES = {"update": Mode.UPSERT, "skip": Mode.SKIP, "refuse": Mode.CREATE}


def written(context: Context, writes: list[Write], who: Actor) -> Response:
    """Do them all and answer with one result each."""

    def do(key: str | None) -> Response:
        outcomes = context.runtime.write_many(writes[0].app, writes, who, key=key) if writes else ()
        found = zip(writes, outcomes, strict=True)
        results = [{"index": at, **_result(context, write, result)} for at, (write, result) in enumerate(found)]
        return answer({"results": results}, 207)

    return once_many(context, writes, do)


def _result(context: Context, write: Write, result: Outcome | Problem) -> dict[str, Any]:
    if isinstance(result, Problem):
        return {"status": result.status, "problem": document(result, locale(context))}
    status = 201 if result.created else 200
    return {"status": status, "location": location(write, result.id), **brief(result)}


def matching(given: Mapping[str, str]) -> tuple[tuple[str, ...], Mode]:
    """`match=a,b&on_duplicate=update|skip|refuse`. Raises Problem 422."""
    match, how = queries.names(given.get("match")), given.get("on_duplicate", "update")
    if how not in _MODES:
        text = Text("on_duplicate 只能是 update、skip 或 refuse", "on_duplicate is update, skip or refuse")
        raise invalid((Fault("on_duplicate", "bad_on_duplicate", text),))
    if "on_duplicate" in given and not match:
        text = Text("on_duplicate 要和 match（一个键的字段）一起给", "on_duplicate goes with match, the fields of a key")
        raise invalid((Fault("match", "required", text),))
    return (match, _MODES[how]) if match else ((), Mode.CREATE)


def created(app: str, table: str, body: list[Any]) -> list[Write]:
    """New records from a list. Raises Problem 413 or 422."""
    return [new(app, table, row, f"[{index}]") for index, row in enumerate(_bounded(body))]


def new(app: str, table: str, body: Any, path: str = "") -> Write:
    """A new record from `{values, children}`."""
    row = bodies.members(body, ("values", "children"), path)
    return Write(app, table, values=bodies.object_at(row, "values", path), children=bodies.lists_at(row, "children", path))


def changed(app: str, table: str, body: Any, match: tuple[str, ...]) -> list[Write]:
    """Changes from a list of `{id, version, values, children}`; with `match` the key in `values` stands for the id."""
    if not isinstance(body, list):
        raise invalid((Fault("", "not_a_list", Text("这里要一个列表 […]", "A list […] belongs here")),))
    return [_change(app, table, row, match, f"[{index}]") for index, row in enumerate(_bounded(body))]


def _change(app: str, table: str, body: Any, match: tuple[str, ...], path: str) -> Write:
    row = bodies.members(body, ("version", "values", "children") if match else ("id", "version", "values", "children"), path)
    values, children = bodies.object_at(row, "values", path), bodies.lists_at(row, "children", path)
    version, id = row.get("version"), row.get("id")
    if version is not None and (isinstance(version, bool) or not isinstance(version, int) or not 1 <= version < 10**18):
        text = Text("version 是读到的版本号", "version is the number of the version that was read")
        raise invalid((Fault(f"{path}.version", "bad_version", text),))
    if match:
        return Write(app, table, None, values, children, expected_version=version, match=match, mode=Mode.UPDATE)
    if not isinstance(id, str) or not id:
        raise invalid((Fault(f"{path}.id", "required", Text("要有记录的 id", "The id of a record is needed")),))
    return Write(app, table, id, values, children, expected_version=version)


def _bounded(body: list[Any]) -> list[Any]:
    if len(body) > MAX_ROWS:
        text = Text("一次最多 {max} 行，请分批", "At most {max} rows at a time; send them in parts").fill(max=MAX_ROWS)
        raise Problem(413, "too_many_rows", Text("行数太多", "Too many rows"), text)
    return body


def brief(outcome: Outcome) -> dict[str, Any]:
    """What is said of a write without its record."""
    found: dict[str, Any] = {"id": outcome.id, "version": outcome.version}
    if outcome.skipped:
        found["skipped"] = True
    return {**found, "gone": True} if outcome.gone else found


def location(write: Write, id: str) -> str:
    """Where the record is."""
    return f"/api/v1/apps/{quote(write.app)}/tables/{quote(write.table)}/records/{quote(id, safe='')}"
