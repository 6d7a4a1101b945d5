"""`rename`: another name for one thing of a definition in a folder, in every file at once. Shows the lines that change and
writes only when told to. Needs no database: what is published changes by `apply`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

from engine.commands.console import Console
from engine.commands.kit import Commands, Context
from engine.commands.render import diagnostic_json, show_diagnostics
from engine.definition.read import NOT_THE_APP, read_folder
from engine.definition.remember import keeps_data, rename_with_data
from engine.definition.rename import Renamed
from engine.model.problem import Problem
from engine.model.text import Text

# Kept in the house under their names, and not renamed by publishing.
_OF_PEOPLE = ("people.", "roles.")


def rename_command(context: Context, arguments: argparse.Namespace) -> int:
    """Show, and with --write do it."""
    folder: Path = arguments.folder
    files = read_folder(folder)
    catalogue = context.kit.catalogue(context.settings)
    done = rename_with_data(files, arguments.path, arguments.name, catalogue=catalogue, registry=context.kit.registry)
    if arguments.write:
        _write(folder, files, done.files)
    if arguments.json:
        _show_json(context.console, files, done, written=arguments.write)
    else:
        _show(context.console, files, done)
    _say_the_rest(context.console, folder, done, arguments)
    return 0


def _show(console: Console, files: Mapping[str, bytes], done: Renamed) -> None:
    for name in done.edits:
        for mark, number, line in _changed(files[name], done.files[name]):
            console.result(f"{name}:{number}: {mark} {line}")
    show_diagnostics(console, done.notes)


def _show_json(console: Console, files: Mapping[str, bytes], done: Renamed, *, written: bool) -> None:
    lines = [
        {"file": name, "line": number, "mark": mark, "text": line}
        for name in done.edits
        for mark, number, line in _changed(files[name], done.files[name])
    ]
    notes = [diagnostic_json(note, console.locale) for note in done.notes]
    console.data({"written": written, "renamed": list(done.paths), "lines": lines, "notes": notes})


def _changed(before: bytes, after: bytes) -> Iterator[tuple[str, int, str]]:
    """`-`, the number of the line and the line as it was, then `+` and as it will be."""
    old, new = (data.decode("utf-8-sig").split("\n") for data in (before, after))
    for change, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change != "equal":
            yield from (("-", number + 1, old[number].rstrip("\r")) for number in range(first, last))
            yield from (("+", number + 1, new[number].rstrip("\r")) for number in range(start, end))


def _write(folder: Path, read: Mapping[str, bytes], files: Mapping[str, bytes]) -> None:
    """Each file at one stroke, all of them once every one is ready, and none if somebody has changed one meanwhile."""
    if read_folder(folder) != dict(read):
        detail = Text(
            "文件刚刚被改过，什么也没有写；请再来一次", "The files have changed meanwhile; nothing is written. Try again"
        )
        raise Problem(409, "file_changed", Text("文件变了", "The files have changed"), detail)
    changed = {folder / name: data for name, data in files.items() if data != read[name]}
    beside = {there: there.with_name(f".{there.name}.new") for there in changed}
    try:
        for there, data in changed.items():
            beside[there].write_bytes(data)
            beside[there].chmod(there.stat().st_mode & 0o7777)
        for there in changed:
            os.replace(beside[there], there)
    finally:
        for left in beside.values():
            left.unlink(missing_ok=True)


def _say_the_rest(console: Console, folder: Path, done: Renamed, arguments: argparse.Namespace) -> None:
    for path in done.paths:
        if path != arguments.path:
            text = Text("{path} 和它比较，所以一起改名", "{path} is compared with it and renamed along")
            console.talk(text.fill(path=path))
    places = len({(each.span.file, each.start) for each in done.usages})
    counted = Text("{n} 处，{files} 个文件", "places: {n}, files: {files}").fill(n=places, files=len(done.edits))
    console.talk(counted)
    if not arguments.write:
        console.talk(Text("还没有写；加上 --write 才写", "Nothing is written yet; add --write"))
    if any(keeps_data(path) for path in done.paths):
        text = Text(
            "写上了 was:，发布（dajian apply）时数据跟过来；发布以后它不再起作用，可以去掉",
            "was: is written, so that data follows when this is published (dajian apply); after that it does nothing",
        )
        console.talk(text)
    if any(path.startswith(_OF_PEOPLE) for path in done.paths):
        text = Text(
            "只改定义：每个人的资料和角色还在旧名字下，不会跟过来",
            "Only the definition changes: what is known of people, and the roles they hold, stay under the old name",
        )
        console.talk(text)
    for name in sorted(NOT_THE_APP):
        if (folder / name).exists():
            console.talk(
                Text("{name} 不在改名之内，请自己看一看", "{name} is not renamed; look at it yourself").fill(name=name)
            )


def add(commands: Commands) -> None:
    """Hang this command in."""
    renaming = commands.add_parser(
        "rename",
        help="another name for a table, field, choice, state, role …, everywhere; shows what changes, writes with --write",
        description="PATH is where the name stands: tables.orders.fields.amount, tables.orders.flow.states.pending, "
        "tables.orders.fields.level.choices.gold, roles.clerk, people.store, rules.x; a list of children by its link: "
        "tables.order_items.fields.order.inverse. Publishing takes the records along: "
        "the definition says what the thing was.",
    )
    renaming.add_argument("folder", type=Path, metavar="DIR")
    renaming.add_argument("path", metavar="PATH")
    renaming.add_argument("name", metavar="NAME")
    renaming.add_argument("--write", action="store_true", help="write the files; without it they are only shown")
    renaming.add_argument("--json", action="store_true", help="the changes as JSON")
    renaming.set_defaults(run=rename_command)
