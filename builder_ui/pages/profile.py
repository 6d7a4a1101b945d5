"""What belongs to a person alone: language, password, API tokens, the devices they are signed in on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from builder_ui import security
from builder_ui.house import house, session, user
from builder_ui.i18n import LANGUAGES
from builder_ui.rendering import answer, go
from engine.model.problem import Fault, Problem, invalid, missing
from engine.model.text import Text

pages = Blueprint("profile", __name__)


@pages.get("/profile")
def profile() -> Response:
    """The whole page."""
    return _page()


def _page(status: int = 200, **more: Any) -> Response:
    people, person = house().people, user()
    data: dict[str, Any] = {"problem": None, "about": "", "token": None, "token_name": "", "title": person.title}
    return answer(
        "profile.html",
        status,
        place="profile",
        sessions=people.sessions(person),
        tokens=people.tokens(person),
        current=session().id,
        roles=_roles(),
        **(data | more),
    )


def _roles() -> list[tuple[Text, list[Text]]]:
    """App title and the titles of the roles held there."""
    runtime, held = house().runtime, house().people.roles(user())
    apps = [runtime.program(name).app for name in runtime.apps() if name in held]
    return [(app.title, [app.roles[role].title for role in held[app.name] if role in app.roles]) for app in apps]


@pages.post("/language")
def language() -> Response:
    """Switch the language: in this browser, and for the person when signed in."""
    locale = request.form.get("locale", "")
    if locale not in LANGUAGES:
        raise missing()
    if g.user is not None:
        house().people.set_profile(g.user, title=g.user.title, locale=locale)
    response = go(security.local_path(request.form.get("back"), url_for("home.home")))
    security.remember_locale(response, locale)
    return response


@pages.post("/profile")
def save() -> Response:
    """How the person is greeted."""
    house().people.set_profile(user(), title=request.form.get("title", ""), locale=user().locale)
    return go(url_for("profile.profile"), "saved")


@pages.post("/profile/password")
def password() -> Response:
    """Change the password; other devices are signed out."""
    new = request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise invalid((Fault("again", "differs", Text("两次输入的密码不一样", "The two passwords differ")),))
        house().people.change_password(user(), request.form.get("old", ""), new, keep_session=session().id)
    except Problem as problem:
        return _page(problem.status, problem=problem, about="password")
    return go(url_for("profile.profile"), "password")


@pages.post("/profile/tokens")
def issue() -> Response:
    """Make a token and show it, this once: the answer is the page itself, so it is in no address and no cookie."""
    name = request.form.get("name", "")
    try:
        token = house().people.issue_token(user(), name)[1]
    except Problem as problem:
        return _page(problem.status, problem=problem, about="tokens", token_name=name)
    return _page(token=token)


@pages.post("/profile/tokens/<id>/revoke")
def revoke(id: str) -> Response:
    """Revoke one of the person's own tokens."""
    if not house().people.revoke_token(id, user=user()):
        raise missing()
    return go(url_for("profile.profile"), "revoked")


@pages.post("/profile/sessions/<id>/end")
def end(id: str) -> Response:
    """Sign another device out."""
    if not house().people.end_session(user(), id):
        raise missing()
    return go(url_for("profile.profile"), "ended")
