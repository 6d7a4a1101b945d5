"""`token add | list | revoke`: programs that act as a person."""

from __future__ import annotations

import argparse

from engine.commands.kit import Commands, Context
from engine.commands.named import named_user
from engine.model.problem import missing
from engine.model.text import Text


def add_token(context: Context, arguments: argparse.Namespace) -> int:
    """Make a token; it is printed this once, alone on standard output."""
    with context.kit.open(context.settings) as house:
        user = named_user(house, arguments.user)
        token_id, token = house.people.issue_token(user, arguments.name)
    if arguments.json:
        context.console.data({"id": token_id, "name": arguments.name, "user": user.name, "token": token})
    else:
        context.console.talk(Text("令牌只显示这一次：", "The token is shown this once:"))
        context.console.result(token)
    return 0


def list_tokens(context: Context, arguments: argparse.Namespace) -> int:
    """All tokens, without their text."""
    with context.kit.open(context.settings) as house:
        tokens = house.people.tokens()
    rows = [
        {
            "id": token.id,
            "user": token.user,
            "name": token.name,
            "created_at": token.created_at.isoformat(timespec="seconds"),
            "last_used": token.last_used.isoformat(timespec="seconds") if token.last_used else None,
        }
        for token in tokens
    ]
    if arguments.json:
        context.console.data(rows)
        return 0
    heads = (
        Text("编号", "Id"),
        Text("用户", "User"),
        Text("名字", "Name"),
        Text("创建", "Made"),
        Text("上次使用", "Last used"),
    )
    context.console.table(heads, [[str(value or "") for value in row.values()] for row in rows])
    return 0


def revoke(context: Context, arguments: argparse.Namespace) -> int:
    """Dead from the next request on."""
    with context.kit.open(context.settings) as house:
        if not house.people.revoke_token(arguments.id):
            raise missing()
    context.console.talk(Text("令牌已吊销", "The token is revoked"))
    return 0


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    group = commands.add_parser("token", help="API tokens").add_subparsers(required=True, metavar="COMMAND")
    adding = group.add_parser("add", help="a new token, printed this once")
    adding.add_argument("user", metavar="USER")
    adding.add_argument("--name", default="api", help="what it is for (default: api)")
    adding.add_argument("--json", action="store_true", help="as JSON")
    adding.set_defaults(run=add_token)
    listing = group.add_parser("list", help="all tokens, without their text")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=list_tokens)
    revoking = group.add_parser("revoke", help="end a token at once")
    revoking.add_argument("id", metavar="ID")
    revoking.set_defaults(run=revoke)
