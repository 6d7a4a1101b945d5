"""Files while somebody else is at the same ones: what a record holds keeps its bytes, whatever was about to remove them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from engine.model.problem import Problem
from engine.runtime import file_care
from engine.runtime.file_care import purge, sweep
from engine.storage import files
from engine.storage.files import File
from tests.databases import ON_BOTH
from tests.pictures import PDF
from tests.unit.runtime.filing import KEEPER, bring, depot
from tests.world import World

pytestmark = ON_BOTH

ROOT = Path(__file__).parents[3]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return depot(tmp_path)


def test_a_file_that_comes_back_while_a_purge_runs_is_not_purged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    back, gone = (bring(world, "papers", PDF, "a.pdf")["id"] for _ in range(2))
    record = world.create("orders", KEEPER, papers=[back, gone]).id
    world.change("orders", record, KEEPER, papers=None)
    world.clock.forward(days=40)
    listed = file_care.deleted_before

    def then_it_comes_back(core: Any, before: datetime, limit: int = 500) -> Sequence[File]:
        found = listed(core, before, limit)
        if len(found) == 2:
            world.change("orders", record, KEEPER, papers=[back])
        return found

    monkeypatch.setattr(file_care, "deleted_before", then_it_comes_back)
    assert purge(world.runtime.core, world.clock() - timedelta(days=30), "boss").count == 1
    assert world.runtime.file(world.app, "orders", record, back, "original", KEEPER).path.read_bytes() == PDF
    lines = world.runtime.history(world.app, "orders", record, KEEPER)
    assert [line["kind"] for line in lines].count("erased") == 1


def test_an_upload_that_is_taken_while_the_sweep_runs_keeps_its_bytes(
    world: World, monkeypatch: pytest.MonkeyPatch, on_both: str
) -> None:
    """PostgreSQL: between looking and removing others write. On SQLite nobody does."""
    id = bring(world, "papers", PDF, "a.pdf")["id"]
    world.clock.forward(days=2)
    older, made = files.older, []

    def then_it_is_taken(connection: Connection, state: str, before: datetime, limit: int) -> Sequence[File]:
        found = older(connection, state, before, limit)
        if on_both == "postgresql" and found and not made:
            made.append(world.create("orders", KEEPER, papers=[id]).id)
        return found

    monkeypatch.setattr(files, "older", then_it_is_taken)
    assert sweep(world.runtime.core) == (1 if on_both == "sqlite" else 0)
    for record in made:
        assert world.runtime.file(world.app, "orders", record, id, "original", KEEPER).path.read_bytes() == PDF


def test_a_file_whose_bytes_are_lost_is_missing_and_breaks_nothing(world: World) -> None:
    paper, picture = bring(world, "papers", PDF, "a.pdf")["id"], bring(world)["id"]
    record = world.create("orders", KEEPER, papers=[paper], photos=[picture]).id
    world.runtime.core.blobs.remove([paper, picture])
    for id, part in ((paper, "original"), (picture, "show"), (picture, "small")):
        with pytest.raises(Problem) as caught:
            world.runtime.file(world.app, "orders", record, id, part, KEEPER)
        assert caught.value.status == 404


FULL = """
import resource, signal, sys
from pathlib import Path
from engine.model.problem import Problem
from engine.storage.ids import Ulids
from tests.pictures import photo
from tests.unit.runtime.filing import KEEPER, bring, depot
world = depot(Path(sys.argv[1]), ids=Ulids())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
said = []
for field, data in (("papers", b"%PDF-1.4" + b"x" * 200_000), ("photos", photo(2_000, 1_500))):
    try:
        bring(world, field, data + b"\\0" * 60_000 * (field == "photos"), "a")
    except Problem as problem:
        said.append((problem.status, problem.code))
try:
    for n in range(200):
        world.create("orders", no="x" * 200)
except Problem as problem:
    said.append((problem.status, problem.code))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
kept = len(world.all("orders"))
world.create("orders", no="there is room again")
assert len(world.all("orders")) == kept + 1
left = [path for path in (Path(sys.argv[1]) / "files").rglob("*") if path.is_file()]
print(said, len(left))
"""


def test_a_disk_that_takes_no_more_says_so_and_nothing_is_left(tmp_path: Path, on_both: str) -> None:
    """A process that may write no file beyond 50 kB, as on a disk that is full."""
    if on_both == "postgresql":
        return  # its server has a disk of its own; see test_strain
    command = [sys.executable, "-c", FULL, str(tmp_path)]
    done = subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=100, env={**os.environ, "PYTHONPATH": "."}
    )
    room = (503, "storage_unavailable")
    assert done.stdout.strip() == f"{[room, room, room]} 0", done.stderr[-800:]
