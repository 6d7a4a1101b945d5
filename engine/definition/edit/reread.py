"""Reading a file again after a change: only the entries of sections that were touched, where that is sure to read as the whole
would; else all of it. What is not sure is read as a whole, so the shortcut can cost time but never be wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.definition.edit.boxes import Unclear, block, raws_of
from engine.definition.edit.lines import ODD_BREAKS, next_line
from engine.definition.edit.source import Piece, Section, Source, pieces_of, read_source
from engine.definition.nodes import MapNode
from engine.definition.read import DEEPEST, LARGEST, MOST_FILES, MOST_PARTS, read_files, read_text
from engine.definition.spelling import Edit, applied
from engine.model.diagnostic import DefinitionError

# A line that ends a YAML document would cut a piece, but also the file.
_WIDEST = 4  # bytes of a character
_MARKER = re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)


def reread(source: Source, edits: Sequence[Edit]) -> Source:
    """The file with some places of its text replaced. Raises DefinitionError for what does not read."""
    quick = _quick(source, edits) if source.whole is None else None
    if quick is not None and all(piece.depth + 2 <= DEEPEST for section in quick.sections for piece in section.pieces):
        return quick
    data = applied(source.text, edits).encode("utf-8-sig" if source.mark else "utf-8")
    return read_source(source.name, data)


def within_limits(sources: Mapping[str, Source]) -> None:
    """Raises DefinitionError where all files together are more than the reader takes."""
    size = sum(len(source.text) for source in sources.values()) * _WIDEST
    if size > LARGEST:
        size = sum(len(source.bytes) for source in sources.values())
    if size > LARGEST or sum(source.parts for source in sources.values()) > MOST_PARTS or len(sources) > MOST_FILES:
        read_files({name: source.bytes for name, source in sources.items()})


def _quick(source: Source, edits: Sequence[Edit]) -> Source | None:
    found: list[Section] = []
    changes = _by_section(source, edits)
    if -1 in changes:
        return None
    for number, section in enumerate(source.sections):
        again = _again(source.name, section, changes.get(number, []))
        if again is None:
            return None
        found += again
    names = {section.head.name for section in found}
    return replace(source, sections=tuple(found)) if len(names) == len(found) else None


def _again(file: str, section: Section, edits: list[Edit]) -> Sequence[Section] | None:
    """A section with its text changed, and any that were written behind it; None: the whole file has to be read."""
    if not edits:
        return [section]
    size = len(section.text)
    behind = [edit for edit in edits if edit[:2] == (size, size) and edit[2].lstrip("\r\n")[:1].strip()]
    if len(behind) > 1 or not section.text.endswith("\n"):
        return None
    if behind:
        new = behind[0][2]
        blank = len(new) - len(new.lstrip("\r\n"))
        edits = [edit for edit in edits if edit is not behind[0]] + ([(size, size, new[:blank])] if blank else [])
        first = _again(file, section, edits)
        more = _alone(file, new[blank:])
        return [*first, *more] if first is not None and more is not None else None
    if not section.pieces:
        return _alone(file, applied(section.text, edits))
    changed = _section_again(file, section, edits)
    return [changed] if changed is not None else None


def _alone(file: str, text: str) -> Sequence[Section] | None:
    """Whole sections, read by themselves."""
    if not text[: next_line(text, 0)].strip() or _MARKER.search(text) or ODD_BREAKS.search(text) or not text.endswith("\n"):
        return None
    try:
        source = read_source(file, text.encode())
    except (DefinitionError, UnicodeEncodeError):
        return None
    return source.sections if source.whole is None and not source.before else None


def _by_section(source: Source, edits: Sequence[Edit]) -> dict[int, list[Edit]]:
    """The edits by the section in whose entries they lie, counted from its beginning; -1: not within one section."""
    starts, at = [], len(source.before)
    for section in source.sections:
        starts.append(at)
        at += len(section.text)
    found: dict[int, list[Edit]] = {}
    for start, end, new in edits:
        number = bisect_right(starts, start) - 1
        if number > 0 and start == end == starts[number]:  # between two sections: at the end of the first
            number -= 1
        base = starts[number] if number >= 0 else 0
        if number >= 0 and end - base > len(source.sections[number].text):
            number = -1
        found.setdefault(number, []).append((start - base, end - base, new))
    return found


def _section_again(file: str, section: Section, edits: list[Edit]) -> Section | None:
    """The section with its text changed, read again where it was; None: the whole file has to be read."""
    ends, at = [], len(section.head.text)
    for piece in section.pieces:
        at += len(piece.text)
        ends.append(at)
    runs = _runs(len(section.head.text), ends, edits)
    if runs is None:
        return None
    pieces: list[Piece] = list(section.pieces)
    for first, last in reversed(runs):
        base = ends[first - 1] if first else len(section.head.text)
        here = [(start - base, end - base, new) for start, end, new in edits if base <= start and end <= ends[last]]
        text = applied("".join(piece.text for piece in section.pieces[first : last + 1]), here)
        again = _pieces_again(file, text, section.column)
        if again is None:
            return None
        pieces[first : last + 1] = again
    names = {piece.name for piece in pieces}
    return replace(section, pieces=tuple(pieces)) if pieces and len(names) == len(pieces) else None


def _runs(start: int, ends: list[int], edits: list[Edit]) -> list[tuple[int, int]] | None:
    """Which pieces the edits lie in, with the neighbour where one reaches an edge, as runs that do not touch; None: one lies
    elsewhere."""
    touched: list[tuple[int, int]] = []
    for begin, end, _ in sorted(edits):
        if begin < start or not ends:
            return None
        first = min(bisect_right(ends, begin), len(ends) - 1)
        last = min(bisect_right(ends, max(end - 1, begin)), len(ends) - 1)
        if first and begin == ends[first - 1]:
            first -= 1
        if end >= ends[last] and last < len(ends) - 1:
            last += 1
        if touched and first <= touched[-1][1] + 1:
            touched[-1] = (touched[-1][0], max(last, touched[-1][1]))
        else:
            touched.append((first, last))
    return touched


def _pieces_again(file: str, text: str, column: int) -> tuple[Piece, ...] | None:
    if not text[: next_line(text, 0)].strip() or _MARKER.search(text) or ODD_BREAKS.search(text):
        return None
    try:
        root = read_text(file, text.encode())
        if not isinstance(root, MapNode) or root.flow or not root.items or root.span.column != column + 1:
            return None
        entries = block(text, raws_of(root, 0), floor=0)
    except (DefinitionError, Unclear, UnicodeEncodeError):
        return None
    return pieces_of(text, root, entries, 0, len(text))
