"""The composition root: the only place that knows every part. Settings → database, runtime,
people, market → web, worker, command line."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask

from builder_ui.web import make_web
from connectors.catalogue import load as load_catalogue
from engine.commands.calendar import load_calendar
from engine.commands.connections import connection_settings
from engine.commands.kit import House, Kit
from engine.commands.main import main as run
from engine.commands.settings import Settings
from engine.kinds.registry import Registry
from engine.market.market import Market
from engine.model.connector import Catalogue
from engine.people.service import People
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.runtime.worker import Worker
from engine.storage.database import Database

ROOT = Path(__file__).resolve().parent


def now() -> datetime:
    """The clock of the house."""
    return datetime.now(UTC)


def catalogue(settings: Settings) -> Catalogue:
    """All connectors, bound to what they may reach."""
    return load_catalogue(allow_private_hosts=",".join(settings.allow_private_hosts))


def open_house(settings: Settings) -> House:
    """Everything that needs a database, wired together."""
    # Rows are many objects and hardly a circle: Python's own pace of looking for circles takes a seventh of an import.
    gc.set_threshold(50_000, 20, 20)
    database, zone = Database(settings.database_url), ZoneInfo(settings.timezone)
    registry = Registry.load(zone)
    core = Core(
        database,
        zone=zone,
        catalogue=catalogue(settings),
        registry=registry,
        clock=now,
        calendar=load_calendar(settings.calendar),
        files=settings.data_dir / "files",
    )
    core.prepare()
    people = People(database, key_file=settings.key_file, kinds=registry.fields, clock=now)
    runtime = Runtime(core)
    return House(settings, database, runtime, people, Market(ROOT / "templates_market", runtime, people))


@contextmanager
def opened(settings: Settings) -> Iterator[House]:
    """A house for the length of a block."""
    house = open_house(settings)
    try:
        yield house
    finally:
        house.database.close()


@contextmanager
def working(house: House) -> Iterator[None]:
    """The in-process worker for the length of a block."""
    worker = Worker(house.runtime.core, connection_settings(house.runtime, house.people))
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def web(house: House) -> Flask:
    """Pages and REST."""
    return make_web(house.runtime, house.people, house.market, house.settings)


def kit() -> Kit:
    """What the command line works with."""
    return Kit(
        root=ROOT,
        registry=Registry.load(),
        catalogue=catalogue,
        open=opened,
        web=web,
        work=working,
    )


def make_wsgi() -> Flask:
    """For other WSGI servers: `gunicorn 'app:make_wsgi()'`. Runs no worker."""
    return web(open_house(Settings.from_env(os.environ, Path(".env"))))


def main() -> int:
    """The command `dajian`."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # A service manager ends with SIGTERM what a person ends with Ctrl+C: blocks are left, children and worker stop.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return run(kit())


if __name__ == "__main__":
    sys.exit(main())
