"""The command line: finds the command, gives it what it needs, and turns what went wrong into words and an exit code.

Exit codes: 0 done, 1 not done (the reason is on standard error), 2 wrong use of the command line, 130 stopped by Ctrl+C.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy.exc import OperationalError

from engine.commands import (
    backup,
    definition,
    demo,
    doctor,
    files,
    journal,
    market,
    publishing,
    pull,
    rename,
    schema,
    secret,
    serve,
    token,
    user,
)
from engine.commands.console import Console
from engine.commands.kit import Context, Kit
from engine.commands.render import show_diagnostics, show_problem
from engine.commands.settings import Settings, SettingsError
from engine.model.diagnostic import DefinitionError
from engine.model.problem import Problem
from engine.model.text import Text
from engine.people.keyfile import KeyProblem


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="dajian", description="Order work declared in YAML: check it, run it, explain it.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    groups = (
        serve,
        demo,
        definition,
        publishing,
        rename,
        schema,
        market,
        user,
        token,
        secret,
        pull,
        journal,
        files,
        backup,
        doctor,
    )
    for group in groups:
        group.add(commands)
    return top


def main(kit: Kit, arguments: Sequence[str] | None = None, *, environ: Mapping[str, str] | None = None) -> int:
    """Run one command and return its exit code."""
    environment = os.environ if environ is None else environ
    chosen = parser().parse_args(arguments)
    console = Console(sys.stdout, sys.stderr, sys.stdin, environment.get("DAJIAN_LOCALE") or "zh_CN")
    try:
        settings = Settings.from_env(environment, Path(".env"))
    except SettingsError as error:
        console.talk(error.text)
        return 1
    console = Console(sys.stdout, sys.stderr, sys.stdin, settings.locale)
    return guarded(console, lambda: int(chosen.run(Context(kit, settings, console), chosen)))


def guarded(console: Console, run: Callable[[], int]) -> int:
    """Run, and say what went wrong if anything did. What is no fault of the caller keeps its traceback."""
    try:
        return run()
    except DefinitionError as error:
        show_diagnostics(console, error.diagnostics)
    except Problem as problem:
        show_problem(console, problem)
    except (KeyProblem, SettingsError) as error:
        console.talk(error.text)
    except OperationalError as error:
        text = Text(
            "数据库打不开：{why}。请检查 DAJIAN_DATABASE_URL", "The database does not open: {why}. Check DAJIAN_DATABASE_URL"
        )
        console.talk(text.fill(why=error.orig))
    except FileNotFoundError as error:
        console.talk(Text("没有文件 {file}", "There is no file {file}").fill(file=error.filename))
    except BrokenPipeError:
        # Whoever reads has had enough (`| head`). What is still in the buffer must not fail again when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 1
