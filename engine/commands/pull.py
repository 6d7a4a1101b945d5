"""`pull`: run one connection's pulls now, without waiting for their time."""

from __future__ import annotations

import argparse

from engine.commands.kit import Commands, Context


def pull(context: Context, arguments: argparse.Namespace) -> int:
    """Pull, and say what came."""
    raise NotImplementedError


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    pulling = commands.add_parser("pull", help="run one pull now")
    pulling.add_argument("app", metavar="APP")
    pulling.add_argument("connection", metavar="CONNECTION")
    pulling.add_argument("--json", action="store_true", help="as JSON")
    pulling.set_defaults(run=pull)
