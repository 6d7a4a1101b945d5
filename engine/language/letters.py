"""Small letters, the same on every back end: what `lower()` means.

Each character by itself: Unicode's full mapping without a language (İ becomes i and a dot above), and Σ is always σ, never
the final ς. So lower(a + b) is lower(a) + lower(b), and a part of a text is found in it whatever stands around. Python's
str.lower() and ICU look at the neighbours of Σ, which is why it is taken out first."""

from __future__ import annotations

from unicodedata import category

CAPITAL_SIGMA = "Σ"
SMALL_SIGMA = "σ"
# ICU's collation for no language in particular; every PostgreSQL built with ICU has it.
ICU_ROOT = "und-x-icu"


# Letters of scripts without capitals, digits, punctuation and blanks: their own small letter, and nobody else's.
_ALONE = frozenset({"Lo", "Nd", "Po", "Pd", "Ps", "Pe", "Zs"})


def alone(text: str) -> bool:
    """Is this text in a text exactly when it is in its small letters? Then nobody has to make small letters to look for it."""
    return all(category(letter) in _ALONE for letter in text)


def lower(text: str) -> str:
    """The text in small letters."""
    return text.replace(CAPITAL_SIGMA, SMALL_SIGMA).lower() if CAPITAL_SIGMA in text else text.lower()
