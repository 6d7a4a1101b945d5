"""Many clients at once against one local server: plain keep-alive connections, so that the client costs little."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Load:
    """What happened: answers by status, and milliseconds of each answered request, in order of size. `spent`: seconds of
    processor time that it took the server."""

    seconds: float = 0.0
    spent: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return len(self.milliseconds) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        return self.milliseconds[min(len(self.milliseconds) - 1, int(share * len(self.milliseconds)))]


def post(port: int, path: str, headers: dict[str, str], body: Callable[[int], Any], *, total: int, clients: int = 8) -> Load:
    """`total` POST requests from `clients` threads; `body(n)` is the n-th."""
    load, bodies = Load(), [json.dumps(body(n)).encode() for n in range(total)]
    lock = threading.Lock()

    def client(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        statuses, times = Counter[int](), []
        for n in range(first, total, clients):
            begun = time.perf_counter()
            connection.request("POST", path, bodies[n], {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            answer.read()
            times.append((time.perf_counter() - begun) * 1000)
            statuses[answer.status] += 1
        connection.close()
        with lock:
            load.statuses += statuses
            load.milliseconds += times

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - begun
    load.milliseconds.sort()
    return load
