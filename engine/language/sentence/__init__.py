"""An expression as words for people, in both languages: for refusals, rule lists, reviews of a definition.

Two doors: `sentence` for a condition, `value_words` for a value. Each shape of the tree is one message with slots, which a
translator sees whole; functions bring their own words. What means something else reads differently: operands that would
run together stand in brackets. It must not evaluate anything, nor know who may see what."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.sentence.writer import Writer
from engine.model.app import App, Choice
from engine.model.text import Text
from engine.model.tree import Expression

__all__ = ["sentence", "value_words"]


def sentence(expression: Expression, app: App, table: str, *, inner: bool = False, you: bool = True) -> Text:
    """The condition in words; `table` is the one that it is about. `inner`: bare names are a second record's (an update
    step's `where`), `this` the record around it. `you`: the reader is the person whom `user.` means."""
    return Writer(app, table, row=int(inner), you=you).condition(expression.node).text


def value_words(
    expression: Expression, app: App, table: str, *, choices: Mapping[str, Choice] | None = None, inner: bool = False
) -> Text:
    """The value in words. `choices`: those of the field that it goes into, so that constants go by their titles."""
    return Writer(app, table, row=int(inner), you=False).value(expression.node, choices or {}).text
