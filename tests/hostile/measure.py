"""Loads hostile definitions, each in a process of its own, and says what came of it and what it cost.

`python -m tests.hostile.measure` reads names of cases, one per line, and answers each with a line of JSON. A fork of it takes
the case: a crash is seen as one, the memory it takes can be told from the interpreter's, and nothing starts from cold.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from engine.definition.load import load
from engine.kinds.registry import Registry
from tests.hostile.definitions import definitions
from tests.hostile.shop import EXPRESSIONS, VALUES, Files, expression_places, places, put
from tests.hostile.texts import repeated, texts
from tests.unit.definition.catalogue import SmallCatalogue

HANGS_AFTER = 30  # seconds of CPU
LARGE = 100_000
PAGE = resource.getpagesize()
# What counting to COUNT takes where the bounds were set, at its quickest. Processors differ, and one that is shared runs slower
# in CPU time too; so costs are told in seconds of that one, by a floor measured beside each load.
COUNT, FLOOR = 200_000, 0.0042


Case = Callable[[], Iterator[Files]]


def of_texts() -> dict[str, Case]:
    """Name → the definitions to load, one after the other."""
    return {name: _one(make) for name, make in {**texts(), **repeated()}.items()}


def of_definitions() -> dict[str, Case]:
    """The same of what is YAML."""
    return {name: _one(make) for name, make in definitions().items()}


def of_places() -> dict[str, Case]:
    """The same of one hostile thing in all places that could take it. Those of 5 MB in the first few."""
    found = {name: _at(expression_places(), text) for name, text in EXPRESSIONS.items()}
    return {**found, **{f"{value[:12]!r} x {len(value)}": _at(places(), value) for value in VALUES}}


def _one(make: Callable[[], Files]) -> Case:
    return lambda: iter((make(),))


def _at(where: list[tuple[int, int]], value: str) -> Case:
    return lambda: (put(place, value) for place in (where[:3] if len(value) > LARGE else where))


def _slowness() -> float:
    """How many times slower than there; never quicker."""
    start, total = time.process_time(), 0
    for number in range(COUNT):
        total += number
    return max(1.0, (time.process_time() - start) / FLOOR)


def _measured(make: Case, registry: Registry) -> dict[str, Any]:
    """The worst cost of the loads of a case, in seconds (see FLOOR) and MB. What the child had before a load is not counted."""
    catalogue = SmallCatalogue()
    cpu = memory = 0.0
    outcomes = set()
    for files in make():
        gc.collect()
        slow = _slowness()
        before, start = _resident(), time.process_time()
        loaded = load(files, catalogue, registry)
        said = [d.message.to(locale) for d in loaded.diagnostics for locale in ("zh", "en")]
        spent = time.process_time() - start
        cpu = max(cpu, spent / min(slow, _slowness()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        memory = max(memory, (peak - before) / 2**20)
        outcomes.add("accepted" if loaded.app is not None else "refused" if said else "silent")
    return {"outcomes": sorted(outcomes), "cpu": round(cpu, 3), "mb": round(memory, 1)}


def _resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE


def _child(make: Case, registry: Registry, out: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (HANGS_AFTER, HANGS_AFTER))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = _measured(make, registry)
    except BaseException:
        answer = {"outcomes": ["raised"], "trace": traceback.format_exc()[-3_000:]}
    os.write(out, json.dumps(answer).encode())


def _run(make: Case, registry: Registry) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(make, registry, writing)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        text = pipe.read()
    status = os.waitpid(child, 0)[1]
    answer: dict[str, Any] = json.loads(text) if text and status == 0 else {"outcomes": [f"ended with {status}"]}
    return answer


if __name__ == "__main__":
    known, kinds = {**of_texts(), **of_definitions(), **of_places()}, Registry.load()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_run(known[line.rstrip("\n")], kinds)), flush=True)
