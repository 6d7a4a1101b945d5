"""Fresh random ids and tokens, and the hash under which a token is kept.

A token has 256 random bits, so a plain SHA-256 is enough here: there is nothing to guess, unlike with passwords.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_id() -> str:
    """32 hexadecimal digits, random: an id says nothing about how many there are."""
    return secrets.token_hex(16)


def new_token(prefix: str = "") -> str:
    """256 random bits, safe in a URL. The prefix tells people (and secret scanners) what it is."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps instead of the token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """The CSRF token that goes with a session token: derived, so nothing more is stored and neither gives the other away."""
    return hmac.new(token.encode(), b"dajian csrf", hashlib.sha256).hexdigest()
