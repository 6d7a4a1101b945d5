"""Evaluations per second: generated Python against simpleeval with a cached parse and against zen-engine's compiled
expressions (written in Rust, called from Python), on five conditions of the reference example; and what compiling one rule
costs. Ratios, since machines differ. Run: python -m tests.bench.evaluate"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import zen
from simpleeval import EvalWithCompoundTypes

from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.language.regions import names_in
from engine.model.diagnostic import Span
from tests.unit.language.env import FakeEnv
from tests.unit.language.orders import ORDERS

GOALS = {"simpleeval": 15, "zen-engine": 12}
SECONDS = 0.4
ROUNDS = 3
# Ours, and the nearest that simpleeval and zen-engine can say (floats, and no empties: `None >= 1000` raises in the first).
CONDITIONS = [
    (
        "amount < 500 and empty(remark) and not flagged('amount_adds_up')",
        "amount < 500 and empty(remark) and not flagged('amount_adds_up')",
        "amount < 500 and remark == null and not ('amount_adds_up' in flags)",
    ),
    (
        "warehouse == user.warehouse and status in ['approved', 'picking']",
        "warehouse == uw and status in ['approved', 'picking']",
        "warehouse == uw and status in ['approved', 'picking']",
    ),
    ("empty(amount) or amount >= 1000", "empty(amount) or amount >= 1000", "amount == null or amount >= 1000"),
    ("in_region(province, '华东')", "in_region(province, '华东')", "province in east"),
    ("status in ['pending', 'approved']",) * 3,
]


def rate(function: Callable[[], Any]) -> float:
    """Calls per second, the best of a few rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        count, started = 0, time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            for _ in range(200):
                function()
            count += 200
        best = max(best, count / (time.perf_counter() - started))
    return best


NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
RECORD: dict[str, Any] = {
    "id": "o1", "amount": Decimal("320.00"), "cost": Decimal("200.00"), "remark": None, "status": "pending",
    "warehouse": "hz", "province": "浙江", "priority": "normal", "flags": frozenset(),
}  # fmt: skip


def peers(simple: str, rust: str) -> dict[str, Callable[[], Any]]:
    """The same condition on each peer, parsed beforehand, on the same record with floats for decimals."""
    floats = {name: float(value) if isinstance(value, Decimal) else value for name, value in RECORD.items()}
    regions = {"华东": names_in("华东") or ()}
    evaluator = EvalWithCompoundTypes(
        names={**floats, "uw": "hz"},
        functions={
            "empty": lambda x: x is None,
            "flagged": lambda name: name in RECORD["flags"],
            "in_region": lambda x, region: x in regions[region],
        },
    )
    everything = {**floats, "uw": "hz", "flags": [], "east": sorted(regions["华东"])}
    # zen-engine takes a copy of all it is given, so it is given no more than the condition needs.
    context = {name: value for name, value in everything.items() if name in rust}
    return {
        "simpleeval": partial(evaluator.eval, simple, previously_parsed=evaluator.parse(simple)),
        "zen-engine": partial(zen.compile_expression(rust).evaluate, context),
    }


def main() -> None:
    """Print one line per condition and the ratio over all, then the time to compile one."""
    warnings.simplefilter("ignore")
    env = FakeEnv(now=NOW, user={"warehouse": "hz"})
    spent = dict.fromkeys(("ours", *GOALS), 0.0)
    for ours, simple, rust in CONDITIONS:
        function = compile_python(read_expression(ours, ORDERS, span=Span(), path=""))
        others = peers(simple, rust)
        assert {each() for each in others.values()} == {function(RECORD, env)}
        rates = {"ours": rate(partial(function, RECORD, env)), **{name: rate(each) for name, each in others.items()}}
        spent = {name: spent[name] + 1 / found for name, found in rates.items()}
        fast = rates.pop("ours")
        said = "  ".join(f"{name} {found / 1e6:5.3f} M/s {fast / found:5.1f} x" for name, found in rates.items())
        print(f"{fast / 1e6:6.2f} M/s  {said}   {ours}")
    for name, goal in GOALS.items():
        print(
            f"all five: {5 / spent['ours'] / 1e6:.2f} M/s, {spent[name] / spent['ours']:.1f} x {name} (goal: at least {goal} x)"
        )
    _compile_time()


def _compile_time() -> None:
    """From text to a function, for the mean of the five conditions; the floor is Python's own parse and compile of the text."""
    count = len(CONDITIONS)

    def ours() -> None:
        for text, _, _ in CONDITIONS:
            compile_python(read_expression(text, ORDERS, span=Span(), path=""))

    def floor() -> None:
        for text, _, _ in CONDITIONS:
            compile(text, "", "eval")

    mine, least = (1 / rate(each) / count * 1e6 for each in (ours, floor))
    print(f"compile one condition: {mine:.0f} us, {mine / least:.1f} x Python's own compile() of the same text")


if __name__ == "__main__":
    main()
