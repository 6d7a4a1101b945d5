from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from engine.model.problem import Problem
from engine.runtime import exchange
from engine.storage.archive import ArchiveReader
from engine.storage.ids import Ulids
from tests.databases import ON_BOTH, database_url
from tests.pictures import PDF, photo
from tests.unit.runtime.filing import APP, KEEPER, bring, depot
from tests.unit.runtime.restoring import answers, contents, filler, opened, restore, rich
from tests.world import World, actor, make_world, template_files

pytestmark = ON_BOTH

ROOT = Path(__file__).parents[3]


def test_a_restored_house_answers_byte_for_byte_what_the_first_did(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    before, rows = answers(world), contents(world)
    world.runtime.back_up(tmp_path / "b.zip")
    world.create("orders", channel="douyin", store="s1", remark="later")
    restore(world, tmp_path / "b.zip", tmp_path / "new")
    again = opened(tmp_path / "new", tmp_path / "old" / "key")
    assert contents(again) == rows
    assert answers(again) == before
    assert {"users", "tokens", "secrets", "journal", "revisions", "counters", "roles_held", "person_facts"} <= set(rows)
    assert rows["tokens"]
    assert rows["secrets"]
    again.create("orders", channel="douyin", store="s1", remark="goes on")
    assert len(contents(again)["journal"]) > len(rows["journal"])


def test_indexes_keys_and_numbers_are_there_again(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    world.runtime.back_up(tmp_path / "b.zip")
    restore(world, tmp_path / "b.zip", tmp_path / "new")
    again = opened(tmp_path / "new", tmp_path / "old" / "key")
    assert shape(world) == shape(again)
    assert not again.runtime.plan(template_files())


def shape(world: World) -> dict[str, Any]:
    """Every table's columns, keys and indexes, as the database tells them."""
    with world.runtime.database.read() as connection:
        looked = inspect(connection)
        return {
            table: [
                [(c["name"], str(c["type"]), c["nullable"]) for c in looked.get_columns(table)],
                looked.get_pk_constraint(table)["constrained_columns"],
                sorted((str(i["name"]), tuple(i["column_names"]), i["unique"]) for i in looked.get_indexes(table)),
            ]
            for table in looked.get_table_names()
        }


def test_attached_files_come_along_and_those_purged_meanwhile_are_known_to_be_gone(tmp_path: Path) -> None:
    world = depot(tmp_path)
    kept, gone = bring(world, data=photo()), bring(world, "papers", PDF, "a.pdf")
    record = world.create("orders", KEEPER, photos=[kept["id"]], papers=[gone["id"]]).id
    world.runtime.core.blobs.remove([gone["id"]])
    assert world.runtime.back_up(tmp_path / "b.zip").files == 1
    restore(world, tmp_path / "b.zip", tmp_path / "new")
    again = opened(tmp_path / "new", tmp_path / "key")
    for part in ("original", "show", "small"):
        sent = again.runtime.file("depot", "orders", record, kept["id"], part, KEEPER)
        assert (
            sent.path.read_bytes() == world.runtime.file("depot", "orders", record, kept["id"], part, KEEPER).path.read_bytes()
        )
    with pytest.raises(Problem, match="not_found"):
        again.runtime.file("depot", "orders", record, gone["id"], "original", KEEPER)


def test_columns_that_no_definition_names_any_more_keep_what_they_hold(tmp_path: Path) -> None:
    world = depot(tmp_path)
    world.create("orders", KEEPER, no="kept in the dark")
    before = contents(world)["depot__orders"]
    files = {"app.yaml": _app_without_number()}
    world.runtime.publish(files, actor(name="boss"))
    world.runtime.back_up(tmp_path / "b.zip")
    restore(world, tmp_path / "b.zip", tmp_path / "new")
    again = opened(tmp_path / "new", tmp_path / "key")
    assert "kept in the dark" in str(before)
    assert "kept in the dark" in str(contents(again)["depot__orders"])


def _app_without_number() -> bytes:
    lines = [line for line in APP.splitlines() if "no: {type: text" not in line and "display: no" not in line]
    return "\n".join(lines).replace("[no, photos", "[photos").replace("{no: true, ", "{").encode()


def test_what_a_backup_wrote_can_be_tried_at_once(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    made = world.runtime.back_up(tmp_path / "b.zip")
    stocked = world.runtime.check_backup(tmp_path / "b.zip")
    assert (stocked.rows, stocked.apps) == (made.rows, ("order_tracking",))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "old"]


def test_the_key_is_not_in_it_and_secrets_are_sealed(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    world.runtime.back_up(tmp_path / "b.zip")
    key = (tmp_path / "old" / "key").read_bytes().strip()
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        for name in packed.namelist():
            assert key not in packed.read(name)
            assert b"very secret" not in packed.read(name)


def test_a_restore_replaces_a_house_and_keeps_the_old_one_aside(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    rows = contents(world)
    world.runtime.back_up(tmp_path / "b.zip")
    world.create("orders", channel="douyin", store="s1", remark="later")
    world.runtime.database.close()
    with ArchiveReader(tmp_path / "b.zip") as archive:
        exchange.replace(database_url(tmp_path / "old"), filler(world, archive))
    again = make_world(tmp_path / "old", publish=False)
    assert contents(again) == rows
    sqlite = again.runtime.database.engine.dialect.name == "sqlite"
    assert (tmp_path / "old" / "dajian.db.before-restore").exists() == sqlite


def test_a_house_moves_from_one_kind_of_database_to_the_other_and_back(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "key").write_bytes((tmp_path / "old" / "key").read_bytes())
    (tmp_path / "one" / "key").chmod(0o600)
    world.runtime.back_up(tmp_path / "b.zip")
    url = f"sqlite:///{tmp_path}/one/moved.db"
    with ArchiveReader(tmp_path / "b.zip") as archive:
        exchange.replace(url, filler(world, archive))
    moved = make_world(tmp_path / "one", publish=False, url=url, ids=Ulids())
    assert contents(moved) == contents(world)
    assert answers(moved) == answers(world)
    moved.create("orders", channel="douyin", store="s1", remark="goes on")
    moved.runtime.back_up(tmp_path / "c.zip")
    restore(world, tmp_path / "c.zip", tmp_path / "two")
    back = opened(tmp_path / "two", tmp_path / "old" / "key")
    assert contents(back) == contents(moved)
    assert answers(back) == answers(moved)
    back.create("orders", channel="douyin", store="s1", remark="goes on")


WRITER = """
import itertools, sys
from decimal import Decimal
from pathlib import Path
from engine.storage.ids import Ulids
from tests.world import make_world
world = make_world(Path(sys.argv[1]), publish=False, ids=Ulids(), url=sys.argv[2])
for number in itertools.count():
    item = {"product": None, "name": "x", "quantity": 1, "price": Decimal(1)}
    order = world.create("orders", channel="douyin", store="s1", amount=Decimal(number))
    world.change("orders", order.id, remark=str(number))
    if number == 3:
        print("going", flush=True)
"""


def test_a_backup_during_writes_of_another_process_is_one_moment_of_it(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-c", WRITER, str(tmp_path / "old"), database_url(tmp_path / "old")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"going\n"
            for number in range(3):
                world.runtime.back_up(tmp_path / f"{number}.zip")
        finally:
            writer.send_signal(signal.SIGKILL)
    counts: list[int] = []
    for number in range(3):
        folder = tmp_path / f"new{number}"
        restore(world, tmp_path / f"{number}.zip", folder)
        again = opened(folder, tmp_path / "old" / "key")
        counts.append(_one_moment(again))
    assert counts == sorted(counts)
    assert counts[-1] > 24


def _one_moment(world: World) -> int:
    """Each order has exactly the lines of its version, whatever moment it was."""
    lines: dict[str, int] = {}
    with world.runtime.database.read() as connection:
        for row in connection.execute(text("SELECT record_id FROM journal WHERE \"table\" = 'orders'")):
            lines[row[0]] = lines.get(row[0], 0) + 1
    orders: list[Any] = world.all("orders")
    assert {order["id"]: order["version"] for order in orders} == lines
    return len(orders)
