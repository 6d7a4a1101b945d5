"""How a publish goes through a large table: in chunks, each a short transaction, with a longer pause after it, so that writers
always find a gap. SQLite lets a waiting writer sleep and look again, up to a tenth of a second later: it must meet a pause."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MOST = 20_000
# A chunk grows slowly and shrinks at once: one that is too long cannot be taken back.
GROWTH = 1.5
LONGEST_REST = 0.4


@dataclass(frozen=True, slots=True)
class Pace:
    """Tables of up to `small` records together are done within the swap. `seconds`: about how long one chunk may keep writers
    waiting; `first`: records of the first one, `fewest` of any other, since on a busy machine a chunk's own time is the least
    part of what it takes; `rest`: the pause after it, in chunks; `few`: so many noted records are left to
    the swap; `rounds`: and after so many rounds, however many."""

    small: int = 2_000
    seconds: float = 0.025
    first: int = 500
    fewest: int = 500
    rest: float = 2.0
    few: int = 100
    rounds: int = 50


STEADY = Pace()


class Chunks:
    """Sizes of chunks, each by how long the one before took."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._size = pace.first

    @contextmanager
    def chunk(self) -> Iterator[int]:
        """Around one transaction: at most so many records. The pause follows."""
        began = time.monotonic()
        yield self._size
        took = time.monotonic() - began
        factor = min(GROWTH, self._pace.seconds / max(took, 0.001))
        self._size = max(self._pace.fewest, min(MOST, int(self._size * factor) + 1))
        time.sleep(min(took * self._pace.rest, LONGEST_REST))
