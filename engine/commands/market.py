"""`market`, `install`: what can be had, and having it."""

from __future__ import annotations

import argparse

from engine.commands.kit import Commands, Context, House
from engine.model.problem import Problem
from engine.model.text import Text
from engine.people.actors import publisher
from engine.people.users import User


def listing(context: Context, arguments: argparse.Namespace) -> int:
    """The templates with version and title."""
    console = context.console
    with context.kit.open(context.settings) as house:
        offers, installed = house.market.offers(), house.runtime.apps()
    if arguments.json:
        console.data(
            [
                {
                    "name": offer.name,
                    "version": offer.version,
                    "title": offer.title.to(console.locale),
                    "roles": list(offer.app.roles),
                    "installed": offer.app.name in installed,
                }
                for offer in offers
            ]
        )
        return 0
    heads = (Text("模板", "Template"), Text("版本", "Version"), Text("名称", "Title"), Text("已装", "Installed"))
    mark = Text("是", "yes").to(console.locale)
    rows = [[o.name, o.version, o.title.to(console.locale), mark if o.app.name in installed else ""] for o in offers]
    console.table(heads, rows)
    return 0


def install(context: Context, arguments: argparse.Namespace) -> int:
    """Publish a template; the installer takes the roles they name."""
    with context.kit.open(context.settings) as house:
        user = acting(house, arguments.user)
        app = house.market.install(arguments.template, publisher(user, channel="command"), roles=arguments.role)
        roles = house.runtime.program(app).app.roles
    context.console.talk(Text("{app} 装好了", "{app} is installed").fill(app=app))
    if not arguments.role:
        hint = Text(
            "{user} 还没有角色，什么也看不到。可以：dajian user roles {user} --add {app}.{role}",
            "{user} holds no role yet and sees nothing. For example: dajian user roles {user} --add {app}.{role}",
        )
        context.console.talk(hint.fill(user=user.name, app=app, role=next(iter(roles), "…")))
    return 0


def acting(house: House, name: str | None) -> User:
    """In whose name a command acts: the user named, else the owner. Raises Problem."""
    if name is not None:
        return house.people.user(name)
    owner = house.people.owner()
    if owner is None:
        raise Problem(
            409,
            "no_owner",
            Text("还没有所有者", "There is no owner yet"),
            Text("先执行 dajian user add NAME --owner", "First: dajian user add NAME --owner"),
        )
    return owner


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    market = commands.add_parser("market", help="the templates that can be installed")
    market.add_argument("list", nargs="?", choices=["list"], help="the same")
    market.add_argument("--json", action="store_true", help="as JSON")
    market.set_defaults(run=listing)
    installing = commands.add_parser("install", help="install a template from the market")
    installing.add_argument("template", metavar="TEMPLATE")
    installing.add_argument("--as", dest="user", metavar="USER", help="who installs it (default: the owner)")
    installing.add_argument("--role", action="append", default=[], metavar="ROLE", help="a role that the installer takes")
    installing.set_defaults(run=install)
