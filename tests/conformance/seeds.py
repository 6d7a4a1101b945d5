"""How many examples the conformance tests try, and from which seeds: one that is always the same, so that the suite is steady,
and one that is new in each run, so that it goes on looking. The new one is shown at the end of the run and can be given back:

    CONFORMANCE_SEED=123 pytest tests/conformance
    CONFORMANCE_EXAMPLES=2000 pytest tests/conformance     # before a release
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

SEED = "CONFORMANCE_SEED"
STEADY = 20_261_122
EXAMPLES = int(os.environ.get("CONFORMANCE_EXAMPLES", "25"))
_RELAXED = settings(
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
both_seeds = pytest.mark.parametrize("seed_of", ["steady", "fresh"])


def fresh() -> int:
    """This run's own seed. Workers inherit it from the process that started them."""
    return int(os.environ.setdefault(SEED, str(secrets.randbelow(2**32))))


def try_all(check: Callable[..., None], seed_of: str, **strategies: Any) -> None:
    """Run `check` on generated examples."""
    _RELAXED(seed(STEADY if seed_of == "steady" else fresh())(given(**strategies)(check)))()


class Told:
    """Says the fresh seed at the end, and whenever something failed how to have it again."""

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        reports = [each for kind in ("passed", "failed") for each in terminalreporter.stats.get(kind, ())]
        if any("tests/conformance/" in each.nodeid or "made_worlds" in each.nodeid for each in reports):
            terminalreporter.write_line(f"conformance: fresh examples came from {SEED}={fresh()}")
