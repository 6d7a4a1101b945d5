"""The private PostgreSQL of the tests: its own, in order, and gone afterwards, even when the test process is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.postgres import URL, cluster

pytestmark = pytest.mark.postgresql
KILLED = """
import os
from pathlib import Path
from tests.postgres import cluster
with cluster() as made:
    folder = Path(made.url.partition("host=")[2])
    print(folder, (folder / "data" / "postmaster.pid").read_text().split()[0], flush=True)
    os.kill(os.getpid(), 9)
"""


@pytest.fixture(autouse=True)
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL, raising=False)


def look_and_fail(folders: list[Path]) -> None:
    with cluster() as made, made.database() as engine, engine.connect() as connection:
        folders.append(Path(made.url.partition("host=")[2]))
        assert connection.exec_driver_sql("SHOW server_encoding").scalar() == "UTF8"
        # A language's order, so that ours must be asked for.
        assert connection.exec_driver_sql("SELECT 'a' < 'B'").scalar() is True
        raise ZeroDivisionError


def test_it_is_gone_also_after_a_failure() -> None:
    folders: list[Path] = []
    with pytest.raises(ZeroDivisionError):
        look_and_fail(folders)
    assert not folders[0].exists()


def test_a_killed_test_process_takes_its_server_along() -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, check=False, env=dict(os.environ))
    # The server's own note of its number goes with it, so it was read before.
    folder, pid = Path(done.stdout.split()[0]), int(done.stdout.split()[1])
    last = time.monotonic() + 30
    while Path(f"/proc/{pid}").exists() and time.monotonic() < last:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
    with cluster():
        assert not folder.exists()
