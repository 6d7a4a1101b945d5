"""How long to wait before the next call, from what a source says of its allowance.

Here, so that a pull stays inside the allowance instead of running into refusals. The allowance is a bucket that refills
steadily; the source tells after each call what the query cost and what is left (`extensions.cost`,
https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits). It must not sleep or call by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connectors import errors


@dataclass(frozen=True, slots=True)
class Status:
    """The bucket at `at` (monotonic seconds): points available, its size, points restored per second."""

    at: float
    available: float
    maximum: float
    restore: float


class Throttle:
    """The allowance of one token during one pull. `costs`: what each query asked for when it was last sent."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._status: Status | None = None
        self._costs: dict[str, float] = {}

    def learn(self, query: str, cost: Any) -> None:
        """Take note of `extensions.cost` of an answer to `query`; anything that is not as documented is not believed."""
        if not isinstance(cost, dict):
            return
        asked, status = _number(cost.get("requestedQueryCost")), cost.get("throttleStatus")
        if asked is not None:
            self._costs[query] = asked
        if not isinstance(status, dict):
            return
        available, maximum = _number(status.get("currentlyAvailable")), _number(status.get("maximumAvailable"))
        restore = _number(status.get("restoreRate"))
        if available is not None and maximum is not None and restore:
            self._status = Status(self._monotonic(), available, maximum, restore)

    def wait(self, query: str) -> float:
        """Seconds until the bucket holds what `query` asks for; 0 when unknown. Raises SourceError (`too_costly`) when it
        never will."""
        cost, status = self._costs.get(query), self._status
        if cost is None or status is None:
            return 0.0
        if cost > status.maximum:
            raise errors.too_costly(cost, status.maximum)
        now = self._monotonic()
        available = min(status.maximum, status.available + (now - status.at) * status.restore)
        return max(0.0, (cost - available) / status.restore)


def _number(value: Any) -> float | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
    return float(value) if fits else None
