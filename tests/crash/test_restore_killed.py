"""A restore that is killed anywhere leaves the old house or the new one, whole; files that were attached are there in both."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from engine.storage.ids import Ulids
from tests.databases import ON_BOTH, database_url
from tests.unit.runtime.restoring import contents, rich
from tests.world import make_world

pytestmark = ON_BOTH

ROOT = Path(__file__).parents[2]
RESTORE = """
import sys
from pathlib import Path
from connectors.catalogue import load
from engine.kinds.registry import Registry
from engine.people.service import People
from engine.runtime import exchange
from engine.runtime.runtime import Runtime
from engine.runtime.restore import fill
from engine.storage.archive import ArchiveReader
print("going", flush=True)
with ArchiveReader(Path(sys.argv[1])) as archive:
    archive.verify()
    exchange.replace(sys.argv[2], lambda connection: fill(connection, archive, Registry.load(), load()))
print("done", flush=True)
"""
TIMES = int(os.environ.get("RESTORE_KILLS", "4"))


def test_a_killed_restore_leaves_the_old_house_or_the_new(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    new = contents(world)
    world.runtime.back_up(tmp_path / "b.zip")
    world.create("orders", channel="douyin", store="s1", remark="later")
    old = contents(world)
    world.runtime.database.close()
    chance, environment = random.Random(22), {**os.environ, "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-c", RESTORE, str(tmp_path / "b.zip"), database_url(tmp_path / "old")]
    outcomes = set()
    for turn in range(TIMES + 1):
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as restoring:
            assert restoring.stdout is not None
            assert restoring.stdout.readline() == b"going\n"
            if turn < TIMES:
                time.sleep(chance.random() * 1.5)
                restoring.send_signal(signal.SIGKILL)
        again = make_world(tmp_path / "old", publish=False, ids=Ulids())
        found = contents(again)
        again.runtime.database.close()
        assert found in (old, new), [[n for n in found if found[n] != each.get(n)] for each in (old, new)]
        outcomes.add(found == new)
    assert True in outcomes
