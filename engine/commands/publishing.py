"""`plan`, `apply`, `rollback`, `purge`: what publishing would do, doing it, going back, and deleting what was put away."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from engine.commands.called import called_anew, renamings
from engine.commands.console import Console
from engine.commands.kit import Commands, Context, House
from engine.commands.named import named_app
from engine.commands.plan import changes
from engine.commands.render import diagnostic_json, in_order, show_diagnostics
from engine.definition.read import read_folder
from engine.model.app import App
from engine.model.change import Actor
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity
from engine.model.problem import Problem
from engine.model.text import Text
from engine.people.actors import publisher
from engine.runtime.rollback import Older
from engine.storage.migrate import Hidden, PlanStep, Risk, Wanted, declared
from engine.storage.revisions import load_revision

_MARKS = {
    Risk.SAFE: Text("", ""),
    Risk.COPYING: Text("转换：", "copying: "),
    Risk.LOSING: Text("丢失：", "LOSING: "),
    Risk.REFUSED: Text("拒绝：", "REFUSED: "),
}
_WHY = {
    "dropped": Text("定义里去掉了", "taken out of the definition"),
    "replaced": Text("换了类型，这是旧值", "its type changed; the old values"),
    "unfinished": Text("一次没有做完的发布留下的", "left by a publish that was broken off"),
}
_FIRST = Text(
    "没有发布，什么都没有动：请先解决上面写着「拒绝」的",
    "Not published, nothing is touched: first put right what says REFUSED above",
)
_ALLOW = Text(
    "没有发布，什么都没有动：请先改好写着「丢失」的记录；要让这些值变空，请加 --allow-losing",
    "Not published, nothing is touched: first put right the records after LOSING, or let these values be emptied with "
    "--allow-losing",
)
_DAYS = re.compile(r"([0-9]{1,5})d")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What would happen to the tables, what changes beside them, and what is wrong with parts that the app can do without."""

    app: App
    steps: Sequence[PlanStep]
    lines: Sequence[Text]
    problems: Sequence[Diagnostic]

    def stopped(self, *, allow_losing: bool) -> bool:
        """Is there a step that cannot be done, or that was not allowed?"""
        bad = {Risk.REFUSED} if allow_losing else {Risk.REFUSED, Risk.LOSING}
        return any(step.risk in bad for step in self.steps)


def plan_command(context: Context, arguments: argparse.Namespace) -> int:
    """Show what publishing would change; 1 when it would be refused."""
    files = read_folder(arguments.folder)
    with context.kit.open(context.settings) as house:
        plan = _plan(house, files)
    if arguments.json:
        _plan_json(context.console, plan)
    else:
        _show_plan(context.console, plan)
    return 1 if plan.stopped(allow_losing=True) else 0


def apply(context: Context, arguments: argparse.Namespace) -> int:
    """Show the plan, ask, publish."""
    files = read_folder(arguments.folder)
    with context.kit.open(context.settings) as house:
        plan = _plan(house, files)
        if not _agreed(context.console, plan, arguments):
            return 1
        published = house.runtime.publish(files, _actor(house), allow_losing=arguments.allow_losing)
    done = Text("{app} 已发布，第 {n} 版", "{app} is published, revision {n}").fill(app=published.app, n=published.revision)
    context.console.talk(done)
    return 0


def rollback(context: Context, arguments: argparse.Namespace) -> int:
    """The same with an older definition."""
    with context.kit.open(context.settings) as house:
        to = house.runtime.older(named_app(house, arguments.app), arguments.revision)
        plan = _plan(house, to.files, to)
        if not _agreed(context.console, plan, arguments):
            return 1
        published = house.runtime.rollback(to, _actor(house), allow_losing=arguments.allow_losing)
    done = Text("{app} 回到了第 {old} 版的定义，记为第 {n} 版", "{app} runs as in revision {old} again, as revision {n}")
    context.console.talk(done.fill(app=published.app, old=to.revision, n=published.revision))
    return 0


def purge(context: Context, arguments: argparse.Namespace) -> int:
    """List what was put away, ask, delete it."""
    console = context.console
    with context.kit.open(context.settings) as house:
        found = house.runtime.hidden(named_app(house, arguments.app), arguments.older_than)
        if arguments.json:
            console.data([_hidden_json(each) for each in found])
        for each in () if arguments.json else found:
            console.result(_hidden_line(each))
        if not found:
            console.talk(Text("没有收起来的东西", "Nothing is put away"))
            return 0
        question = Text("永远删除？输入 yes 确认：", "Delete for good? Type yes to confirm:")
        if not arguments.yes and not _says_yes(console, question):
            console.talk(Text("什么也没有删", "Nothing is deleted"))
            return 1
        house.runtime.purge(arguments.app, found)
    console.talk(Text("删掉了 {n} 项", "Deleted: {n}").fill(n=len(found)))
    return 0


def _agreed(console: Console, plan: _Plan, arguments: argparse.Namespace) -> bool:
    _show_plan(console, plan)
    if plan.stopped(allow_losing=arguments.allow_losing):
        refused = plan.stopped(allow_losing=True)
        console.talk(_FIRST if refused else _ALLOW)
        return False
    if arguments.yes or _says_yes(console, Text("发布？输入 yes 确认：", "Publish? Type yes to confirm:")):
        return True
    console.talk(Text("没有发布", "Not published"))
    return False


def _says_yes(console: Console, question: Text) -> bool:
    console.talk(question)
    return console.source.readline().strip().lower() in ("yes", "y")


def _actor(house: House) -> Actor:
    owner = house.people.owner()
    if owner is not None:
        return publisher(owner, channel="command")
    return Actor("person", None, "console", frozenset(), {}, "command")


def _plan(house: House, files: Mapping[str, bytes], to: Older | None = None) -> _Plan:
    loaded = house.runtime.check(files)
    if loaded.app is None:
        raise DefinitionError(loaded.diagnostics)
    running = _running(house, loaded.app, declared(loaded.app) if to is None else to.wanted)
    problems = in_order(loaded.diagnostics, Severity.ERROR, Severity.WARNING, Severity.NOTE)
    steps = house.runtime.plan(files) if to is None else house.runtime.plan_rollback(to)
    return _Plan(loaded.app, steps, changes(running, loaded.app), problems)


def _running(house: House, coming: App, wanted: Wanted) -> App | None:
    """The definition that runs, under the names of the one that comes; None when there is none, or none that can be read."""
    core = house.runtime.core
    with house.database.read() as connection:
        try:
            program = core.program(coming.name, connection)
        except Problem:
            return None
        files = load_revision(connection, coming.name, program.revision).files
    return called_anew(files, program.app, renamings(coming, wanted), core.catalogue, core.registry)


def _plan_json(console: Console, plan: _Plan) -> None:
    say = console.locale
    tables = [
        {
            "risk": str(step.risk),
            "table": step.table,
            "path": step.path,
            "rows": step.rows,
            "examples": list(step.examples),
            "message": step.message.to(say),
        }
        for step in plan.steps
    ]
    problems = [diagnostic_json(problem, say) for problem in plan.problems]
    lines = [line.to(say) for line in plan.lines]
    console.data({"app": plan.app.name, "tables": tables, "changes": lines, "diagnostics": problems})


def _show_plan(console: Console, plan: _Plan) -> None:
    if any(problem.severity is Severity.ERROR for problem in plan.problems):
        console.result(Text("有错的部分发布时会搁置，其余照常运行：", "Set aside on publishing, and why; the rest runs:"))
    show_diagnostics(console, plan.problems)
    for step in plan.steps:
        console.result(_MARKS[step.risk].to(console.locale) + step.message.to(console.locale))
    for line in plan.lines:
        console.result(line)
    if not plan.steps and not plan.lines:
        console.result(Text("没有变化", "Nothing changes"))


def _hidden_line(each: Hidden) -> Text:
    what = each.table if each.column is None else f"{each.table}.{each.name}"
    text = Text(
        "{what}：{why}，{since} 起收起，{n} 条记录有值",
        "{what}: {why}, put away since {since}, {n} {n|record|records} with values",
    )
    return text.fill(what=what, why=_WHY[each.why], since=f"{each.since:%Y-%m-%d}", n=each.rows)


def _hidden_json(each: Hidden) -> dict[str, object]:
    name = None if each.column is None else each.name
    return {"table": each.table, "field": name, "why": each.why, "since": each.since.isoformat(), "rows": each.rows}


def _age(text: str) -> timedelta:
    match = _DAYS.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError("a number of days such as 30d")
    return timedelta(days=int(match[1]))


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    planning = commands.add_parser("plan", help="what publishing would change; nothing is written")
    planning.add_argument("folder", type=Path, metavar="DIR")
    planning.add_argument("--json", action="store_true", help="the plan as JSON")
    planning.set_defaults(run=plan_command)
    applying = commands.add_parser("apply", help="publish a definition")
    applying.add_argument("folder", type=Path, metavar="DIR")
    back = commands.add_parser("rollback", help="publish an older definition again, as a new revision")
    back.add_argument("app", metavar="APP")
    back.add_argument("revision", type=int, nargs="?", metavar="REVISION", help="default: the one before the running one")
    for each, run in ((applying, apply), (back, rollback)):
        each.add_argument("--yes", action="store_true", help="do not ask")
        each.add_argument("--allow-losing", action="store_true", help="empty the values that cannot be converted")
        each.set_defaults(run=run)
    purging = commands.add_parser("purge", help="delete for good what no definition names any more")
    purging.add_argument("app", metavar="APP")
    purging.add_argument("--older-than", type=_age, metavar="30d", help="only what was put away so long ago")
    purging.add_argument("--yes", action="store_true", help="do not ask")
    purging.add_argument("--json", action="store_true", help="the list as JSON")
    purging.set_defaults(run=purge)
