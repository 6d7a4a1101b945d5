"""Ids of records and journal lines: ULIDs, so that an id tells its time of birth and nothing else (no counts, no neighbours).

Source of the form: https://github.com/ulid/spec (48 bits of milliseconds, 80 random bits, Crockford base 32)."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
# Ten bits at a time: a row of an import draws three ids, and the library's base 32 would take longer than all else of them.
_PAIRS = tuple(first + second for first in _CROCKFORD for second in _CROCKFORD)
_SHIFTS = tuple(range(120, -1, -10))
_RANDOM_BITS = 80


class Ulids:
    """Draws ids: 26 characters, lower case. Within one process each sorts after the last, so that the lines of a journal and
    the rows of an order written in the same millisecond keep their order. `clock` in nanoseconds. Safe for threads."""

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        fresh = (self._clock() // 1_000_000) << _RANDOM_BITS | int.from_bytes(os.urandom(10))
        with self._lock:
            # A random step forward, so that a neighbour cannot be guessed from an id that somebody was shown.
            self._last = fresh if fresh > self._last else self._last + 1 + int.from_bytes(os.urandom(5))
            number = self._last
        return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])
