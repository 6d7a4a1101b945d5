"""Files on forms: what a field holds already, with names and small pictures, and what a form brings. With a script files go up
at once and the form carries their ids; without one the form itself carries the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage, MultiDict

from builder_ui.house import house
from builder_ui.i18n import _, words
from builder_ui.pages.forms import Input, Typed
from builder_ui.pages.place import Place
from builder_ui.ports import Json
from builder_ui.rendering import data_block
from engine.kinds.values.media import BY_TYPE
from engine.model.problem import Fault, Problem, invalid
from engine.storage.blobs import Incoming

WIDGET = "files"


@dataclass(frozen=True, slots=True)
class Shown:
    """One file of a field. `href` opens it, `small` is a little picture of it ('' for none)."""

    id: str
    name: str
    size: str
    href: str = ""
    small: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a field takes. `accept` for the browser's chooser; on phones the types of pictures offer the camera."""

    upload: str
    most: int
    max_bytes: int
    max_size: str
    accept: str
    endings: str


def with_files(place: Place, table: Json, inputs: Sequence[Input], record: str | None = None) -> list[Input]:
    """The same inputs, those that hold files with what there is to show of them."""
    if not any(given.widget == WIDGET for given in inputs):
        return list(inputs)
    runtime = house().runtime
    ids = {id for given in inputs if given.widget == WIDGET for id in listed(given.typed)}
    known = {file["id"]: _shown(file, None) for file in runtime.waiting_files(ids, place.actor)}
    if record is not None:
        address = f"/api/v1/apps/{quote(place.name)}/tables/{quote(table['name'])}/records/{quote(record)}/files"
        known |= {file["id"]: _shown(file, address) for file in runtime.files(place.name, table["name"], record, place.actor)}
    fields = {field["name"]: field for field in table["fields"]}
    return [_with(given, known, place, table, fields) if given.widget == WIDGET else given for given in inputs]


def _with(given: Input, known: Mapping[str, Shown], place: Place, table: Json, fields: Mapping[str, Json]) -> Input:
    name = given.column.name
    takes = fields[name]["files"]
    pictures = [media.type for media in BY_TYPE.values() if media.picture and media.endings[0] in takes["endings"]]
    asked = Asked(
        upload=f"/apps/{quote(place.name)}/tables/{quote(table['name'])}/files?field={quote(name)}",
        most=takes["max"],
        max_bytes=takes["max_bytes"],
        max_size=size_of(takes["max_bytes"]),
        accept=",".join([*pictures, *(f".{ending}" for ending in takes["endings"])]),
        endings=" ".join(dict.fromkeys(m.endings[0] for m in BY_TYPE.values() if m.endings[0] in takes["endings"])),
    )
    here = tuple(known[id] for id in listed(given.typed) if id in known)
    return replace(given, files=here, asked=asked if given.editable else None)


def _shown(file: Json, address: str | None) -> Shown:
    href = f"{address}/{file['id']}" if address else ""
    small = f"{href}?as=small" if href and file["picture"] else ""
    return Shown(file["id"], file["name"], size_of(file["size"]), f"{href}?as=show" if small else href, small)


def catalogue_for(inputs: Iterable[Input]) -> Markup | str:
    """The words of the script that uploads, for pages that have a use for it."""
    return data_block(dict(words().islands)) if any(given.asked for given in inputs) else ""


def listed(typed: str) -> list[str]:
    """The ids in what a form carries; what is no list of ids is left for the write to refuse."""
    try:
        ids = json.loads(typed[:10_000]) if typed else []
    except (ValueError, RecursionError):
        return []
    return [id for id in ids if isinstance(id, str)] if isinstance(ids, list) else []


def size_of(size: int) -> str:
    """A size for people."""
    if size < 1024 * 1024:
        return _("%(n)s KB", n=max(1, round(size / 1024)))
    return _("%(n)s MB", n=f"{size / 1024 / 1024:.1f}".removesuffix(".0"))


def brought(place: Place, tables: Iterable[tuple[Json, Sequence[Input]]]) -> tuple[Typed, Problem | None]:
    """The form as it is to be read: ticked files taken out of their fields, files that came with it uploaded and put in. The
    problem names the fields whose files were not taken; the others are in the form nonetheless."""
    form: Typed = MultiDict(request.form)
    faults: list[Fault] = []
    for table, inputs in tables:
        for given in inputs:
            if given.widget != WIDGET or not given.editable:
                continue
            gone = set(form.getlist(f"drop-{given.name}"))
            ids = [id for id in listed(form.get(given.name, "")) if id not in gone]
            came = [file for file in request.files.getlist(f"add-{given.name}") if file.filename]
            for file in came:
                try:
                    ids.append(_uploaded(place, table, given, file))
                except Problem as problem:
                    faults.append(Fault(given.column.name, problem.code, problem.detail))
            if gone or came:
                form[given.name] = json.dumps(ids, separators=(",", ":")) if ids else ""
    return form, invalid(tuple(faults)) if faults else None


def _uploaded(place: Place, table: Json, given: Input, file: FileStorage) -> str:
    def fill(incoming: Incoming) -> str:
        incoming.copy(file.stream)
        return file.filename or ""

    taken: dict[str, Any] = house().runtime.upload(place.name, table["name"], given.column.name, place.actor, fill)
    return str(taken["id"])
