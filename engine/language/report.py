"""Collects the problems of one expression, each with its place inside the text. Nothing here decides what is a problem."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from engine.language.messages import MESSAGES
from engine.language.titles import Titles, by_title
from engine.model.diagnostic import Diagnostic, Span
from engine.model.text import Text

MOST_PROBLEMS = 20
SHOWN = 40


@dataclass(slots=True)
class Report:
    """`span` is where the text's first character stands; offsets count characters from there. `titles`: what people call
    things here, the nearest first."""

    span: Span
    path: str
    found: list[Diagnostic] = field(default_factory=list)
    titles: tuple[Titles, ...] = ()

    def add(self, code: str, offset: int, message: Text | None = None, hint: Text | None = None) -> None:
        """One more problem; what comes after the first twenty is left out. Where the place has no sentence or remedy of its
        own, the code's stands."""
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(diagnose(code, self.span, offset, self.path, message=message, hint=hint))


def diagnose(
    code: str, span: Span, offset: int, path: str, *, message: Text | None = None, hint: Text | None = None
) -> Diagnostic:
    """The problem `code`, `offset` characters after a place. KeyError for a code that the table does not have."""
    known = MESSAGES[code]
    place = Span(span.file, span.line, span.column + offset if span.column else 0)
    return Diagnostic(code, known.severity, path, place, message or known.text, hint or known.hint)


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant."""
    known = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return known[close[0]] if close else None


def did_you_mean(word: str, names: Iterable[str]) -> Text | None:
    """A hint naming the nearest name; without one, the first few names there are."""
    several = list(dict.fromkeys(names))
    close = nearest(word, several)
    if close is not None:
        return Text(f"是不是想写 {close}？", f"Did you mean {close}?")
    if not several:
        return None
    listed = ", ".join(several[:12])
    return Text(f"可以用：{listed}", f"Known here: {listed}") if len(several) <= 12 else None


def options_hint(word: str, options: Iterable[str], titles: Iterable[Titles]) -> Text | None:
    """Of a choice or state: the option with that title, the one spelled alike, or all there are."""
    known = list(options)
    quoted = {f"'{name}'" for name in known}
    own = (
        {title: names for title, written in each.items() if (names := tuple(w for w in written if w in quoted))}
        for each in titles
    )
    return by_title(word, own) or did_you_mean(word, known)


def short(text: str) -> str:
    """A piece of a user's text, cut to a length that fits a sentence."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
