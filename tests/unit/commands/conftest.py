"""The command line on a house in tmp_path: everything real but the pages."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.catalogue import load as load_catalogue
from engine.commands.kit import House, Kit
from engine.commands.main import main
from engine.commands.settings import Settings
from engine.kinds.registry import Registry
from engine.market.market import Market
from engine.people.service import People
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.storage.database import Database

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "templates_market" / "order_tracking"


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@contextmanager
def _open(registry: Registry, settings: Settings) -> Iterator[House]:
    database = Database(settings.database_url)
    zone = ZoneInfo(settings.timezone)
    core = Core(database, zone=zone, catalogue=load_catalogue(), registry=registry, clock=lambda: datetime.now(UTC))
    core.prepare()
    people = People(database, key_file=settings.key_file, kinds=registry.fields)
    runtime = Runtime(core)
    try:
        yield House(settings, database, runtime, people, Market(ROOT / "templates_market", runtime, people))
    finally:
        database.close()


def _no_pages(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    start("404 Not Found", [])
    return []


@pytest.fixture
def kit() -> Kit:
    registry = Registry.load()
    return Kit(
        root=ROOT,
        registry=registry,
        catalogue=lambda settings: load_catalogue(),
        open=lambda settings: _open(registry, settings),
        web=lambda house: _no_pages,
        work=lambda house: nullcontext(),
    )


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"DAJIAN_DATA_DIR": str(tmp_path / "data"), "DAJIAN_LOCALE": "en"}


@pytest.fixture
def house(kit: Kit, environ: dict[str, str]) -> Iterator[House]:
    with kit.open(Settings.from_env(environ)) as opened:
        yield opened


@pytest.fixture
def run(
    kit: Kit, environ: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """run('user', 'list', stdin='…', DAJIAN_LOCALE='zh') → Ran."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str, stdin: str = "", **settings: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = main(kit, words, environ={**environ, **settings})
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return call
