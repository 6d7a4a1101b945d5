"""`journal show | explain`: what happened to a record, and why a value is what it is; through the eyes of a user, like
everywhere."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from engine.commands.kit import Commands, Context
from engine.commands.market import acting
from engine.commands.named import named_app
from engine.model.text import Text

Line = Mapping[str, Any]


def show(context: Context, arguments: argparse.Namespace) -> int:
    """The record's life line, oldest first."""
    lines = _history(context, arguments)
    if arguments.json:
        context.console.data(lines)
        return 0
    for line in lines:
        _write(context, line)
    return 0


def explain(context: Context, arguments: argparse.Namespace) -> int:
    """The last change of a field, then what caused it, back to its root; 1 when the field never changed."""
    lines = _history(context, arguments)
    last = [line for line in lines if any(change["field"] == arguments.field for change in line["changes"])][-1:]
    chain = _causes(lines, last[0]) if last else []
    if arguments.json:
        context.console.data(chain)
    elif chain:
        for line in chain:
            _write(context, line)
    else:
        text = Text("{field} 没有变过", "{field} never changed").fill(field=arguments.field)
        context.console.talk(text)
    return 0 if chain else 1


def _causes(lines: Sequence[Line], line: Line) -> list[Line]:
    by_id = {entry["id"]: entry for entry in lines}
    chain = [line]
    while (cause := by_id.get(chain[-1]["cause"])) is not None and cause not in chain:
        chain.append(cause)
    return chain


def _history(context: Context, arguments: argparse.Namespace) -> list[Line]:
    with context.kit.open(context.settings) as house:
        app = house.runtime.program(named_app(house, arguments.app)).app
        user = acting(house, arguments.user)
        actor = house.people.actor(user, app, channel="console", locale=context.settings.locale)
        return list(house.runtime.history(arguments.app, arguments.table, arguments.id, actor))


def _write(context: Context, line: Line) -> None:
    rule = f" ← {line['rule']['path']}" if line.get("rule") else ""
    context.console.result(f"{line['at']}  {line['actor']}  {line['title']}{rule}")
    for change in line["changes"]:
        context.console.result(f"    {change['title']}: {change['before'] or '–'} → {change['after'] or '–'}")


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    group = commands.add_parser("journal", help="what happened, and why").add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (("show", show, "the life line of a record"), ("explain", explain, "why a field is what it is")):
        parser = group.add_parser(name, help=text)
        parser.add_argument("app", metavar="APP")
        parser.add_argument("table", metavar="TABLE")
        parser.add_argument("id", metavar="ID")
        if name == "explain":
            parser.add_argument("field", metavar="FIELD")
        parser.add_argument("--as", dest="user", metavar="USER", help="through whose eyes (default: the owner's)")
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.set_defaults(run=run)
