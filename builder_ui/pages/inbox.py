"""The inbox: lines that rules and alerts wrote to a person, each with a link to its record."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from builder_ui import security
from builder_ui.house import actor, house, user
from builder_ui.i18n import words
from builder_ui.ports import Json
from builder_ui.rendering import answer, go
from engine.storage.inbox import InboxLine

pages = Blueprint("inbox", __name__)


@pages.get("/inbox")
def inbox() -> Response:
    """Newest first; `?only=unread` leaves out what was read."""
    runtime, only = house().runtime, request.args.get("only") == "unread"
    found = [line for line in runtime.inbox(user().id) if line.read_at is None or not only]
    lines = [_written(line) for line in found]
    waiting = runtime.inbox_unread(user().id)
    return answer("inbox.html", place="inbox", lines=lines, only=only, waiting=waiting)


def _written(line: InboxLine) -> Json:
    """The line as its reader may see it now, with the app's title."""
    runtime = house().runtime
    if line.app not in runtime.apps():
        return {"id": line.id, "gone": True, "text": "", "read": line.read_at is not None, "at": None, "app_title": line.app}
    app = runtime.program(line.app).app
    return {**runtime.inbox_line(line, actor(app)), "app_title": app.title.to(words().locale)}


@pages.post("/inbox/<id>/read")
def read(id: str) -> Response:
    """Mark one line as read; with `open` go on to its record."""
    house().runtime.inbox_read(id, user().id)
    onward = request.form.get("open")
    return go(security.local_path(onward, url_for("inbox.inbox")), None if onward else "read")


@pages.post("/inbox/read")
def read_all() -> Response:
    """Mark every line as read."""
    runtime = house().runtime
    for line in runtime.inbox(user().id):
        if line.read_at is None:
            runtime.inbox_read(line.id, user().id)
    return go(url_for("inbox.inbox"), "read")
