"""Houses to back up and to restore, for tests of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection

from engine.runtime import exchange
from engine.runtime.restore import Stocked, fill
from engine.storage.archive import ArchiveReader
from engine.storage.blobs import Blobs
from engine.storage.ids import Ulids
from engine.storage.stock import app_tables, lines_of, system_tables
from tests.databases import database_url
from tests.world import World, actor, make_world

CLERK = actor("clerk", store="s1")


def rich(folder: Path) -> World:
    """A house with something in every kind of place: orders with history, people, tokens, secrets, files."""
    folder.mkdir(exist_ok=True)
    world = make_world(folder)
    app = world.runtime.program(world.app).app
    for number in range(20):
        order = world.create(
            "orders", channel="douyin", store="s1", amount=Decimal(number), remark=f"小心\n{number} '\"\\ \u2028 😀"
        )
        if number % 3 == 0:
            world.change("orders", order.id, remark="changed")
    user = world.people.add_user("ann", owner=True)
    world.people.grant(user, app, "clerk")
    world.people.set_fact(user, app, "store", "s1")
    world.people.issue_token(user, "test")
    world.people.set_secret("shop", "very secret")
    return world


def contents(world: World) -> dict[str, list[bytes]]:
    """Every row of every table."""
    with world.runtime.database.read() as connection:
        tables = [*system_tables(), *app_tables(connection)]
        return {table.name: sorted(lines_of(connection, table)) for table in tables}


def filler(world: World, archive: ArchiveReader) -> Callable[[Connection], Stocked]:
    core = world.runtime.core
    return lambda connection: fill(connection, archive, core.registry, core.catalogue)


def restore(world: World, backup: Path, folder: Path) -> None:
    """Into a house in another folder. `world` lends its kinds and connectors."""
    folder.mkdir(exist_ok=True)
    with ArchiveReader(backup) as archive:
        archive.verify()
        exchange.put_files(archive, Blobs(folder / "files"))
        exchange.replace(database_url(folder), filler(world, archive))


def opened(folder: Path, key: Path) -> World:
    (folder / "key").write_bytes(key.read_bytes())
    (folder / "key").chmod(0o600)
    return make_world(folder, publish=False, ids=Ulids())


def answers(world: World) -> str:
    who = CLERK
    listed = world.list("orders", who, limit=500, sort=("id",))
    lives = [world.runtime.history(world.app, "orders", record["id"], who) for record in listed]
    board = world.runtime.board(world.app, "desk", who)
    return json.dumps([listed, lives, board, world.runtime.describe(world.app, who)], default=str)
