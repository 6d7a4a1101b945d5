"""Settings: environment variables, else lines of a `.env`, else defaults. Read once at start and passed on; nothing else looks
at the environment. A wrong one stops the start and says which and what to write."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from engine.commands.calendar import CalendarError, load_calendar
from engine.model.text import Text

PREFIX = "DAJIAN_"


class SettingsError(Exception):
    """A setting that cannot be; `text` names the variable and the remedy."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Settings:
    """`redis_url` None: the worker runs inside the web process. `base_url` None: links in messages are refused. `calendar`:
    None: the usual hours. `allow_private_hosts`: `host` or `host:port` that calls to the outside may reach though
    private. `sources`: variable → where its value comes from (`environment`, `.env`, `default`)."""

    database_url: str
    redis_url: str | None
    data_dir: Path
    host: str
    port: int
    base_url: str | None
    key_file: Path
    timezone: str
    calendar: Path | None
    locale: str
    allow_private_hosts: tuple[str, ...]
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @staticmethod
    def from_env(environ: Mapping[str, str], dotenv: Path | None = None) -> Settings:
        """Read and check. An empty value counts as not set. Raises SettingsError."""
        lines = _dotenv(dotenv)
        sources: dict[str, str] = {}

        def take(name: str, default: str, check: Callable[[str, str], Any]) -> Any:
            variable = PREFIX + name
            given = {"environment": environ.get(variable, ""), ".env": lines.get(variable, "")}
            source = next((where for where, value in given.items() if value), "default")
            sources[variable] = source
            return check(variable, given.get(source, default))

        _no_unknown({**lines, **environ})
        data_dir = take("DATA_DIR", "data", _path)
        return Settings(
            database_url=take("DATABASE_URL", f"sqlite:///{data_dir}/dajian.db", _database),
            redis_url=take("REDIS_URL", "", _redis),
            data_dir=data_dir,
            host=take("HOST", "127.0.0.1", _plain),
            port=take("PORT", "8000", _port),
            base_url=take("BASE_URL", "", _base_url),
            key_file=take("KEY_FILE", f"{data_dir}/dajian.key", _path),
            timezone=take("TIMEZONE", "Asia/Shanghai", _timezone),
            calendar=take("CALENDAR", "", _calendar),
            locale=take("LOCALE", "zh_CN", _locale),
            allow_private_hosts=take("ALLOW_PRIVATE_HOSTS", "", _hosts),
            sources=MappingProxyType(sources),
        )

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the house."""
        host = "127.0.0.1" if _unspecified(self.host) else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def _unspecified(host: str) -> bool:
    """Does it mean every address of this machine?"""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


_KNOWN = (
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "HOST",
    "PORT",
    "BASE_URL",
    "KEY_FILE",
    "TIMEZONE",
    "CALENDAR",
    "LOCALE",
    "ALLOW_PRIVATE_HOSTS",
)
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)")


def _dotenv(path: Path | None) -> dict[str, str]:
    """`NAME=value` lines; `#` begins a comment line; one pair of quotes around a value is taken off; nothing is
    interpolated."""
    if path is None or not path.exists():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            text = Text("{file} 第 {n} 行不是 名字=值", "{file} line {n} is not NAME=value")
            raise SettingsError(text.fill(file=path, n=number))
        value = match[2].strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        found[match[1]] = value[1:-1] if quoted else value
    return found


def _no_unknown(values: Mapping[str, str]) -> None:
    """A misspelt name would be ignored in silence otherwise."""
    for variable in sorted(values):
        if variable.startswith(PREFIX) and variable.removeprefix(PREFIX) not in _KNOWN:
            text = Text("没有设置 {name}；有：{all}", "There is no setting {name}; there are: {all}")
            raise SettingsError(text.fill(name=variable, all=", ".join(PREFIX + name for name in _KNOWN)))


def _refuse(variable: str, value: str, zh: str, en: str) -> SettingsError:
    text = Text("{name}={value} 不对：{why}", "{name}={value} is not right: {why}")
    return SettingsError(text.fill(name=variable, value=value, why=Text(zh, en)))


def _plain(_: str, value: str) -> str:
    return value


def _path(_: str, value: str) -> Path:
    return Path(value).expanduser()


def _database(variable: str, value: str) -> str:
    # The value may hold a password: only what stands before `:` is repeated.
    kind = value.partition(":")[0]
    if value.startswith(("postgresql://", "postgresql+psycopg://")):
        if find_spec("psycopg") is None:
            lacking = Text("少了驱动：pip install 'dajian[scaled]'", "its driver is missing: pip install 'dajian[scaled]'")
            raise _refuse(variable, kind + ":…", lacking.zh, lacking.en)
        return value
    if not value.startswith("sqlite:///"):
        examples = "sqlite:///data/dajian.db, postgresql://dajian:…@127.0.0.1/dajian"
        raise _refuse(variable, kind + ":…", f"写 {examples}", f"write one of {examples}")
    return value


def _redis(variable: str, value: str) -> str | None:
    if value:
        raise _refuse(
            variable, "…", "这一版的后台在网页进程里运行，请留空", "the worker runs in the web process for now; leave it empty"
        )
    return None


def _port(variable: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise _refuse(variable, value, "写 1–65535 的数字，例如 8000", "write a number from 1 to 65535, such as 8000")
    return int(value)


def _base_url(variable: str, value: str) -> str | None:
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise _refuse(
            variable, value, "写完整地址，例如 https://orders.example.com", "write it whole: https://orders.example.com"
        )
    return value.rstrip("/")


def _timezone(variable: str, value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise _refuse(variable, value, "写时区名，例如 Asia/Shanghai", "write a zone's name, such as Asia/Shanghai") from error
    return value


def _calendar(variable: str, value: str) -> Path | None:
    path = Path(value).expanduser() if value else None
    try:
        load_calendar(path)
    except CalendarError as error:
        raise _refuse(variable, value, error.text.zh, error.text.en) from error
    return path


def _locale(variable: str, value: str) -> str:
    if not re.fullmatch(r"(zh|en)([_-][A-Za-z]{2,4})?", value):
        raise _refuse(variable, value, "写 zh_CN 或 en", "write zh_CN or en")
    return value


def _hosts(variable: str, value: str) -> tuple[str, ...]:
    hosts = tuple(part.strip() for part in value.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9a-fA-F:]+\](:\d{1,5})?", host):
            raise _refuse(variable, host, "写 主机 或 主机:端口，用逗号分开", "write host or host:port, separated by commas")
    return hosts
