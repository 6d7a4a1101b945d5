"""Evaluations per second: generated Python against simpleeval with a cached parse, on five conditions of the reference
example. A ratio, since machines differ. Run: python tests/bench/evaluate.py"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from simpleeval import EvalWithCompoundTypes

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.language.regions import names_in
from engine.model.diagnostic import Span
from tests.unit.language.env import FakeEnv
from tests.unit.language.orders import ORDERS

GOAL = 15
SECONDS = 0.4
ROUNDS = 3
# Ours, and the nearest that simpleeval can say (floats, and no empties: `None >= 1000` would raise there).
CONDITIONS = [
    ("amount < 500 and empty(remark) and not flagged('amount_adds_up')",) * 2,
    (
        "warehouse == user.warehouse and status in ['approved', 'picking']",
        "warehouse == uw and status in ['approved', 'picking']",
    ),
    ("empty(amount) or amount >= 1000",) * 2,
    ("in_region(province, '华东')",) * 2,
    ("status in ['pending', 'approved']",) * 2,
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


def main() -> None:
    """Print one line per condition and the ratio over all."""
    warnings.simplefilter("ignore")
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    record: dict[str, Any] = {
        "id": "o1", "amount": Decimal("320.00"), "cost": Decimal("200.00"), "remark": None, "status": "pending",
        "warehouse": "hz", "province": "浙江", "priority": "normal", "flags": frozenset(),
    }  # fmt: skip
    env = FakeEnv(now=now, user={"warehouse": "hz"})
    regions = {"华东": names_in("华东") or ()}
    floats = {name: float(value) if isinstance(value, Decimal) else value for name, value in record.items()}
    evaluator = EvalWithCompoundTypes(
        names={**floats, "uw": "hz"},
        functions={
            "empty": lambda x: x is None,
            "flagged": lambda name: name in record["flags"],
            "in_region": lambda x, region: x in regions[region],
        },
    )
    spent = {"ours": 0.0, "simpleeval": 0.0}
    for ours, theirs in CONDITIONS:
        function = compile_python(read_expression(ours, ORDERS, span=Span(), path=""))
        parsed = evaluator.parse(theirs)
        assert function(record, env) == evaluator.eval(theirs, previously_parsed=parsed)
        fast = rate(partial(function, record, env))
        slow = rate(partial(evaluator.eval, theirs, previously_parsed=parsed))
        spent["ours"] += 1 / fast
        spent["simpleeval"] += 1 / slow
        print(f"{fast / 1e6:6.2f} M/s  simpleeval {slow / 1e6:5.3f} M/s  {fast / slow:5.1f} x   {ours}")
    ratio = spent["simpleeval"] / spent["ours"]
    print(f"all five: {5 / spent['ours'] / 1e6:.2f} M/s, {ratio:.1f} x simpleeval (goal: at least {GOAL} x)")


if __name__ == "__main__":
    main()
