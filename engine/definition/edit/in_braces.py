"""Changes within a map or list in brackets, on one line or over several: which characters of its text to replace with what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.definition.edit.boxes import Box, Entry
from engine.definition.edit.lines import break_near, is_comment, lead_of, line_end, line_start, next_line
from engine.definition.edit.quoting import key
from engine.definition.edit.writing import Models, inline
from engine.definition.spelling import Edit


def entry_text(box: Box, name: str | None, value: Any, models: Models) -> str:
    """A new entry as it will stand between its commas."""
    if name is None:
        return inline(value, models, flow=True)
    quote = box.text[box.entries[0].start] if box.entries else ""
    return f"{key(name, flow=True, style=quote if quote in {chr(34), chr(39)} else '')}: {inline(value, models, flow=True)}"


def change(box: Box, index: int, value: Any, models: Models) -> list[Edit]:
    """Another value for an entry."""
    entry, new = box.entries[index], inline(value, models, flow=True)
    if entry.after < 0:
        return [(entry.last, entry.last, ": " + new)]
    return [(entry.first, entry.last, new if entry.last > entry.first else " " + new)]


def insert(box: Box, index: int, new: str) -> list[Edit]:
    """Put an entry before entry number `index`."""
    text, entries = box.text, box.entries
    if not entries:
        hollow = not text[box.open + 1 : box.close].strip()
        return [(box.open + 1, box.close if hollow else box.open + 1, new)]
    if index < len(entries):
        below = entries[index]
        start = line_start(text, below.start)
        if _alone(box, below) and start > box.open:
            lead = lead_of(text, below.start, column=len(text), floor=next_line(text, box.open))
            return [(lead, lead, text[start : below.start] + new + "," + break_near(text, below.start))]
        return [(below.start, below.start, new + _between(box))]
    above = entries[-1]
    comma = _comma(box, len(entries) - 1)
    if not _alone(box, above) or line_start(text, above.start) <= box.open:
        return [(comma, comma, f" {new},")] if comma >= 0 else [(above.last, above.last, _between(box) + new)]
    margin = text[line_start(text, above.start) : above.start]
    at = line_end(text, max(comma, above.last))
    row = break_near(text, at) + margin + new
    return [(at, at, row + ",")] if comma >= 0 else [(above.last, above.last, ","), (at, at, row)]


def remove(box: Box, index: int) -> list[Edit]:
    """Take out an entry. The comma of the one before it goes when there was none behind the last."""
    text, entries, entry = box.text, box.entries, box.entries[index]
    comma, last = _comma(box, index), index == len(entries) - 1
    edits: list[Edit] = []
    if _alone(box, entry) and line_start(text, entry.start) > box.open:
        if last and index and comma < 0:
            before = _comma(box, index - 1)
            edits.append((before - 1, before, ""))
        lead = lead_of(
            text, entry.start, column=len(text), floor=next_line(text, entries[index - 1].last if index else box.open)
        )
        return [*edits, (lead, next_line(text, max(comma, entry.last)), "")]
    if len(entries) == 1:
        hollow = "#" not in text[box.open : entry.start] and "#" not in text[entry.last : box.close]
        return [(box.open + 1, box.close, "")] if hollow else [(entry.start, max(comma, entry.last), "")]
    if last:
        above = entries[index - 1].last
        if "#" not in text[above : entry.start]:
            return [(above, entry.last, "")]
        before = _comma(box, index - 1)
        return [(before - 1, before, ""), (entry.start, entry.last, "")]
    end = entries[index + 1].start
    if "\n" in text[entry.last : end]:
        return [(entry.start, comma, "")]
    return [(entry.start, end, "")]


def reorder(box: Box, order: Sequence[int]) -> list[Edit]:
    """Put the entries into another order: what stands between them stays, comments on lines of their own go with them."""
    text = box.text
    slots = [extent(box, index) for index in range(len(box.entries))]
    edits: list[Edit] = []
    for at, index in enumerate(order):
        if at != index:
            there, here = slots[at], slots[index]
            edits.append((there[0], there[1], text[here[0] : here[1]]))
            edits.append((there[2], there[3], text[here[2] : here[3]]))
    return [edit for edit in edits if edit[0] != edit[1] or edit[2]]


def extent(box: Box, index: int) -> tuple[int, int, int, int]:
    """From and up to where an entry stands with the comment lines above it; the same of the comment behind it."""
    text, entry = box.text, box.entries[index]
    comma = max(_comma(box, index), entry.last)
    if not _alone(box, entry) or line_start(text, entry.start) <= box.open:
        return entry.start, entry.last, comma, comma
    floor = next_line(text, box.entries[index - 1].last if index else box.open)
    lead = lead_of(text, entry.start, column=len(text), floor=floor)
    return lead, entry.last, comma, line_end(text, comma)


def _comma(box: Box, index: int) -> int:
    """Behind the comma that follows an entry; -1: there is none."""
    text, at = box.text, box.entries[index].last
    stop = box.entries[index + 1].start if index + 1 < len(box.entries) else box.close
    while at < stop:
        if text[at] == ",":
            return at + 1
        at = next_line(text, at) if text[at] == "#" else at + 1
    return -1


def _between(box: Box) -> str:
    """What stands between two entries on one line."""
    for first, second in zip(box.entries, box.entries[1:], strict=False):
        found = box.text[first.last : second.start]
        if found.strip(" ") == "," and "\n" not in found:
            return found
    return ", "


def _alone(box: Box, entry: Entry) -> bool:
    """Has it its lines to itself?"""
    text = box.text
    before = text[line_start(text, entry.start) : entry.start]
    behind = text[entry.last : line_end(text, entry.last)].strip(" \t").removeprefix(",")
    return not before.strip() and (not behind.strip() or is_comment(behind))
