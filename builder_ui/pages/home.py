"""Home: the apps a person works in, their boards, and how many lines wait in the inbox. An empty house offers the market."""

from __future__ import annotations

from flask import Blueprint, Response

from builder_ui.house import actor, house, user
from builder_ui.ports import Json
from builder_ui.rendering import answer

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> Response:
    """The first page after sign-in."""
    apps = [_seen(name) for name in house().runtime.apps()]
    offers = house().market.offers() if not apps else ()
    mine = [app for app in apps if app["tables"] or app["boards"]]
    shut = [app for app in apps if app not in mine] if user().owner else []
    return answer("home.html", place="home", apps=mine, shut=shut, offers=offers, empty=not apps)


def _seen(name: str) -> Json:
    runtime = house().runtime
    return runtime.describe(name, actor(runtime.program(name).app))
