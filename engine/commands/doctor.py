"""`doctor`: every setting with its source, and whether what it points at works. 1 when something must be done."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from engine.commands.kit import Commands, Context, House
from engine.commands.settings import PREFIX, Settings
from engine.model.problem import Problem
from engine.model.text import Text
from engine.people.keyfile import KeyProblem
from engine.storage import search_index
from engine.storage.search_side import SCAN

_ORIGINS = {"default": Text("默认", "default"), "environment": Text("环境变量", "environment")}
_UNREACHED = Text(
    "连不上：请看数据库是否在运行，DAJIAN_DATABASE_URL 里的地址、端口、库名、用户和密码对不对",
    "cannot be reached: is the server running, and are host, port, database, user and password in DAJIAN_DATABASE_URL right?",
)
_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
LEAST_DISK = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """`good` None: for information."""

    what: str
    good: bool | None
    text: Text


def doctor(context: Context, arguments: argparse.Namespace) -> int:
    """Look at everything, then say it."""
    findings = [*_settings(context.settings), *_disk(context.settings)]
    try:
        with context.kit.open(context.settings) as house:
            findings += [*_database(house), *_people(house), *_search(house), *_apps(house)]
    except KeyProblem as error:
        findings.append(Finding("key", False, error.text))
    except Problem as problem:
        why = _UNREACHED if problem.code == "database_unreachable" else problem.detail
        findings.append(Finding("database", False, why))
    except OperationalError as error:
        findings.append(Finding("database", False, Text("打不开：{why}", "does not open: {why}").fill(why=error.orig)))
    console = context.console
    if arguments.json:
        console.data([{"what": f.what, "good": f.good, "text": f.text.to(console.locale)} for f in findings])
    else:
        marks = {True: "ok", False: "!!", None: "  "}
        for found in findings:
            console.result(f"{marks[found.good]}  {found.what}: {found.text.to(console.locale)}")
    return 1 if any(found.good is False for found in findings) else 0


def _settings(settings: Settings) -> Iterator[Finding]:
    for variable, source in settings.sources.items():
        value = getattr(settings, variable.removeprefix(PREFIX).lower())
        if variable == f"{PREFIX}DATABASE_URL":
            value = make_url(value).render_as_string(hide_password=True)
        shown = ", ".join(value) if isinstance(value, tuple) else str(value or "")
        origin = _ORIGINS.get(source, Text(source, source))
        yield Finding(variable, None, Text("{value}（{source}）", "{value} ({source})").fill(value=shown or "–", source=origin))


def _disk(settings: Settings) -> Iterator[Finding]:
    place = settings.data_dir if settings.data_dir.exists() else settings.data_dir.absolute().parent
    if not place.exists():
        return
    free = shutil.disk_usage(place).free
    text = Text("剩余 {n} MB", "{n} MB free").fill(n=free // 1024 // 1024)
    yield Finding("disk", free >= LEAST_DISK, text)


def _database(house: House) -> Iterator[Finding]:
    wrong = house.database.health()
    text = Text("{kind}，不对：{why}", "{kind}, not right: {why}") if wrong else Text("{kind}，完好", "{kind}, sound")
    yield Finding(
        "database", not wrong, text.fill(kind=_KINDS[make_url(house.settings.database_url).get_backend_name()], why=wrong)
    )
    apart = abs((datetime.now(UTC) - house.database.now()).total_seconds())
    yield Finding("clock", apart < 5, Text("与数据库相差 {n} 秒", "{n} s apart from the database's").fill(n=round(apart)))


def _search(house: House) -> Iterator[Finding]:
    """Searching without trigrams is right and slow: it must not stay unnoticed."""
    with house.database.read() as connection:
        states = search_index.states(connection)
    slow = sorted(state.table for state in states if state.by == SCAN)
    if slow:
        text = Text(
            "没有三字索引，搜索逐条看文字，记录多了会慢：{tables}。PostgreSQL 请让管理员执行 "
            "CREATE EXTENSION pg_trgm SCHEMA public，SQLite 请换带 FTS5 的 3.34 以上版本；然后再发布一次",
            "no trigram index, so a search looks through every text and is slow on large tables: {tables}. On PostgreSQL let "
            "an administrator run CREATE EXTENSION pg_trgm SCHEMA public, on SQLite use 3.34 or later with FTS5; then publish "
            "again",
        )
        yield Finding("search", False, text.fill(tables=", ".join(slow)))
    for state in states:
        if not state.filled:
            what = Text(
                "{table} 的搜索索引还在建，建好之前搜索慢一些", "the search index of {table} is being made: slower until then"
            )
            yield Finding("search", None, what.fill(table=state.table))


def _people(house: House) -> Iterator[Finding]:
    owners = [user for user in house.people.users() if user.owner and not user.frozen]
    ready = any(owner.has_password for owner in owners)
    hint = Text("还没有能登录的所有者：dajian first-login", "no owner can sign in yet: dajian first-login")
    yield Finding("owner", ready, Text(", ".join(u.name for u in owners), ", ".join(u.name for u in owners)) if ready else hint)


def _apps(house: House) -> Iterator[Finding]:
    kept = set(house.people.secret_names())
    for name in house.runtime.apps():
        program = house.runtime.program(name)
        yield Finding(name, True, Text("第 {n} 版在运行", "revision {n} is running").fill(n=program.revision))
        for connection in program.app.connections.values():
            if not connection.pulls:
                continue
            wanted = {v.removeprefix("secret:") for v in connection.settings.values() if v.startswith("secret:")}
            if lacking := sorted(wanted - kept):
                text = Text("缺密钥 {names}", "secrets are missing: {names}").fill(names=", ".join(lacking))
                yield Finding(f"{name}.{connection.name}", False, text)
            for stream in connection.pulls:
                state = house.runtime.pull_state(name, connection.name, stream)
                if state.error_zh:
                    yield Finding(f"{name}.{connection.name}.{stream}", False, Text(state.error_zh, state.error_en or ""))
        waiting = house.runtime.incidents(name)
        if waiting:
            yield Finding(name, None, Text("{n} 条异常待处理", "{n} incidents wait for a person").fill(n=len(waiting)))


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    looking = commands.add_parser("doctor", help="settings, key, database, clock, disk, apps: is everything in order?")
    looking.add_argument("--json", action="store_true", help="as JSON")
    looking.set_defaults(run=doctor)
