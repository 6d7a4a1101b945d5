"""What commands are given to work with. app.py puts it together, since neither pages nor connectors may be known here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from engine.commands.console import Console
from engine.commands.settings import Settings
from engine.kinds.registry import Registry
from engine.market.market import Market
from engine.model.connector import Catalogue
from engine.people.service import People
from engine.runtime.runtime import Runtime
from engine.storage.database import Database

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


@dataclass(frozen=True, slots=True)
class House:
    """A house with its database open."""

    settings: Settings
    database: Database
    runtime: Runtime
    people: People
    market: Market


@dataclass(frozen=True, slots=True)
class Kit:
    """`root`: the folder of the project. `catalogue(settings)` knows all connectors; `open(settings)` opens a house and
    closes it after; `web(house)` is its WSGI application; `work(house)` runs the in-process worker while it is entered."""

    root: Path
    registry: Registry
    catalogue: Callable[[Settings], Catalogue]
    open: Callable[[Settings], AbstractContextManager[House]]
    web: Callable[[House], Any]
    work: Callable[[House], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Context:
    """One call of one command. What needs a database opens it with `kit.open(settings)`."""

    kit: Kit
    settings: Settings
    console: Console
