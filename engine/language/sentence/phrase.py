"""Phrases: a text with how tightly it holds together, so that brackets stand exactly where words would run together.

Here, because conditions, values and functions all put phrases into messages. Knows no node of the tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from engine.model.text import Text


class Hold(IntEnum):
    """How tightly. WORD: a name, a constant, anything in brackets. PRODUCT and SUM: arithmetic. PHRASE: a value of several
    words. CLAUSE: one condition. JOINED: several conditions."""

    WORD = 0
    PRODUCT = 1
    SUM = 2
    PHRASE = 3
    CLAUSE = 4
    JOINED = 5


@dataclass(frozen=True, slots=True)
class Phrase:
    text: Text
    hold: Hold

    def within(self, hold: Hold) -> Text:
        """The text where nothing looser than `hold` may stand: in brackets if it is looser."""
        return self.text if self.hold <= hold else bracketed(self.text)


_BRACKETS = Text("（{it}）", "({it})")


def bracketed(text: Text) -> Text:
    """In brackets."""
    return _BRACKETS.fill(it=text)


def word(text: Text) -> Phrase:
    """A phrase that nothing can tear apart."""
    return Phrase(text, Hold.WORD)


def chain(texts: Sequence[Text], link: Text) -> Text:
    """Any number of texts by one message with the slots `left` and `right`: `{left} and {right}`."""
    whole = texts[0]
    for each in texts[1:]:
        whole = link.say(left=whole, right=each)
    return whole


ENUMERATION = Text("{left}、{right}", "{left}, {right}")


def enumerated(texts: Iterable[Text]) -> Text:
    """`a、b、c` / `a, b, c`; empty for none."""
    listed = tuple(texts)
    return chain(listed, ENUMERATION) if listed else Text("", "")
