"""The market: templates with what each brings, and the one click that installs one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request, url_for

from builder_ui.house import device, house, ip, user
from builder_ui.rendering import answer, go
from engine.definition.sentences import alert_sentence, routing_sentences, rule_sentence
from engine.market.market import Offer
from engine.model.app import App, Field
from engine.model.problem import missing, refused
from engine.model.text import Text
from engine.people.actors import publisher

pages = Blueprint("market", __name__)


@pages.get("/market")
def market() -> Response:
    """All templates as cards."""
    return answer("market.html", place="market", offers=house().market.offers(), installed=house().runtime.apps())


@pages.get("/market/<name>")
def offer(name: str) -> Response:
    """One template: what it brings, in sentences, and the install form."""
    found = _offer(name)
    first = next((role.name for role in found.app.roles.values() if not role.portal), "")
    return _page(found, ticked={first}, given={}, lacking=())


def _page(found: Offer, *, ticked: set[str], given: Mapping[str, str], lacking: Collection[str]) -> Response:
    """The page; `lacking`: person fields without which a role ticked would see nothing, told in the form (422)."""
    app, registry = found.app, house().runtime.core.registry
    pending = {diagnostic.path for diagnostic in app.pending}
    return answer(
        "offer.html",
        422 if lacking else 200,
        place="market",
        offer=found,
        installed=found.name in house().runtime.apps(),
        ticked=ticked,
        given=given,
        lacking=lacking,
        roles=[role for role in app.roles.values() if not role.portal],
        facts=_facts(found.app),
        sentences=[
            *((r.title, routing_sentences(app, r), f"routing.{r.name}" not in pending) for r in app.routings),
            *((rule.title, [rule_sentence(app, rule, registry)], True) for rule in app.rules),
            *((a.title, [alert_sentence(app, a, registry)], f"alerts.{a.name}" not in pending) for a in app.alerts),
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
    offered = _offer(name)
    roles = [role.name for role in offered.app.roles.values() if role.name in wanted and not role.portal]
    facts = _facts(offered.app)
    given = {need.field.name: request.form.get(f"fact.{need.field.name}", "").strip() for need in facts}
    lacking = [need.field.name for need in facts if set(need.roles) & set(roles) and not given[need.field.name]]
    if lacking:
        return _page(offered, ticked=set(roles), given=given, lacking=lacking)
    app_name = house().market.install(name, publisher(user(), channel="page", ip=ip(), device=device()), roles=roles)
    for field, value in given.items():
        if value:
            house().people.set_fact(user(), house().runtime.program(app_name).app, field, value)
    return go(url_for("app.app", app=app_name), "installed")


@dataclass(frozen=True, slots=True)
class Need:
    """A person field that some roles' scopes read: while it is empty they see nothing."""

    field: Field
    roles: tuple[str, ...]
    titles: Text


def _facts(app: App) -> list[Need]:
    """What the app must know of a person before some roles see any record."""
    found = []
    for name, field in app.people.items():
        needing = [
            role
            for role in app.roles.values()
            if not role.portal
            and any(p.records and name in p.records.users for p in app.permissions.get(role.name, {}).values())
        ]
        if needing:
            titles = Text("、".join(r.title.zh for r in needing), ", ".join(r.title.en for r in needing))
            found.append(Need(field, tuple(role.name for role in needing), titles))
    return found


def _offer(name: str) -> Offer:
    for found in house().market.offers():
        if found.name == name:
            return found
    raise missing()
