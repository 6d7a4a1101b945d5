"""Ids of records and journal lines: ULIDs, so that an id tells its time of birth and nothing else (no counts, no neighbours).

Source of the form: https://github.com/ulid/spec (48 bits of milliseconds, 80 random bits, Crockford base 32)."""

from __future__ import annotations

import os
import threading
import time
from base64 import b32encode
from collections.abc import Callable

_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghjkmnpqrstvwxyz")
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
        # 160 bits are 32 letters, of which the last 26 are ours.
        return b32encode(number.to_bytes(20)).translate(_CROCKFORD)[-26:].decode()
