"""Who is asking: a Bearer token, or the session that builder_ui.security has resolved from its cookie into `g.user`.

A token is looked up anew for each request, so a revoked one is dead at once. What the caller may do is never judged here."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import g, request

from builder_ui.api.context import Context, User
from engine.model.app import App
from engine.model.change import Actor
from engine.model.problem import Problem, Remedy, missing
from engine.model.text import Text

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
# `last_used` is for people to look at; noting it each time would cost a write.
NOTED_EVERY = timedelta(minutes=5)


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
        _check_csrf()
    g.caller = Caller(user, "person")


def caller() -> Caller:
    """Who asks, after authenticate."""
    found: Caller = g.caller
    return found


def actor(context: Context, name: str) -> Actor:
    """The caller as an actor in the app of this name. Raises Problem 404."""
    return actor_in(context, app_of(context, name))


def app_of(context: Context, name: str) -> App:
    """A running app. Raises Problem 404."""
    if name not in context.runtime.apps():
        raise missing()
    return context.runtime.program(name).app


def actor_in(context: Context, app: App) -> Actor:
    """The caller as an actor in this app."""
    who = caller()
    with context.runtime.database.read() as connection:
        return context.people.actors.actor_for(
            connection,
            who.user,
            app,
            channel="api" if who.kind == "token" else "web",
            ip=request.remote_addr or "",
            device=request.headers.get("User-Agent", "")[:300],
            locale=locale(context),
            kind=who.kind,
        )


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
    with context.runtime.database.read() as connection:
        found = context.people.tokens.token_user(connection, token.strip())
    if found is None:
        raise _unknown(Text("这个令牌无效或已吊销", "This token is not valid or was revoked"))
    user, kept = found
    now = context.runtime.now()
    if kept.last_used is None or now - kept.last_used >= NOTED_EVERY:
        with context.runtime.database.write() as connection:
            context.people.tokens.mark_used(connection, kept.id, now=now)
    return user


def _check_csrf() -> None:
    """builder_ui.security checks every cookie write and says so in `g.csrf_checked`; where it did not, nothing is written."""
    given, wanted = request.headers.get(CSRF_HEADER, ""), str(g.get("csrf") or "")
    if g.get("csrf_checked") or (wanted and hmac.compare_digest(given.encode(), wanted.encode())):
        return
    text = Text("缺少或过期的 {name}，请刷新页面再试", "The header {name} is missing or old; reload the page and try again")
    raise Problem(
        403,
        "csrf",
        Text("不能这样做", "Not allowed"),
        text.fill(name=CSRF_HEADER),
        remedies=(Remedy("reload", "", Text("刷新", "Reload")),),
    )


def _unknown(detail: Text) -> Problem:
    facts: Mapping[str, str] = {}
    remedies = (Remedy("sign_in", "", Text("登录", "Sign in")),)
    return Problem(401, "unauthenticated", Text("请先登录", "Please sign in"), detail, remedies=remedies, facts=facts)
