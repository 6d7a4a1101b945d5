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
from tests.hostile.definitions import EXPRESSIONS, VALUES, Files, definitions, expression_places, places, put
from tests.hostile.texts import repeated, texts
from tests.unit.definition.catalogue import SmallCatalogue

HANGS_AFTER = 30  # seconds of CPU
PAGE = resource.getpagesize()


def cases() -> dict[str, Callable[[], Iterator[Files]]]:
    """Name → the definitions to load, one after the other."""
    found: dict[str, Callable[[], Iterator[Files]]] = {}
    for name, make in {**texts(), **repeated(), **definitions()}.items():
        found[name] = lambda make=make: iter((make(),))  # type: ignore[misc]
    for name, text in EXPRESSIONS.items():
        found[f"expression: {name}"] = lambda text=text: (put(place, text) for place in expression_places())  # type: ignore[misc]
    for value in VALUES:
        found[f"value: {value[:12]!r} x {len(value)}"] = lambda value=value: (put(place, value) for place in places())  # type: ignore[misc]
    return found


def _measured(make: Callable[[], Iterator[Files]], registry: Registry) -> dict[str, Any]:
    """The worst CPU seconds and MB of the loads of a case. What the child had before a load is not counted."""
    catalogue = SmallCatalogue()
    cpu = memory = 0.0
    outcomes = set()
    for files in make():
        gc.collect()
        before, start = _resident(), time.process_time()
        loaded = load(files, catalogue, registry)
        said = [d.message.to(locale) for d in loaded.diagnostics for locale in ("zh", "en")]
        cpu = max(cpu, time.process_time() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        memory = max(memory, (peak - before) / 2**20)
        outcomes.add("accepted" if loaded.app is not None else "refused" if said else "silent")
    return {"outcomes": sorted(outcomes), "cpu": round(cpu, 3), "mb": round(memory, 1)}


def _resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE


def _child(make: Callable[[], Iterator[Files]], registry: Registry, out: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (HANGS_AFTER, HANGS_AFTER))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = _measured(make, registry)
    except BaseException:
        answer = {"outcomes": ["raised"], "trace": traceback.format_exc()[-3_000:]}
    os.write(out, json.dumps(answer).encode())


def _run(make: Callable[[], Iterator[Files]], registry: Registry) -> dict[str, Any]:
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
    known, kinds = cases(), Registry.load()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(_run(known[line.rstrip("\n")], kinds)), flush=True)
