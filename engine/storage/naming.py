"""Names of tables and indexes that fit both databases: PostgreSQL keeps 63 bytes of a name and forgets the rest."""

from __future__ import annotations

from hashlib import sha256

LONGEST = 63
_MARK = 8


def fitting(name: str, longest: int = LONGEST) -> str:
    """The name itself if it fits, else its beginning and a short hash of the whole: the same each time, and still readable."""
    raw = name.encode()
    if len(raw) <= longest:
        return name
    kept = raw[: longest - _MARK - 1].decode(errors="ignore")
    return f"{kept}_{mark(name)}"


def mark(text: str) -> str:
    """A short hash: eight hexadecimal digits."""
    return sha256(text.encode()).hexdigest()[:_MARK]
