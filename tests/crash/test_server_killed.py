"""A serving process killed at any moment while clients write: what was answered 2xx is there exactly once, and what was not
answered is there exactly once after it was sent again under the same key."""

from __future__ import annotations

import http.client
import json
import random
import sqlite3
import threading
import time
from pathlib import Path

from tests.bench.create import RECORDS, passing
from tests.bench.servers import running

ROUNDS = 3
CLIENTS = 4


def test_answered_writes_survive_and_none_is_doubled(tmp_path: Path) -> None:
    answered: dict[str, str] = {}
    lost: list[str] = []
    chance = random.Random(7)
    for round_ in range(ROUNDS):
        with running("tests.bench.serve", [str(tmp_path)]) as server:
            for key in lost:
                answered[key] = _send(server.port, tmp_path, key)
            lost = []
            for key in list(answered)[-3:]:
                assert _send(server.port, tmp_path, key) == answered[key]
            if round_ < ROUNDS - 1:
                threads = [
                    threading.Thread(target=_write, args=(server.port, tmp_path, f"{round_}-{n}", answered, lost))
                    for n in range(CLIENTS)
                ]
                for thread in threads:
                    thread.start()
                time.sleep(chance.uniform(0.5, 1.5))
                server.process.kill()
                for thread in threads:
                    thread.join()
    assert len(answered) >= CLIENTS * (ROUNDS - 1)
    assert lost == []
    assert _kept(tmp_path / "dajian.db") == sorted((key, id) for key, id in answered.items())


def _write(port: int, folder: Path, name: str, answered: dict[str, str], lost: list[str]) -> None:
    """One order after the other, until the server is gone; the one without an answer is lost for now."""
    for n in range(10_000):
        key = f"{name}-{n}"
        try:
            answered[key] = _send(port, folder, key)
        except (OSError, http.client.HTTPException):
            lost.append(key)
            return


def _send(port: int, folder: Path, key: str) -> str:
    body = passing(0)
    body["values"] |= {"external_no": None, "store": "s1", "remark": key}
    headers = {"Authorization": f"Bearer {(folder / 'token').read_text()}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", RECORDS, json.dumps(body), headers | {"Idempotency-Key": key})
        answer = connection.getresponse()
        said = json.loads(answer.read())
        assert answer.status == 201, said
        return str(said["id"])
    finally:
        connection.close()


def _kept(database: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(database)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return sorted(connection.execute('SELECT remark, id FROM "order_tracking__orders"').fetchall())
    finally:
        connection.close()
