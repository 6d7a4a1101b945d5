"""`pull`: run one connection's pulls now, without waiting for their time."""

from __future__ import annotations

import argparse

from engine.commands.connections import connection_settings
from engine.commands.kit import Commands, Context
from engine.model.connector import SourceError
from engine.model.problem import Problem
from engine.model.text import Text


def pull(context: Context, arguments: argparse.Namespace) -> int:
    """Pull each stream of the connection, and say what came."""
    counts = {}
    with context.kit.open(context.settings) as house:
        settings = connection_settings(house.runtime, house.people)(arguments.app, arguments.connection)
        streams = house.runtime.program(arguments.app).app.connections[arguments.connection].pulls
        for stream in streams:
            try:
                came = house.runtime.pull(arguments.app, arguments.connection, stream, settings)
            except SourceError as error:
                title = Text("来源没有按约定回答", "The source did not answer as it should")
                raise Problem(502, error.code, title, error.message, facts=error.facts) from error
            counts[stream] = {"received": came.received, "written": came.written, "waiting": came.waiting}
    if arguments.json:
        context.console.data(counts)
        return 0
    for stream, count in counts.items():
        text = Text(
            "{stream}：收到 {received}，写入 {written}，等待处理 {waiting}",
            "{stream}: {received} received, {written} written, {waiting} waiting",
        )
        context.console.result(text.fill(stream=stream, **count))
    return 0


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    pulling = commands.add_parser("pull", help="run a connection's pulls now")
    pulling.add_argument("app", metavar="APP")
    pulling.add_argument("connection", metavar="CONNECTION")
    pulling.add_argument("--json", action="store_true", help="as JSON")
    pulling.set_defaults(run=pull)
