"""The door: sign in, sign out, the first-login link that sets a password; and the guard that sends strangers here."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from builder_ui import security
from builder_ui.house import device, house, ip, session
from builder_ui.rendering import answer, go
from engine.model.problem import Fault, Problem, invalid, missing
from engine.model.text import Text

pages = Blueprint("sign_in", __name__)

# What others mount (REST, hooks, static files) guards itself.
_CLOSED = ("home.", "market.", "inbox.", "profile.", "app.", "board.", "listing.", "new_record.", "record.")


def guard() -> BaseResponse | None:
    """Before each request: our pages are for those who are signed in."""
    endpoint = request.endpoint or ""
    if g.user is not None or not endpoint.startswith(_CLOSED) or endpoint == "profile.language":
        return None
    wish = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.sign_in", next=wish if wish != "/" else None), 303)


@pages.get("/sign-in")
def sign_in() -> BaseResponse:
    """The form; who is signed in already goes on."""
    if g.user is not None:
        return redirect(_next(), 303)
    return answer("sign_in.html", next=_next(), name="", problem=None)


@pages.post("/sign-in")
def enter() -> BaseResponse:
    """Take name and password."""
    name = request.form.get("name", "")
    try:
        started = house().people.sign_in(name, request.form.get("password", ""), ip=ip(), device=device())
    except Problem as problem:
        response: Response = answer("sign_in.html", problem.status, next=_next(), name=name, problem=problem)
        if "retry_after" in problem.facts:
            response.headers["Retry-After"] = str(problem.facts["retry_after"])
        return response
    response = go(_next())
    security.remember_session(response, started.token)
    return response


@pages.post("/sign-out")
def leave() -> BaseResponse:
    """End this session, here and in the database."""
    if g.user is not None:
        house().people.end_session(g.user, session().id)
    response = go(url_for("sign_in.sign_in"))
    security.forget(response, security.SESSION)
    return response


@pages.get("/first/<code>")
def first(code: str) -> BaseResponse:
    """The page behind a first-login link. A dead code says what to do."""
    person = house().people.first_code_user(code)
    if person is None:
        return answer("first_dead.html", 404)
    return answer("first.html", code=code, person=person, problem=None)


@pages.post("/first/<code>")
def set_first(code: str) -> BaseResponse:
    """Set the password and go in."""
    people = house().people
    person = people.first_code_user(code)
    if person is None:
        return answer("first_dead.html", 404)
    password = request.form.get("password", "")
    try:
        if password != request.form.get("again", ""):
            raise invalid((Fault("again", "differs", Text("两次输入的密码不一样", "The two passwords differ")),))
        started = people.first_login(code, password, ip=ip(), device=device())
    except Problem as problem:
        if problem.code == missing().code:
            return answer("first_dead.html", 404)
        return answer("first.html", problem.status, code=code, person=person, problem=problem)
    response = go(url_for("home.home"))
    security.remember_session(response, started.token)
    return response


def _next() -> str:
    return security.local_path(request.values.get("next"), url_for("home.home"))
