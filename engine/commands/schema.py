"""`schema`: the JSON Schema of definitions, for an editor that has no copy of it."""

from __future__ import annotations

import argparse

from engine.commands.kit import Commands, Context
from engine.definition.published import published


def schema(context: Context, arguments: argparse.Namespace) -> int:
    """Print it."""
    context.console.data(published(context.kit.registry))
    return 0


def add(commands: Commands) -> None:
    """Hang this command in."""
    printing = commands.add_parser("schema", help="print the JSON Schema of definitions, for editors")
    printing.set_defaults(run=schema)
