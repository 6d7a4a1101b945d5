"""Ids of records and journal lines: ULIDs, so that an id tells its time of birth and nothing else (no counts, no neighbours).

Source of the form: https://github.com/ulid/spec (48 bits of milliseconds, 80 random bits, Crockford base 32)."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 80


class Ulids:
    """Draws ids: 26 characters, lower case. Within one process each sorts after the last, so that the lines of a journal and
    the rows of an order written in the same millisecond keep their order. `clock` in nanoseconds. Safe for threads."""

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        fresh = (self._clock() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            # A random step forward, so that a neighbour cannot be guessed from an id that somebody was shown.
            self._last = fresh if fresh > self._last else self._last + 1 + secrets.randbits(_RANDOM_BITS // 2)
            number = self._last
        letters = []
        for _ in range(26):
            letters.append(_ALPHABET[number & 31])
            number >>= 5
        return "".join(reversed(letters))
