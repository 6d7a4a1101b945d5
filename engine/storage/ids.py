"""Ids of records and journal lines: ULIDs, so that an id tells its time of birth and nothing else (no counts, no neighbours).

Source of the form: https://github.com/ulid/spec (48 bits of milliseconds, 80 random bits, Crockford base 32)."""

from __future__ import annotations

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """26 characters, lower case, sorting by time of creation."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    letters = []
    for _ in range(26):
        letters.append(_ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(letters))
