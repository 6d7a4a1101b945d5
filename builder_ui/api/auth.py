"""Who is asking: a Bearer token, or the session that builder_ui.security has resolved from its cookie into `g.user`.

A token is looked up anew for each request, so a revoked one is dead at once. What the caller may do is never judged here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from flask import g, request
from sqlalchemy import Connection

from builder_ui.api.context import Context
from builder_ui.security import check_csrf
from engine.model.app import App
from engine.model.change import Actor
from engine.model.problem import Problem, Remedy
from engine.model.text import Text
from engine.people.actors import actor_for
from engine.people.users import User


class _Place(TypedDict):
    """From where somebody acts."""

    channel: str
    ip: str
    device: str
    locale: str
    kind: str


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `kind` token or person."""

    user: User
    kind: str


def authenticate(context: Context) -> None:
    """Before each request of the API: put the Caller into `g.caller`. Raises Problem 401 or 403."""
    header = request.headers.get("Authorization")
    if header is not None:
        g.caller = Caller(_token_user(context, header), "token")
        return
    user = g.get("user")
    if user is None:
        raise _unknown(Text("请用 Bearer 令牌，或先登录", "Send a Bearer token, or sign in first"))
    if request.method not in SAFE:
        # make_web checks this as well; asking again costs nothing, and a write must not hang on the order of two modules.
        check_csrf()
    g.caller = Caller(user, "person")


def caller() -> Caller:
    """Who asks, after authenticate."""
    found: Caller = g.caller
    return found


def actor(context: Context, name: str) -> Actor:
    """The caller as an actor in the app of this name. Raises Problem 404."""
    found: tuple[str, Actor] | None = g.get("acting")
    return found[1] if found is not None and found[0] == name else actor_in(context, app_of(context, name))


def app_of(context: Context, name: str) -> App:
    """A running app. Raises Problem 404."""
    return context.runtime.program(name).app


def actor_in(context: Context, app: App) -> Actor:
    """The caller as an actor in this app."""
    who = caller()
    return context.people.actor(who.user, app, **_place(context, who))


def _place(context: Context, who: Caller) -> _Place:
    return {
        "channel": "api" if who.kind == "token" else "page",
        "ip": request.remote_addr or "",
        "device": request.headers.get("User-Agent", "")[:300],
        "locale": locale(context),
        "kind": who.kind,
    }


def locale(context: Context) -> str:
    """The language of answers: the user's own, else the best of Accept-Language, else the house's."""
    found = g.get("caller")
    own = found.user.locale if found is not None else None
    return own or _accepted() or context.settings.locale


def _accepted() -> str | None:
    """`zh` or `en`, whichever Accept-Language likes best (werkzeug's best_match would pass over `en-GB`)."""
    return next((tag[:2].lower() for tag, _ in request.accept_languages if tag[:2].lower() in ("zh", "en")), None)


def _token_user(context: Context, header: str) -> User:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _unknown(Text("Authorization 要写成 Bearer <令牌>", "Authorization reads: Bearer <token>"))
    name: str = (request.view_args or {}).get("app", "")

    def act(connection: Connection, user: User) -> None:
        """Who asks and as whom are read together: one transaction instead of three."""
        who = g.caller = Caller(user, "token")
        try:
            app = context.runtime.core.program(name, connection).app
        except Problem:
            return  # the route says so in its own way
        g.acting = (name, actor_for(connection, user, app, fresh=True, **_place(context, who)))

    found = context.people.token_user(token.strip(), act if name else None)
    if found is None:
        raise _unknown(Text("这个令牌无效或已吊销", "This token is not valid or was revoked"))
    return found


def _unknown(detail: Text) -> Problem:
    remedies = (Remedy("sign_in", "", Text("登录", "Sign in")),)
    return Problem(401, "unauthenticated", Text("请先登录", "Please sign in"), detail, remedies=remedies)
