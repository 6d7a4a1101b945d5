"""`backup` and `restore`: the whole house in one file, made while it runs, tried at once, and put back all or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.commands.kit import Commands, Context
from engine.model.problem import Problem
from engine.model.text import Text
from engine.runtime import exchange
from engine.runtime.exchange import BEFORE
from engine.runtime.restore import fill
from engine.storage.archive import ArchiveReader
from engine.storage.blobs import Blobs


def backup(context: Context, arguments: argparse.Namespace) -> int:
    """Write the file and try it."""
    path = Path(arguments.file)
    with context.kit.open(context.settings) as house:
        made = house.runtime.back_up(path)
        if not arguments.no_verify:
            house.runtime.check_backup(path)
    text = Text(
        "{file}：{tables} 张表，{rows} 行，{files} 个附件，{mb} MB",
        "{file}: {tables} tables, {rows} rows, {files} files, {mb} MB",
    )
    facts = {"tables": made.tables, "rows": made.rows, "files": made.files}
    context.console.result(text.fill(file=path, mb=round(made.size / 1e6, 1), **facts))
    context.console.talk(_KEY.fill(key=context.settings.key_file))
    return 0


_KEY = Text(
    "密钥文件 {key} 不在备份里：请另存一份，放在别处。没有它，恢复后的连接密钥打不开",
    "The key file {key} is not in the backup: keep a copy of it elsewhere. Without it the secrets of connections stay shut",
)


def restore(context: Context, arguments: argparse.Namespace) -> int:
    """Check the file, fill a new database, then put it in the place of the old one."""
    settings, kit = context.settings, context.kit
    with ArchiveReader(Path(arguments.file)) as archive:
        archive.verify()
        if not arguments.yes and exchange.is_taken(settings.database_url):
            raise _taken()
        count = exchange.put_files(archive, Blobs(settings.data_dir / "files"))
        catalogue = kit.catalogue(settings)
        stocked = exchange.replace(settings.database_url, lambda connection: fill(connection, archive, kit.registry, catalogue))
    text = Text(
        "已恢复：{rows} 行，{files} 个附件，历史 {journal} 行；应用：{apps}",
        "Restored: {rows} rows, {files} files, {journal} lines of history; apps: {apps}",
    )
    apps = ", ".join(stocked.apps) or "–"
    context.console.result(text.fill(rows=stocked.rows, files=count, journal=stocked.journal, apps=apps))
    context.console.talk(_TOKENS)
    if settings.database_url.startswith("sqlite"):
        context.console.talk(
            Text("原来的数据库（如有）留在 …{name}", "What was there before, if anything, is kept as …{name}").fill(name=BEFORE)
        )
    if not settings.key_file.exists():
        context.console.talk(_BRING.fill(key=settings.key_file))
    return 0


_TOKENS = Text(
    "所有人要重新登录。备份之后才吊销的令牌、冻结的用户、收回的角色又有效了：请用 dajian token list、dajian user list 核对",
    "Everybody signs in again. Tokens revoked, users frozen and roles taken away since the backup are back: look through "
    "dajian token list and dajian user list",
)
_BRING = Text(
    "请把原来的密钥文件放到 {key} 再启动；没有它，已存的连接密钥打不开",
    "Put the original key file at {key} before you start: without it the secrets of connections stay shut",
)


def _taken() -> Problem:
    detail = Text(
        "这里已经有一套数据；加 --yes 就用备份替换它（SQLite 会把旧的另存）",
        "There is a house here already; with --yes the backup takes its place (on SQLite the old one is kept aside)",
    )
    return Problem(409, "taken", Text("没有恢复", "Not restored"), detail)


def add(commands: Commands) -> None:
    """Hang these commands in."""
    making = commands.add_parser("backup", help="everything into one file, while the house runs")
    making.add_argument("file", metavar="FILE")
    making.add_argument("--no-verify", action="store_true", help="do not try the backup by restoring it aside")
    making.set_defaults(run=backup)
    restoring = commands.add_parser("restore", help="a backup into this database")
    restoring.add_argument("file", metavar="FILE")
    restoring.add_argument("--yes", action="store_true", help="also where there is a house already")
    restoring.set_defaults(run=restore)
