"""Every problem this package can report, in one table made of a file per topic: code, severity, sentence and remedy in both
languages.

One table, so that each code has a test and a line in the reference. The expression language has its own codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from engine.definition.messages.meaning import MEANING
from engine.definition.messages.names import NAMES
from engine.definition.messages.notes import NOTES
from engine.definition.messages.proofs import PROOFS
from engine.definition.messages.reading import READING
from engine.definition.messages.shape import SHAPE
from engine.model.diagnostic import Diagnostic, Span
from engine.model.message import Message
from engine.model.text import Text

LISTED = 12
ALIKE = 0.72

MESSAGES: Mapping[str, Message] = MappingProxyType({**READING, **SHAPE, **NAMES, **MEANING, **PROOFS, **NOTES})


def diagnose(code: str, span: Span, path: str, *, hint: Text | None = None, **slots: object) -> Diagnostic:
    """The problem `code` at a place. `slots` fill the sentence and its remedy; `hint` replaces the remedy."""
    message = MESSAGES[code]
    remedy = hint if hint is not None else (message.hint.fill(**slots) if message.hint else None)
    return Diagnostic(code, message.severity, path, span, message.text.fill(**slots), remedy)


def instead(name: str, known: Iterable[str]) -> Text | None:
    """'Did you mean', else what there is (when it is not much)."""
    names = list(known)
    near = get_close_matches(name, names, n=1, cutoff=ALIKE)
    if near:
        return Text("是不是想写 {near}？", "Did you mean {near}?").fill(near=near[0])
    if 0 < len(names) <= LISTED:
        return Text("可以写：{a}", "It can be: {b}").fill(a="、".join(names), b=", ".join(names))
    return None
