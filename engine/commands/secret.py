"""`secret set | list | forget`: what connections need and nobody may read back. A value comes from standard input only, so it
stands neither in the shell's history nor in the list of processes."""

from __future__ import annotations

import argparse

from engine.commands.kit import Commands, Context
from engine.model.text import Text


def set_secret(context: Context, arguments: argparse.Namespace) -> int:
    """Seal and keep."""
    if context.console.source.isatty():
        context.console.talk(Text("输入密钥，按 Ctrl+D 结束：", "Type the secret, then Ctrl+D:"))
    value = context.console.read()
    with context.kit.open(context.settings) as house:
        house.people.set_secret(arguments.name, value)
    context.console.talk(Text("{name} 已保存", "{name} is kept").fill(name=arguments.name))
    return 0


def list_secrets(context: Context, arguments: argparse.Namespace) -> int:
    """Names only."""
    with context.kit.open(context.settings) as house:
        names = house.people.secret_names()
    if arguments.json:
        context.console.data(names)
    else:
        for name in names:
            context.console.result(name)
    return 0


def forget(context: Context, arguments: argparse.Namespace) -> int:
    """Remove."""
    with context.kit.open(context.settings) as house:
        house.people.forget_secret(arguments.name)
    context.console.talk(Text("{name} 已删除", "{name} is removed").fill(name=arguments.name))
    return 0


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    group = commands.add_parser("secret", help="secrets of connections").add_subparsers(required=True, metavar="COMMAND")
    setting = group.add_parser("set", help="keep a secret, read from standard input")
    setting.add_argument("name", metavar="NAME")
    setting.set_defaults(run=set_secret)
    listing = group.add_parser("list", help="names of the secrets kept")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=list_secrets)
    forgetting = group.add_parser("forget", help="remove a secret")
    forgetting.add_argument("name", metavar="NAME")
    forgetting.set_defaults(run=forget)
