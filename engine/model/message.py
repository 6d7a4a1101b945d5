"""One kind of problem that can be reported: how bad it is, the sentence and the remedy in both languages.

Here, because the expression language and the definition each have a table of them, and the reference lists both alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.diagnostic import Severity
from engine.model.text import Text

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its remedy, with `{slots}`. Without a remedy, the place gives one where it knows one."""

    severity: Severity
    text: Text
    hint: Text | None


def error(zh: str, en: str, hint: Pair | None = None) -> Message:
    """It cannot be accepted so."""
    return Message(Severity.ERROR, Text(zh, en), Text(*hint) if hint else None)


def warning(zh: str, en: str, hint: Pair | None = None) -> Message:
    """Accepted, and probably not what was meant."""
    return Message(Severity.WARNING, Text(zh, en), Text(*hint) if hint else None)


def pending(zh: str, en: str, hint: Pair | None = None) -> Message:
    """Accepted, and not running yet."""
    return Message(Severity.PENDING, Text(zh, en), Text(*hint) if hint else None)


def note(zh: str, en: str, hint: Pair | None = None) -> Message:
    """Accepted; what could not be decided about it."""
    return Message(Severity.NOTE, Text(zh, en), Text(*hint) if hint else None)
