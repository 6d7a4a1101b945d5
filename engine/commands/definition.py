"""`check`, `plan`, `apply`, `export`: a definition between a folder and the house. `check` needs no database and changes nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.commands.kit import Context
from engine.commands.render import diagnostic_json, in_order, show_diagnostics
from engine.definition.load import load
from engine.market.folder import definition_files
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity
from engine.model.text import Text


def check(context: Context, arguments: argparse.Namespace) -> int:
    """Read and check; 1 when there are errors (with --strict: or warnings)."""
    try:
        loaded = load(definition_files(arguments.folder), context.kit.catalogue(context.settings), context.kit.registry)
        diagnostics = loaded.diagnostics
    except DefinitionError as error:
        diagnostics = error.diagnostics
    console = context.console
    bad = in_order(diagnostics, Severity.ERROR, *([Severity.WARNING] if arguments.strict else []))
    if arguments.json:
        everything = in_order(diagnostics, *Severity)
        console.data({"ok": not bad, "diagnostics": [diagnostic_json(d, console.locale) for d in everything]})
    else:
        show_diagnostics(console, diagnostics)
        console.talk(_summary(diagnostics))
    return 1 if bad else 0


def _summary(diagnostics: tuple[Diagnostic, ...]) -> Text:
    errors, warnings = (len(in_order(diagnostics, severity)) for severity in (Severity.ERROR, Severity.WARNING))
    if not errors and not warnings:
        return Text("没有问题", "No problems")
    return Text("{e} 个错误，{w} 个警告", "errors: {e}, warnings: {w}").fill(e=errors, w=warnings)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Hang this group's commands in."""
    checking = commands.add_parser("check", help="read and check a definition; exit 1 on errors")
    checking.add_argument("folder", type=Path, metavar="DIR")
    checking.add_argument("--json", action="store_true", help="the problems as JSON")
    checking.add_argument("--strict", action="store_true", help="warnings are errors")
    checking.set_defaults(run=check)
