"""From a user to the Actor that the two doors know. Asked anew for each request: no role, fact or freeze is remembered."""

from __future__ import annotations

from types import MappingProxyType

from sqlalchemy import Connection

from engine.model.app import App
from engine.model.change import Actor
from engine.people.facts import stored_facts, typed_facts
from engine.people.roles import held, holders
from engine.people.users import User, user_by_id

__all__ = ["actor_for", "holders", "publisher"]


def actor_for(
    connection: Connection,
    user: User,
    app: App,
    *,
    channel: str,
    ip: str = "",
    device: str = "",
    locale: str = "zh",
    kind: str = "person",
    fresh: bool = False,
) -> Actor:
    """Who acts in this app. Roles are those given to the user that the app still declares and that are not kept for
    portals; a user frozen since has none. `user.locale` goes before `locale`. `kind` is `token` for a program. `fresh`: the
    user was read in this very transaction."""
    current = user if fresh else user_by_id(connection, user.id)
    alive = current is not None and not current.frozen
    person = current or user
    roles = held(connection, user.id, app.name) if alive else frozenset()
    roles = frozenset(role for role in roles if role in app.roles and not app.roles[role].portal)
    facts = typed_facts(app, stored_facts(connection, user.id, app.name)) if alive else dict.fromkeys(app.people)
    facts |= {"name": person.name, "roles": tuple(sorted(roles)), "departments": person.departments, "lead": person.lead}
    return Actor(
        kind=kind,
        user_id=person.id,
        name=person.name,
        roles=roles,
        facts=MappingProxyType(facts),
        channel=channel,
        ip=ip,
        device=device,
        locale=person.locale or locale,
    )


def publisher(user: User, *, channel: str, ip: str = "", device: str = "") -> Actor:
    """Who publishes an app: known by name, id and place; no role in the app is needed for it."""
    return Actor("person", user.id, user.name, frozenset(), MappingProxyType({"name": user.name}), channel, ip, device)
