"""Checking and proving a large definition against what only reading its YAML costs. Run: python -m tests.bench.definition"""

from __future__ import annotations

import time
from collections.abc import Callable

import yaml

from engine.definition.load import load
from engine.kinds.registry import Registry
from engine.model.diagnostic import Severity
from tests.bench import big
from tests.unit.definition.catalogue import SmallCatalogue

GOAL = 2.0
ROUNDS = 5


def _seconds(function: Callable[[], object]) -> float:
    """Processor time, the best of a few rounds: the machine's other work is not counted."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        function()
        best = min(best, time.process_time() - started)
    return best


def main() -> None:
    """Print the time of check + prove and its ratio to the floor."""
    files, registry, catalogue = big.definition(), Registry.load(), SmallCatalogue()
    loaded = load(files, catalogue, registry)
    assert loaded.app is not None
    assert [d for d in loaded.diagnostics if d.severity is Severity.ERROR] == []
    size = sum(len(data) for data in files.values())
    floor = _seconds(lambda: [yaml.load(data, Loader=yaml.CSafeLoader) for data in files.values()])
    whole = _seconds(lambda: load(files, catalogue, registry))
    print(f"{big.TABLES} tables x {big.FIELDS} fields x {big.RULES} rules, {size // 1000} kB")
    print(f"PyYAML's C loader alone {floor:.2f} s")
    print(f"check + prove {whole:.2f} s, {whole / floor:.1f} x (goal: at most {GOAL:.0f} s)")


if __name__ == "__main__":
    main()
