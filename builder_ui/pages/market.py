"""The market: templates with what each brings, and the one click that installs one."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from builder_ui.house import house, user
from builder_ui.ports import Offer
from builder_ui.rendering import answer, go
from builder_ui.sentences import alert_sentence, routing_sentences, rule_sentence
from engine.model.problem import missing, refused
from engine.model.text import Text

pages = Blueprint("market", __name__)


@pages.get("/market")
def market() -> Response:
    """All templates as cards."""
    return answer("market.html", place="market", offers=house().market.offers(), installed=house().runtime.apps())


@pages.get("/market/<name>")
def offer(name: str) -> Response:
    """One template: what it brings, in sentences, and the install form."""
    found = _offer(name)
    app = found.app
    pending = {diagnostic.path for diagnostic in app.pending}
    return answer(
        "offer.html",
        place="market",
        offer=found,
        installed=name in house().runtime.apps(),
        roles=[role for role in app.roles.values() if not role.portal],
        sentences=[
            *((r.title, routing_sentences(app, r), f"routing.{r.name}" not in pending) for r in app.routings),
            *((rule.title, [rule_sentence(app, rule)], True) for rule in app.rules),
            *((a.title, [alert_sentence(app, a)], f"alerts.{a.name}" not in pending) for a in app.alerts),
        ],
    )


@pages.get("/market/<name>/picture")
def picture(name: str) -> Response:
    """The template's picture."""
    found = house().market.picture(name)
    if found is None:
        raise missing()
    return Response(found[0], content_type=found[1], headers={"Cache-Control": "private, max-age=3600"})


@pages.post("/market/<name>/install")
def install(name: str) -> Response:
    """Install for everybody; the installer takes the roles they ticked. Only the owner publishes."""
    if not user().owner:
        raise refused("owner_only", Text("只有所有者可以安装应用", "Only the owner installs apps"))
    wanted = set(request.form.getlist("role"))
    roles = [role.name for role in _offer(name).app.roles.values() if role.name in wanted and not role.portal]
    app_name = house().market.install(name, user().name, roles=roles)
    return go(url_for("app.app", app=app_name), "installed")


def _offer(name: str) -> Offer:
    for found in house().market.offers():
        if found.name == name:
            return found
    raise missing()
