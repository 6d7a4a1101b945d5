"""`user add | list | freeze | unfreeze | roles`, `first-login`: who may sign in, and as what."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from engine.commands.kit import Commands, Context, House
from engine.commands.named import named_app, named_user
from engine.model.app import App
from engine.model.problem import Fault, invalid
from engine.model.text import Text
from engine.people.users import User


def add_user(context: Context, arguments: argparse.Namespace) -> int:
    """A new user, with roles and facts. Without a password on standard input, a first-login link is the result."""
    password = context.console.read() if arguments.password_stdin else None
    with context.kit.open(context.settings) as house:
        roles = [(app, role) for app, role in (_role(house, text, "--role") for text in arguments.role)]
        facts = [_fact(house, text) for text in arguments.set]
        user = house.people.add_user(
            arguments.name, title=arguments.title or "", locale=arguments.locale, owner=arguments.owner
        )
        for app, role in roles:
            house.people.grant(user, app, role)
        for app, field, value in facts:
            house.people.set_fact(user, app, field, value)
        if password is not None:
            house.people.set_password(user, password)
            context.console.talk(Text("已添加 {name}", "{name} is added").fill(name=user.name))
        else:
            show_link(context, house, user)
    return 0


def show_link(context: Context, house: House, user: User) -> None:
    """A fresh first-login link, alone on standard output."""
    text = Text(
        "{name} 用这个链接设密码，24 小时内有效，只能用一次：", "{name} sets a password with this link, once, within 24 hours:"
    )
    context.console.talk(text.fill(name=user.name))
    base = context.settings.base_url or context.settings.address
    context.console.result(f"{base}/first/{house.people.first_code(user)}")


def first_login(context: Context, arguments: argparse.Namespace) -> int:
    """A new link for somebody who forgot their password, or never had one."""
    with context.kit.open(context.settings) as house:
        people = house.people
        user = named_user(house, arguments.name) if arguments.name else people.owner() or people.add_user("owner", owner=True)
        show_link(context, house, user)
    return 0


def list_users(context: Context, arguments: argparse.Namespace) -> int:
    """Everybody with what they hold."""
    console = context.console
    with context.kit.open(context.settings) as house:
        rows = [(user, _held(house, user)) for user in house.people.users()]
    if arguments.json:
        console.data(
            [
                {"name": u.name, "title": u.title, "owner": u.owner, "frozen": u.frozen, "roles": roles, "locale": u.locale}
                for u, roles in rows
            ]
        )
        return 0
    heads = (Text("用户", "User"), Text("称呼", "Title"), Text("状态", "State"), Text("角色", "Roles"))
    console.table(heads, [[u.name, u.title, _state(u).to(console.locale), " ".join(roles)] for u, roles in rows])
    return 0


def _state(user: User) -> Text:
    if user.frozen:
        return Text("已冻结", "frozen")
    return Text("所有者", "owner") if user.owner else Text("", "")


def freeze(context: Context, arguments: argparse.Namespace) -> int:
    """Shut out at once, on every channel; or let in again."""
    with context.kit.open(context.settings) as house:
        user = named_user(house, arguments.name)
        house.people.freeze(user, frozen=arguments.frozen)
    done = Text("{name} 已冻结", "{name} is frozen") if arguments.frozen else Text("{name} 已解冻", "{name} is free again")
    context.console.talk(done.fill(name=user.name))
    return 0


def roles(context: Context, arguments: argparse.Namespace) -> int:
    """Give and take roles and facts; the result is what the user holds then."""
    with context.kit.open(context.settings) as house:
        user = named_user(house, arguments.name)
        for app, role in [_role(house, text, "--add") for text in arguments.add]:
            house.people.grant(user, app, role)
        for text in arguments.remove:
            house.people.revoke(user, *_pair(text, "--remove"))
        for app, field, value in [_fact(house, text) for text in arguments.set]:
            house.people.set_fact(user, app, field, value)
        held = _held(house, user)
    if arguments.json:
        context.console.data(held)
    else:
        for role in held:
            context.console.result(role)
    return 0


def _held(house: House, user: User) -> list[str]:
    return [f"{app}.{role}" for app, names in house.people.roles(user).items() for role in names]


def _role(house: House, text: str, option: str) -> tuple[App, str]:
    app, role = _pair(text, option)
    program = house.runtime.program(named_app(house, app))
    if role not in program.app.roles:
        raise _wrong(
            option, "{app} 没有角色 {role}；有：{all}", "{app} has no role {role}; it has {all}", app, role, program.app.roles
        )
    return program.app, role


def _fact(house: House, text: str) -> tuple[App, str, str]:
    name, equals, value = text.partition("=")
    app, field = _pair(name, "--set")
    people = house.runtime.program(named_app(house, app)).app.people
    if not equals or field not in people:
        raise _wrong(
            "--set", "{app} 的人员没有 {role}；有：{all}", "{app} knows no {role} of people; it knows {all}", app, field, people
        )
    return house.runtime.program(app).app, field, value


def _pair(text: str, path: str) -> tuple[str, str]:
    app, dot, name = text.partition(".")
    if not dot or not app or not name:
        message = Text("{text}：写成 应用.名字", "{text}: write APP.NAME").fill(text=text)
        raise invalid((Fault(path, "bad_value", message),))
    return app, name


def _wrong(path: str, zh: str, en: str, app: str, role: str, all_: Iterable[str]) -> Exception:
    return invalid((Fault(path, "unknown_name", Text(zh, en).fill(app=app, role=role, all=", ".join(all_) or "–")),))


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    link = commands.add_parser("first-login", help="a one-time link with which somebody sets their password")
    link.add_argument("name", nargs="?", metavar="NAME", help="default: the owner")
    link.set_defaults(run=first_login)
    group = commands.add_parser("user", help="who may sign in, and as what").add_subparsers(required=True, metavar="COMMAND")
    adding = group.add_parser("add", help="a new user; prints a first-login link unless a password is given")
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("--title", help="how they are greeted")
    adding.add_argument("--locale", help="their language, such as zh_CN or en")
    adding.add_argument("--role", action="append", default=[], metavar="APP.ROLE", help="a role to give")
    adding.add_argument("--set", action="append", default=[], metavar="APP.FIELD=VALUE", help="what an app knows of them")
    adding.add_argument("--owner", action="store_true", help="administers people, secrets and publishing")
    adding.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    adding.set_defaults(run=add_user)
    listing = group.add_parser("list", help="everybody")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=list_users)
    for name, frozen, text in (("freeze", True, "shut a user out at once"), ("unfreeze", False, "let a user in again")):
        freezing = group.add_parser(name, help=text)
        freezing.add_argument("name", metavar="NAME")
        freezing.set_defaults(run=freeze, frozen=frozen)
    _add_roles(group)


def _add_roles(group: Commands) -> None:
    holding = group.add_parser("roles", help="the roles a user holds; give and take them")
    holding.add_argument("name", metavar="NAME")
    holding.add_argument("--add", action="append", default=[], metavar="APP.ROLE", help="a role to give")
    holding.add_argument("--remove", action="append", default=[], metavar="APP.ROLE", help="a role to take away")
    holding.add_argument("--set", action="append", default=[], metavar="APP.FIELD=VALUE", help="what an app knows of them")
    holding.add_argument("--json", action="store_true", help="as JSON")
    holding.set_defaults(run=roles)
