"""What a protocol family is given to work with, and what it must offer.

Here, so that a family is one file that knows its protocol and nothing of clocks, sockets or catalogues."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from connectors.manifest import Manifest
from connectors.outbound import Outbound
from engine.model.connector import SourcePage


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Retry:
    """How often one request is tried, seconds before the second try (doubling up to `longest`). A source that asks for a
    wait longer than `longest` ends the pull, which is resumed when it is due again."""

    attempts: int = 4
    first: float = 1.0
    longest: float = 60.0

    def pause(self, attempt: int, jitter: float) -> float:
        """Seconds after the failed `attempt` (from 1); `jitter` in 0..1 keeps many pulls from coming back at once."""
        return min(self.longest, self.first * 2.0 ** (attempt - 1)) * (0.5 + jitter / 2)


@dataclass(frozen=True, slots=True)
class Tools:
    """The world outside: calls, clocks, sleep, chance."""

    outbound: Outbound
    retry: Retry = Retry()
    now: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


class Family(Protocol):
    """A protocol family: a module constant `FAMILY` in a file of `connectors`."""

    @property
    def name(self) -> str:
        """What manifests call it."""

    def pages(
        self, manifest: Manifest, stream: str, settings: Mapping[str, str], cursor: Mapping[str, Any] | None, tools: Tools
    ) -> Iterator[SourcePage]:
        """As Catalogue.pages, for one manifest. `settings` are complete and checked, hosts made into an origin."""
