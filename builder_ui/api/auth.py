"""Who is asking: a Bearer token, or the session that builder_ui.security has resolved from its cookie into `g.user`.

A token is looked up anew for each request, so a revoked one is dead at once. What the caller may do is never judged here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypedDict

from flask import g, request
from sqlalchemy import Connection

from builder_ui.api.context import Context
from builder_ui.security import check_csrf
from engine.model.app import App
from engine.model.change import Actor
from engine.model.problem import Problem, Remedy, missing, refused
from engine.model.text import Text
from engine.people.actors import actor_for
from engine.people.users import User
from engine.runtime.program import Program


class _Place(TypedDict):
    """From where somebody acts."""

    channel: str
    ip: str
    device: str
    locale: str
    kind: str


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SEE_AS = "See-As"
UNKNOWN_ROLE = "unknown_role"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `kind` token or person."""

    user: User
    kind: str


@dataclass(frozen=True, slots=True)
class _Acting:
    """Who asks, in the app that is asked for."""

    program: Program
    actor: Actor


def authenticate(context: Context) -> None:
    """Before each request of the API: put the Caller into `g.caller`. Raises Problem 401 or 403."""
    g.caller = _who(context)
    if SEE_AS in request.headers and request.method not in SAFE:
        raise refused("seen_as", Text("换成别的角色看的时候不能写", "Whoever sees as another role writes nothing"))


def _who(context: Context) -> Caller:
    header = request.headers.get("Authorization")
    if header is not None:
        return Caller(_token_user(context, header), "token")
    user = g.get("user")
    if user is None:
        raise _unknown(Text("请用 Bearer 令牌，或先登录", "Send a Bearer token, or sign in first"))
    if request.method not in SAFE:
        # make_web checks this as well; asking again costs nothing, and a write must not hang on the order of two modules.
        check_csrf()
    return Caller(user, "person")


def caller() -> Caller:
    """Who asks, after authenticate."""
    found: Caller = g.caller
    return found


def actor(context: Context, name: str) -> Actor:
    """The caller as an actor in the app of this name. An app that opens nothing to them is not there. Raises Problem 404."""
    acting: _Acting | None = g.get("acting")
    if acting is not None and acting.program.app.name == name:
        program, found = acting.program, acting.actor
    else:
        program = context.runtime.program(name)
        found = _own(context, program.app)
    if not program.access.opens(found):
        raise missing()
    return _eyed(found, program)


def app_of(context: Context, name: str) -> App:
    """A running app. Raises Problem 404."""
    return context.runtime.program(name).app


def actor_in(context: Context, name: str) -> Actor:
    """The caller as an actor in this app; with `See-As: role` they see what both they and that role see. Raises Problem 400,
    404."""
    program = context.runtime.program(name)
    return _eyed(_own(context, program.app), program)


def passed_over(problem: Problem) -> bool:
    """Where many apps are asked at once, one that is not there for the caller, or has no such role, is left out."""
    return problem.status == 404 or problem.code == UNKNOWN_ROLE


def _own(context: Context, app: App) -> Actor:
    who = caller()
    return context.people.actor(who.user, app, **_place(context, who))


def _eyed(found: Actor, program: Program) -> Actor:
    if SEE_AS not in request.headers:
        return found
    role, roles = request.headers[SEE_AS].strip(), program.app.roles
    # What roles an app has that opens nothing to the caller, and whether there is one, is not theirs to ask.
    if not program.access.opens(found):
        raise missing()
    if role not in roles or roles[role].portal:
        text = Text("See-As 要写这个应用的一个角色", "See-As names a role of this app")
        raise Problem(400, UNKNOWN_ROLE, Text("没有这个角色", "No such role"), text)
    return replace(found, seen_as=role)


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
            program = context.runtime.core.program(name, connection)
        except Problem:
            return  # the route says so in its own way
        g.acting = _Acting(program, actor_for(connection, user, program.app, fresh=True, **_place(context, who)))

    found = context.people.token_user(token.strip(), act if name else None)
    if found is None:
        raise _unknown(Text("这个令牌无效或已吊销", "This token is not valid or was revoked"))
    return found


def _unknown(detail: Text) -> Problem:
    remedies = (Remedy("sign_in", "", Text("登录", "Sign in")),)
    return Problem(401, "unauthenticated", Text("请先登录", "Please sign in"), detail, remedies=remedies)
