"""Files of records: up as one part of a form, down through the record that holds them. What is sent can do nothing in a
browser: it is taken for what its content is, in a sandbox, and only pictures of our own drawing are shown in place."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request, send_file
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from builder_ui.api import queries
from builder_ui.api.answers import answer
from builder_ui.api.auth import actor
from builder_ui.api.context import Context
from builder_ui.api.records import PATH
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text
from engine.runtime.file_door import PARTS, Sent
from engine.storage.blobs import Incoming

UPLOADS = "/apps/<app>/tables/<table>/files"
# Nothing in it runs, loads, or is taken for another kind of thing.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
_LONGEST_BOUNDARY = 200


def mount(api: Blueprint, context: Context) -> None:
    """Routes."""
    one = f"{PATH}/<id>/files"
    for path, methods, view in ((UPLOADS, "POST", _upload), (one, "GET", _list), (f"{one}/<file>", "GET", _send)):
        api.add_url_rule(path, view.__name__.strip("_") + "_file", partial(view, context), methods=[methods])


def _upload(context: Context, app: str, table: str) -> Response:
    who = actor(context, app)
    given = queries.parameters(request, ("field",))
    if "field" not in given:
        raise invalid((Fault("field", "required", Text("请用 ?field= 说明是哪个字段", "Say which field with ?field=")),))
    return answer(context.runtime.upload(app, table, given["field"], who, _receive), 201)


def _receive(incoming: Incoming) -> str:
    """Write the one file of the request's form. Its name comes back. Raises Problem 400, 415."""
    kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not 0 < len(boundary) <= _LONGEST_BOUNDARY or not boundary.isascii():
        text = Text("请用 multipart/form-data 上传，文件放在 file 里", "Send multipart/form-data with the file in `file`")
        raise Problem(415, "not_multipart", Text("请求读不懂", "The request cannot be read"), text)
    names: list[str] = []

    def take(
        total_content_length: int | None, content_type: str | None, filename: str | None, content_length: int | None = None
    ) -> Any:
        if names:
            raise _one_file()
        names.append(filename or "")
        # The parser winds back what it has written; nobody reads it from there.
        return SimpleNamespace(write=incoming.write, seek=lambda place: None)

    request.max_content_length = None  # the field's own bound holds, while the bytes come in
    parser = MultiPartParser(stream_factory=take, max_form_memory_size=500_000, max_form_parts=10)
    try:
        parser.parse(request.stream, boundary.encode(), request.content_length)
    except (ValueError, RequestEntityTooLarge) as error:
        text = Text("表单读不懂：multipart 的格式不对", "The form cannot be read: it is not well-formed multipart")
        raise Problem(400, "bad_multipart", Text("请求读不懂", "The request cannot be read"), text) from error
    if not names:
        raise _one_file()
    return names[0]


def _one_file() -> Problem:
    return invalid((Fault("file", "one_file", Text("一次传一个文件，放在 file 里", "Send one file at a time, in `file`")),))


def _list(context: Context, app: str, table: str, id: str) -> Response:
    who = actor(context, app)
    queries.parameters(request, ())
    return answer({"files": context.runtime.files(app, table, id, who)})


def _send(context: Context, app: str, table: str, id: str, file: str) -> Response:
    who = actor(context, app)
    part = queries.parameters(request, ("as",)).get("as", "original")
    if part not in PARTS:
        text = Text("as 只能是 {parts}", "`as` can be {parts}").fill(parts=" | ".join(PARTS))
        raise invalid((Fault("as", "bad_part", text),))
    return sent(context.runtime.file(app, table, id, file, part, who), in_place=part != "original")


def sent(file: Sent, *, in_place: bool) -> Response:
    """A file as an answer; `in_place` shows it on a page, if it is a picture of our own drawing."""
    response = send_file(file.path, mimetype=file.type, conditional=True, etag=file.path.name)
    headers: Headers = response.headers
    # The tag is enough to ask again by; when the disk came by the bytes (a restore, a copy) is no fact about the file.
    headers.remove("Last-Modified")
    how = "inline" if in_place and file.drawn else "attachment"
    headers["Content-Disposition"] = f"{how}; filename=\"{_plain(file.name)}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Whoever may no longer see it must not find it in a cache: asked again each time, and answered 304 while it is theirs.
    headers["Cache-Control"] = "private, no-cache"
    return response


def _plain(name: str) -> str:
    """For clients that do not know `filename*` (RFC 6266)."""
    return "".join(letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_" for letter in name)
