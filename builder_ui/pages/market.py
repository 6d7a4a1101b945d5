"""The market: templates with what each brings, and the one click that installs one."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from builder_ui.house import house, user
from builder_ui.ports import Offer
from builder_ui.rendering import answer, go
from builder_ui.sentences import alert_sentence, routing_sentences, rule_sentence
from engine.model.app import App, Field
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
        facts=_facts(found.app),
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
    offered = _offer(name).app
    roles = [role.name for role in offered.roles.values() if role.name in wanted and not role.portal]
    app_name = house().market.install(name, user().name, roles=roles)
    for field, _roles in _facts(offered):
        if value := request.form.get(f"fact.{field.name}", "").strip():
            house().people.set_fact(user(), house().runtime.program(app_name).app, field.name, value)
    return go(url_for("app.app", app=app_name), "installed")


def _facts(app: App) -> list[tuple[Field, Text]]:
    """What the app must know of a person before some roles see any record, with the titles of these roles."""
    found = []
    for name, field in app.people.items():
        needing = [
            role.title
            for role in app.roles.values()
            if not role.portal
            and any(p.records and name in p.records.users for p in app.permissions.get(role.name, {}).values())
        ]
        if needing:
            found.append((field, Text("、".join(t.zh for t in needing), ", ".join(t.en for t in needing))))
    return found


def _offer(name: str) -> Offer:
    for found in house().market.offers():
        if found.name == name:
            return found
    raise missing()
