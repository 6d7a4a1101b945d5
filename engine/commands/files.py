"""`files`: the bytes of attached files go only on purpose. `purge` for what left its records long ago, `erase` for one file at
once, wherever it is."""

from __future__ import annotations

import argparse
import re
from datetime import datetime, timedelta
from getpass import getuser

from engine.commands.kit import Commands, Context
from engine.model.problem import Fault, invalid
from engine.model.text import Text
from engine.runtime.file_care import deleted_before, sweep

_AGE = re.compile(r"(\d{1,5})([dhw])")
_HOURS = {"h": 1, "d": 24, "w": 24 * 7}


def purge(context: Context, arguments: argparse.Namespace) -> int:
    """Say what would go; with --yes remove it."""
    age = _age(arguments.older_than)
    with context.kit.open(context.settings) as house:
        before: datetime = house.runtime.core.now() - age
        if not arguments.yes:
            found = deleted_before(house.runtime.core, before)
            size = sum(file.size for file in found)
            text = Text(
                "有 {n} 个文件（{mb} MB）早已不在任何记录里；加 --yes 就彻底删除，不能恢复",
                "{n} files ({mb} MB) have long been in no record; with --yes they are removed for good",
            )
            context.console.talk(text.fill(n=len(found), mb=round(size / 1e6, 1)))
            return 0
        purged = house.runtime.purge_files(before, getuser())
        sweep(house.runtime.core)
    context.console.result(
        Text("彻底删除了 {n} 个文件，{mb} MB", "{n} files removed, {mb} MB").fill(
            n=purged.count, mb=round(purged.size / 1e6, 1)
        )
    )
    return 0


def erase(context: Context, arguments: argparse.Namespace) -> int:
    """Remove one file with its name, out of its record too."""
    with context.kit.open(context.settings) as house:
        file = house.runtime.erase_file(arguments.file, getuser())
    text = Text(
        "文件 {id} 已彻底删除，记录 {record} 的历史里留有一行", "File {id} is erased; a line of record {record} says so"
    )
    context.console.talk(text.fill(id=file.id, record=file.record or "–"))
    return 0


def _age(text: str) -> timedelta:
    match = _AGE.fullmatch(text)
    if match is None:
        message = Text("写 30d、12h 或 4w 这样的时间", "Write an age such as 30d, 12h or 4w")
        raise invalid((Fault("--older-than", "bad_age", message),))
    return timedelta(hours=int(match[1]) * _HOURS[match[2]])


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    group = commands.add_parser("files", help="the bytes of attached files").add_subparsers(required=True, metavar="COMMAND")
    purging = group.add_parser("purge", help="remove files that left their records long ago")
    purging.add_argument("--older-than", default="30d", metavar="AGE", help="such as 30d, 12h, 4w (default 30d)")
    purging.add_argument("--yes", action="store_true", help="do it; without, only say what would go")
    purging.set_defaults(run=purge)
    erasing = group.add_parser("erase", help="remove one file at once, with its name")
    erasing.add_argument("file", metavar="FILE_ID")
    erasing.set_defaults(run=erase)
