"""What the views of one web application share: ports, words, static files. Made once, in make_web; no state of requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app, g, request

from builder_ui.i18n import Words, words
from builder_ui.ports import Settings
from builder_ui.static_files import Shelf
from engine.market.market import Market
from engine.model.app import App
from engine.model.change import Actor
from engine.model.problem import Problem
from engine.model.text import Text
from engine.people.service import People
from engine.people.sessions import Session
from engine.people.users import User
from engine.runtime.runtime import Runtime

NAME = "house"


@dataclass(frozen=True, slots=True)
class House:
    """`zone` is the organisation's."""

    runtime: Runtime
    people: People
    market: Market
    settings: Settings
    languages: Mapping[str, Words]
    shelf: Shelf
    zone: ZoneInfo


def house() -> House:
    """The house of the application that answers this request."""
    found: House = current_app.extensions[NAME]
    return found


def user() -> User:
    """The person who is signed in. Raises Problem 401 when nobody is."""
    if g.user is None:
        raise Problem(
            401, "sign_in", Text("请先登录", "Please sign in"), Text("登录后才能看这一页", "Sign in to see this page")
        )
    found: User = g.user
    return found


def session() -> Session:
    """The running sign-in. Raises Problem 401 when there is none."""
    user()
    found: Session = g.session
    return found


def actor(app: App) -> Actor:
    """The signed-in person as one who acts in an app, asked anew for each request."""
    return house().people.actor(user(), app, channel="page", ip=ip(), device=device(), locale=words().locale)


def ip() -> str:
    """Where the request came from."""
    return request.remote_addr or ""


def device() -> str:
    """What the browser says of itself."""
    return request.user_agent.string[:300]
