"""`check`, `plan`, `apply`, `export`: a definition between a folder and the house. `check` needs no database and changes
nothing."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.commands.console import Console
from engine.commands.kit import Commands, Context, House
from engine.commands.plan import changes
from engine.commands.render import diagnostic_json, in_order, show_diagnostics
from engine.definition.load import load
from engine.definition.read import read_folder
from engine.model.app import App
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity
from engine.model.problem import Problem
from engine.model.text import Text
from engine.storage.migrate import PlanStep, Risk
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


def plan_command(context: Context, arguments: argparse.Namespace) -> int:
    """Show what publishing would change; 1 when it would be refused."""
    files = read_folder(arguments.folder)
    with context.kit.open(context.settings) as house:
        plan = _plan(house, files)
    if arguments.json:
        _plan_json(context.console, plan)
    else:
        _show_plan(context.console, plan)
    return 1 if plan.refused else 0


def apply(context: Context, arguments: argparse.Namespace) -> int:
    """Show the plan, ask, publish."""
    files = read_folder(arguments.folder)
    with context.kit.open(context.settings) as house:
        plan = _plan(house, files)
        _show_plan(context.console, plan)
        if plan.refused:
            return 1
        if not arguments.yes:
            context.console.talk(Text("发布？输入 yes 确认：", "Publish? Type yes to confirm:"))
            if context.console.source.readline().strip().lower() not in ("yes", "y"):
                context.console.talk(Text("没有发布", "Not published"))
                return 1
        owner = house.people.owner()
        published = house.runtime.publish(files, owner.name if owner else "console")
    done = Text("{app} 已发布，第 {n} 版", "{app} is published, revision {n}").fill(app=published.app, n=published.revision)
    context.console.talk(done)
    return 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """What would happen to the tables, what changes beside them, and what is wrong with parts that the app can do without."""

    app: App
    steps: Sequence[PlanStep]
    lines: Sequence[Text]
    problems: Sequence[Diagnostic]

    @property
    def refused(self) -> bool:
        """Is there a step that cannot be done?"""
        return any(step.risk is Risk.REFUSED for step in self.steps)


def _plan(house: House, files: Mapping[str, bytes]) -> _Plan:
    loaded = house.runtime.check(files)
    if loaded.app is None:
        raise DefinitionError(loaded.diagnostics)
    running = house.runtime.program(loaded.app.name).app if loaded.app.name in house.runtime.apps() else None
    problems = in_order(loaded.diagnostics, Severity.ERROR, Severity.WARNING, Severity.NOTE)
    return _Plan(loaded.app, house.runtime.plan(files), changes(running, loaded.app), problems)


def _plan_json(console: Console, plan: _Plan) -> None:
    say = console.locale
    tables = [{"risk": str(step.risk), "message": step.message.to(say)} for step in plan.steps]
    problems = [diagnostic_json(problem, say) for problem in plan.problems]
    lines = [line.to(say) for line in plan.lines]
    console.data({"app": plan.app.name, "tables": tables, "changes": lines, "diagnostics": problems})


def _show_plan(console: Console, plan: _Plan) -> None:
    if any(problem.severity is Severity.ERROR for problem in plan.problems):
        console.result(Text("有错的部分发布时会搁置，其余照常运行：", "Set aside on publishing, and why; the rest runs:"))
    show_diagnostics(console, plan.problems)
    for step in plan.steps:
        mark = Text("拒绝：", "REFUSED: ") if step.risk is Risk.REFUSED else Text("", "")
        console.result(mark.to(console.locale) + step.message.to(console.locale))
    for line in plan.lines:
        console.result(line)
    if not plan.steps and not plan.lines:
        console.result(Text("没有变化", "Nothing changes"))


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
    planning = commands.add_parser("plan", help="what publishing would change; nothing is written")
    planning.add_argument("folder", type=Path, metavar="DIR")
    planning.add_argument("--json", action="store_true", help="the plan as JSON")
    planning.set_defaults(run=plan_command)
    applying = commands.add_parser("apply", help="publish a definition")
    applying.add_argument("folder", type=Path, metavar="DIR")
    applying.add_argument("--yes", action="store_true", help="do not ask")
    applying.set_defaults(run=apply)
    exporting = commands.add_parser("export", help="the published definition, byte for byte")
    exporting.add_argument("app", metavar="APP")
    exporting.add_argument("folder", type=Path, metavar="DIR")
    exporting.set_defaults(run=export)
