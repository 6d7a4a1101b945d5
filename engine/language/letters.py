"""Small letters, the same on every back end: what `lower()` means.

Each character by itself: Unicode's full mapping without a language (İ becomes i and a dot above), and Σ is always σ, never
the final ς. So lower(a + b) is lower(a) + lower(b), and a part of a text is found in it whatever stands around. Python's
str.lower() and ICU look at the neighbours of Σ, which is why it is taken out first."""

from __future__ import annotations

CAPITAL_SIGMA = "Σ"
SMALL_SIGMA = "σ"
# ICU's collation for no language in particular; every PostgreSQL built with ICU has it.
ICU_ROOT = "und-x-icu"


def lower(text: str) -> str:
    """The text in small letters."""
    return text.replace(CAPITAL_SIGMA, SMALL_SIGMA).lower() if CAPITAL_SIGMA in text else text.lower()
