"""`check`, `export`: a definition and what is wrong with it, and the published one byte for byte. `check` needs no database."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from engine.commands.kit import Commands, Context
from engine.commands.render import diagnostic_json, in_order, show_diagnostics
from engine.definition.load import load
from engine.definition.read import read_folder
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity
from engine.model.problem import Problem
from engine.model.text import Text
from engine.storage.revisions import active_revision, load_revision


def check(context: Context, arguments: argparse.Namespace) -> int:
    """Read and check; 1 when there are errors (with --strict: or warnings)."""
    try:
        loaded = load(read_folder(arguments.folder), context.kit.catalogue(context.settings), context.kit.registry)
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


def _summary(diagnostics: Sequence[Diagnostic]) -> Text:
    errors, warnings = (len(in_order(diagnostics, severity)) for severity in (Severity.ERROR, Severity.WARNING))
    undecided = len(in_order(diagnostics, Severity.NOTE))
    if not errors and not warnings and undecided:
        return Text("没有问题；有 {n} 处不能判定", "No problems; undecided: {n}").fill(n=undecided)
    if not errors and not warnings:
        return Text("没有问题", "No problems")
    return Text("{e} 个错误，{w} 个警告", "errors: {e}, warnings: {w}").fill(e=errors, w=warnings)


def export(context: Context, arguments: argparse.Namespace) -> int:
    """Write the published definition's files into a folder, byte for byte; refuses a folder that has any of them."""
    with context.kit.open(context.settings) as house, house.database.read() as connection:
        number = active_revision(connection, arguments.app)
        if number is None:
            raise Problem(
                404,
                "unknown_app",
                Text("没有这个应用", "No such app"),
                Text("没有应用 {app}", "There is no app {app}").fill(app=arguments.app),
            )
        files = load_revision(connection, arguments.app, number).files
    folder: Path = arguments.folder
    there = sorted(name for name in files if (folder / name).exists())
    if there:
        detail = Text("{file} 已存在；请换一个空文件夹", "{file} exists; choose an empty folder").fill(file=folder / there[0])
        raise Problem(409, "file_exists", Text("文件已存在", "The file exists"), detail)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        context.console.result(str(folder / name))
    return 0


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    checking = commands.add_parser("check", help="read and check a definition; exit 1 on errors")
    checking.add_argument("folder", type=Path, metavar="DIR")
    checking.add_argument("--json", action="store_true", help="the problems as JSON")
    checking.add_argument("--strict", action="store_true", help="warnings are errors")
    checking.set_defaults(run=check)
    exporting = commands.add_parser("export", help="the published definition, byte for byte")
    exporting.add_argument("app", metavar="APP")
    exporting.add_argument("folder", type=Path, metavar="DIR")
    exporting.set_defaults(run=export)
