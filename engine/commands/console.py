"""Where commands write: results to standard output, talk to standard error, in one language. Keeps nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Console:
    """`locale` chooses the language of all text."""

    out: TextIO
    err: TextIO
    source: TextIO
    locale: str

    def result(self, text: str | Text) -> None:
        """A line that is the answer."""
        self.out.write(self._in_words(text) + "\n")
        self.out.flush()

    def talk(self, text: str | Text) -> None:
        """A line for the person who waits; no program reads it."""
        self.err.write(self._in_words(text) + "\n")
        self.err.flush()

    def data(self, value: Any) -> None:
        """The answer as JSON."""
        self.result(json.dumps(value, ensure_ascii=False, indent=2))

    def table(self, heads: Sequence[Text], rows: Sequence[Sequence[str]]) -> None:
        """Columns set apart by two spaces; Chinese characters count as two."""
        lines = [[self._in_words(head) for head in heads], *rows]
        widths = [max(_width(line[n]) for line in lines) for n in range(len(heads))]
        for line in lines:
            cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
            self.result("  ".join(cells).rstrip())

    def read(self) -> str:
        """Standard input, its last line break taken off."""
        return self.source.read().removesuffix("\n").removesuffix("\r")

    def _in_words(self, text: str | Text) -> str:
        return text.to(self.locale) if isinstance(text, Text) else text


def _width(text: str) -> int:
    return sum(2 if "\u1100" <= character <= "\uffe6" else 1 for character in text)
