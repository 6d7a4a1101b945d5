"""The inbox: lines that rules and alerts wrote to a person, each with a link to its record."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from builder_ui import security
from builder_ui.house import house, user
from builder_ui.rendering import answer, go

pages = Blueprint("inbox", __name__)


@pages.get("/inbox")
def inbox() -> Response:
    """Newest first; `?only=unread` leaves out what was read."""
    lines = list(house().runtime.inbox(None, user()))
    only = request.args.get("only") == "unread"
    waiting = [line for line in lines if not line.get("read_at")]
    return answer("inbox.html", place="inbox", lines=waiting if only else lines, only=only, waiting=len(waiting))


@pages.post("/inbox/<id>/read")
def read(id: str) -> Response:
    """Mark one line as read; with `open` go on to its record."""
    house().runtime.inbox_read(id, user())
    onward = request.form.get("open")
    return go(security.local_path(onward, url_for("inbox.inbox")), None if onward else "read")


@pages.post("/inbox/read")
def read_all() -> Response:
    """Mark every line as read."""
    runtime = house().runtime
    for line in runtime.inbox(None, user()):
        if not line.get("read_at"):
            runtime.inbox_read(line["id"], user())
    return go(url_for("inbox.inbox"), "read")
