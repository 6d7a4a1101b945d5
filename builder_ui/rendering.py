"""Draws pages: what every template may use, and short words said once after a redirect. Autoescape is on for all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, make_response, render_template, request
from markupsafe import Markup

from builder_ui import security
from builder_ui.api.answers import text_of
from builder_ui.format import Writer
from builder_ui.house import house
from builder_ui.i18n import LANGUAGES, _, words
from engine.model.problem import Fault

# Colours of states that are neither the first nor an end, in their order: as on the boards.
_COLOURS = ("blue", "violet", "teal", "pink", "brown")


def prepare(web: Flask) -> None:
    """Give the templates their language, filters and names."""
    web.jinja_env.add_extension("jinja2.ext.i18n")
    # The extension hangs its methods on the environment, where no type knows them.
    install = vars(web.jinja_env)["install_gettext_callables"]
    install(lambda text: words().gettext(text), lambda one, many, n: words().ngettext(one, many, n), newstyle=True)
    web.jinja_env.trim_blocks = web.jinja_env.lstrip_blocks = True
    web.jinja_env.filters["instant"] = lambda value, style="short": writer().instant(value, style)
    web.jinja_env.filters["local"] = lambda wish: security.local_path(wish, "")
    web.jinja_env.filters["device_name"] = device_name
    web.jinja_env.filters["first_at_each_place"] = first_at_each_place
    web.jinja_env.globals.update(
        anchor=anchor,
        state_colour=state_colour,
        channel_name=channel_name,
        csrf_field=security.csrf_field,
        has_picture=lambda name: house().market.picture(name) is not None,
        asset=_asset,
    )
    web.context_processor(_shared)


def _shared() -> dict[str, Any]:
    user = g.get("user")
    return {
        "words": words(),
        "languages": LANGUAGES,
        "user": user,
        "nonce": g.get("nonce", ""),
        "csrf": security.csrf_token() if user else "",
        "back": back_here(),
        "place": "",
        "unread": _unread() if user else 0,
        "said": (),
    }


def writer() -> Writer:
    """Writes values for the reader of this request; one moment for the whole page."""
    if "writer" not in g:
        g.writer = Writer(words(), house().zone, datetime.now(UTC))
    found: Writer = g.writer
    return found


def page(template: str, **data: Any) -> str:
    """A template drawn for the reader."""
    return render_template(template, **data)


def answer(template: str, status: int = 200, **data: Any) -> Response:
    """A page as a response, with what was to be said once."""
    said = _SAID.get(request.cookies.get(security.SAID, ""))
    response = make_response(page(template, said=(("ok", said()),) if said else (), **data), status)
    if said:
        security.forget(response, security.SAID)
    return response


def go(path: str, said: str | None = None) -> Response:
    """Send the browser to a page of ours, which says `said` (a name below) once."""
    response = Response("", 303, {"Location": path})
    if said:
        security.keep(response, security.SAID, said, seconds=60)
    return response


# Named, so that a cookie cannot make a page say anything else.
_SAID = {
    "saved": lambda: _("Saved"),
    "created": lambda: _("The record is created"),
    "moved": lambda: _("Done"),
    "asked": lambda: _("Approval has been asked for"),
    "deleted": lambda: _("The record is deleted"),
    "gone": lambda: _("Done. The record has left what you can see"),
    "unchanged": lambda: _("Nothing was changed"),
    "password": lambda: _("The password is changed; other devices are signed out"),
    "revoked": lambda: _("Revoked"),
    "ended": lambda: _("That device is signed out"),
    "installed": lambda: _("Installed"),
    "read": lambda: _("Marked as read"),
}


def _asset(name: str) -> str:
    return house().shelf.url(name)


def back_here() -> str:
    """This page's own path, for coming back after a side step."""
    if request.method != "GET":
        referrer = urlsplit(request.referrer or "")
        return security.local_path(referrer.path, "/")
    return security.local_path(request.full_path.rstrip("?"), "/")


def _unread() -> int:
    return house().runtime.inbox_unread(g.user.id)


def first_at_each_place(errors: Sequence[Fault]) -> list[Fault]:
    """The first thing said about a place is the one that explains the others; what names no place stays."""
    firsts = {e.path: e for e in reversed(errors) if e.path}
    return [e for e in errors if not e.path or firsts[e.path] is e]


def anchor(path: str) -> str:
    """The id of a field's place on the page: `items[2].price` → `f-items-2-price`."""
    return "f-" + re.sub(r"[^\w]+", "-", path).strip("-")


def state_colour(state: Mapping[str, Any], flow: Mapping[str, Any]) -> str:
    """The class of a state's dot: amber first, grey and green ends, the others in turn."""
    states = [s["name"] for s in flow["states"]]
    finals = [s["name"] for s in flow["states"] if s["final"]]
    if state["initial"]:
        return "amber"
    if state["final"]:
        return "green" if state["name"] == finals[0] else "grey"
    return _COLOURS[(states.index(state["name"]) - 1) % len(_COLOURS)]


def channel_name(channel: str) -> str:
    """By which way something came in, in words."""
    known = {
        "page": _("web page"),
        "api": _("API"),
        "import": _("import"),
        "sample": _("import"),
        "connection": _("connection"),
        "schedule": _("schedule"),
        "command": _("command line"),
    }
    kind, _colon, name = channel.partition(":")
    return " ".join(filter(None, (known.get(kind, kind), name)))


def device_name(agent: str) -> str:
    """What a browser says of itself, for people: `Chrome · Windows`; else as it is."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part) or agent or _("unknown device")


# The first mark that is found counts: every browser also names those it is akin to.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("wxwork", "WeCom"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def data_block(value: Any) -> Markup:
    """JSON for a `<script type="application/json">`: nothing in it can end the element."""
    text = text_of(value)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704
