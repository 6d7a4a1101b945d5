"""From what a YAML scalar says back to the characters that say it, exactly: quotes, escapes, folded lines and blocks.

Here because the YAML library gives only where a scalar begins. White space is where YAML folds, and names hold none: so the
other characters are matched one by one, in order, and a place is known only if every one of them is what it should be."""

from __future__ import annotations

import re
from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.model.diagnostic import Span

# What YAML 1.1 takes for the end of a line, and so what its places count by.
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_WHITE = frozenset(" \t\r\n\x85\u2028\u2029")
_ESCAPES = {
    **dict(zip('"\\/abefnrtv_NLP 0', '"\\/\x07\x08\x1b\x0c\n\r\t\x0b\xa0\x85\u2028\u2029 \x00', strict=True)),
    "\t": "\t",
}
_NOWHERE = (-1, -1)
_QUOTES, _BLOCKS = ("'", '"'), ("|", ">")
_SPECIAL = re.compile(r"['\"\\]")
_DIGITS = {"x": 2, "u": 4, "U": 8}
Token = tuple[str, int, int]
Edit = tuple[int, int, str]
"""Put a text in the place of the characters from … to."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """One file. Offsets count characters of its text, without a byte order mark."""

    text: str
    lines: tuple[int, ...]
    mark: bytes

    @staticmethod
    def of(data: bytes) -> SourceText:
        """`data` is UTF-8: the reader has seen to it."""
        mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
        text = data[len(mark) :].decode("utf-8")
        return SourceText(text, (0, *(found.end() for found in _LINE_END.finditer(text))), mark)

    def offset(self, span: Span) -> int:
        """Where a place is."""
        return self.lines[span.line - 1] + span.column - 1

    def span(self, file: str, offset: int) -> Span:
        """The place of an offset."""
        line = bisect_right(self.lines, offset)
        return Span(file, line, offset - self.lines[line - 1] + 1)

    def places(self, span: Span, said: str) -> tuple[tuple[int, int], ...] | None:
        """For each character of what the scalar at `span` says, the characters it is written with ((-1, -1) for white
        space). None when they cannot be told."""
        at = self.offset(span)
        style = self.text[at : at + 1]
        begin = at + (style in _QUOTES)
        if style not in _BLOCKS and self.text.startswith(said, begin) and (begin == at or not _SPECIAL.search(said)):
            return tuple((at, at + 1) if char not in _WHITE else _NOWHERE for at, char in enumerate(said, begin))
        return self._matched(at, said)

    def _matched(self, at: int, said: str) -> tuple[tuple[int, int], ...] | None:
        """Character by character, through folds and escapes."""
        tokens = _tokens(self.text, at)
        found = []
        for char in said:
            if char in _WHITE:
                found.append(_NOWHERE)
                continue
            token = next(tokens, None)
            if token is None or token[0] != char:
                return None
            found.append(token[1:])
        return tuple(found)

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file with some characters replaced; edits must not overlap."""
        return self.mark + applied(self.text, edits).encode("utf-8")


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with some places replaced; they do not overlap."""
    done: list[str] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        done += [text[at:start], new]
        at = end
    return "".join([*done, text[at:]])


def _tokens(text: str, at: int) -> Iterator[Token]:
    """The characters other than white space that a scalar says, each with where it is written."""
    style = text[at : at + 1]
    if style == "'":
        return _single(text, at + 1)
    if style == '"':
        return _double(text, at + 1)
    if style in _BLOCKS:
        header = _LINE_END.search(text, at)
        return _plain(text, header.end() if header else len(text))
    return _plain(text, at)


def _plain(text: str, at: int) -> Iterator[Token]:
    """As they stand. Where the scalar ends need not be known: nobody asks for more than it says."""
    for position in range(at, len(text)):
        if text[position] not in _WHITE:
            yield text[position], position, position + 1


def _single(text: str, at: int) -> Iterator[Token]:
    while at < len(text):
        if text[at] != "'":
            if text[at] not in _WHITE:
                yield text[at], at, at + 1
            at += 1
        elif text.startswith("''", at):
            yield "'", at, at + 2
            at += 2
        else:
            return


def _double(text: str, at: int) -> Iterator[Token]:
    while at < len(text) and text[at] != '"':
        char, end = (text[at], at + 1) if text[at] != "\\" else _escaped(text, at + 1)
        if char not in _WHITE:
            yield char, at, end
        at = end


def _escaped(text: str, at: int) -> tuple[str, int]:
    """What stands after a backslash: a character, one by its number, or the end of a line."""
    letter = text[at : at + 1]
    if letter in _DIGITS:
        end = at + 1 + _DIGITS[letter]
        return chr(int(text[at + 1 : end], 16)), end
    return _ESCAPES.get(letter, "\n"), at + 1
