"""Every code that checking a definition can report: of the definition's own parts and of the expressions in it.

Here, above both tables, because a reader of a code does not care which of the two it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.definition.messages import MESSAGES
from engine.language.messages import MESSAGES as OF_EXPRESSIONS
from engine.model.message import Message


def codes() -> Mapping[str, Message]:
    """Code → severity, meaning and remedy, in the order of the alphabet."""
    return MappingProxyType(dict(sorted({**MESSAGES, **OF_EXPRESSIONS}.items())))
