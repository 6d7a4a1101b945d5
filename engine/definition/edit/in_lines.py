"""Changes within a map or list that is written in lines: which characters of its text to replace with what.

Blank lines go with the gap they make: an entry that is taken out takes the gap below it (the last one: the gap above), one that
is put in gets a gap like its neighbours'. A file without a line break at its end keeps none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.definition.edit.boxes import Box, Entry
from engine.definition.edit.lines import before_break, blanks_after, blanks_before, break_near, line_end, line_start, next_line
from engine.definition.edit.quoting import folded, key, literal
from engine.definition.edit.style import column_of, padding, rhythm, shared_column
from engine.definition.edit.writing import Models, inline, lines, nested, wants_lines
from engine.definition.nodes import Node, Scalar
from engine.definition.spelling import Edit

_HEADER = re.compile(r"[|>][-+0-9]*")


def written(text: str, at: int, rows: Sequence[str]) -> str:
    """Rows as whole lines, with the line break in use at a place."""
    end = break_near(text, at)
    return "".join(row + end for row in rows)


def new_entry(box: Box, index: int, name: str | None, value: Any, models: Models, *, depth: int) -> list[Edit]:
    """Put a new entry before entry number `index`."""
    head, pad = "-", " " * max(1, models.layout.item - 1)
    if name is not None:
        quote = box.text[box.entries[0].start]
        name = key(name, flow=False, style=quote if quote in "'\"" else "")
        head, pad = f"{name}:", padding(box, index, name)
    rows = lines(head, value, models, box.column, depth=depth, pad=pad)
    return insert(box, index, written(box.text, box.entries[min(index, len(box.entries) - 1)].start, rows))


def insert(box: Box, index: int, body: str) -> list[Edit]:
    """Put whole lines, indented already, before entry number `index`."""
    text, gap = box.text, rhythm(box, index)
    if index < len(box.entries):
        below = box.entries[index]
        if not below.shares:
            return [(below.lead, below.lead, body + gap)]
        margin = " " * box.column
        if body.lstrip(" ").startswith("#"):
            at = line_start(text, below.start)
            dash = at + len(text[at : below.start].rstrip(" "))
            return [(dash, below.start, break_near(text, below.start) + body + gap + margin)]
        return [(below.start, below.start, body.lstrip(" ") + gap + margin)]
    above = box.entries[-1]
    if isinstance(above.value, Scalar) and above.value.style in {"|", ">"} and above.value.text.endswith("\n\n"):
        gap = ""  # a blank line here would be read as one more of the text above
    if above.end and text[above.end - 1] != "\n":
        return [(above.end, above.end, break_near(text, above.end) + gap + body.rstrip("\r\n"))]
    return [(above.end, above.end, gap + body)]


def cut(text: str, start: int, end: int) -> Edit:
    """Take out whole lines; at the end of a file without a last line break, the one before goes."""
    if end == len(text) and start > 0 and not text.endswith("\n"):
        start -= 2 if text[:start].endswith("\r\n") else 1
    return start, end, ""


def remove(box: Box, index: int) -> list[Edit]:
    """Take out an entry that is not the only one."""
    text, entry = box.text, box.entries[index]
    if entry.shares:
        below = box.entries[index + 1]
        if text[entry.end : below.start].strip():  # comments stay, so the dash stays alone
            at = line_start(text, entry.start)
            dash = at + len(text[at : entry.start].rstrip(" "))
            return [(dash, entry.end, break_near(text, entry.end))]
        return [(entry.start, below.start, "")]
    if index < len(box.entries) - 1:
        return [cut(text, entry.lead, min(blanks_after(text, entry.end), box.entries[index + 1].lead))]
    above = box.entries[index - 1].end if index else 0
    return [cut(text, blanks_before(text, entry.lead, floor=above) if index else entry.lead, entry.end)]


def empty(box: Box) -> list[Edit]:
    """Take out the only entry: the brackets stay where it hung."""
    text, entry = box.text, box.entries[0]
    brackets = "{}" if box.is_map else "[]"
    if box.owner < 0:
        return [cut(text, entry.lead, entry.end)]
    if entry.shares:
        return [(entry.start, _stop(text, entry), brackets)]
    floor = next_line(text, box.owner)
    return [(box.owner, box.owner, " " + brackets), cut(text, blanks_before(text, entry.lead, floor=floor), entry.end)]


def _stop(text: str, entry: Entry) -> int:
    """Behind the value of an entry that stands on one line; else behind all its lines."""
    if "\n" not in text[entry.start : entry.last]:
        return entry.last
    return before_break(text, entry.end)


def rename(box: Box, index: int, name: str) -> list[Edit]:
    """Another key; its value keeps its column where its neighbours' values share one."""
    text, entry = box.text, box.entries[index]
    end = entry.after - 1 if entry.after >= 0 else entry.last
    old = text[entry.start : end].rstrip()
    new = key(name, flow=box.flow, style=old[0] if old[0] in "'\"" else "")
    edits: list[Edit] = [(entry.start, entry.start + len(old), new)]
    shared = shared_column(box, index, own=entry)
    if shared is not None and entry.first > entry.after and "\n" not in text[entry.start : entry.first]:
        column = column_of(text, entry)
        if column == shared or (column > shared and entry.first == entry.after + 1):  # in line, or pushed out of it
            edits.append((entry.after, entry.first, " " * max(1, shared - (box.column + len(new) + 1))))
    return edits


def change(box: Box, index: int, value: Any, models: Models, *, depth: int) -> list[Edit]:
    """Another value for an entry, all of it."""
    text, entry = box.text, box.entries[index]
    if in_rows(entry.value):
        return _change_rows(box, entry, value, models, depth=depth)
    old = entry.value
    if isinstance(old, Scalar) and old.style in {"|", ">"}:
        return _change_block(box, entry, old, value, models, depth=depth)
    below = "\n" in text[entry.after : entry.first]  # the value stands on the next line: it stays there, in brackets
    if below or not wants_lines(value, models, depth=depth):
        pad = "" if entry.last > entry.first else padding(box, index, text[entry.start : entry.after - 1])
        return [(entry.first, entry.last, pad + inline(value, models, flow=False))]
    return _open(box, entry, value, models, depth=depth)


def in_rows(node: Node) -> bool:
    """Is it a map or list in lines?"""
    return not isinstance(node, Scalar) and not node.flow


def _rows(box: Box, value: Any, models: Models, *, depth: int) -> tuple[str, list[str]]:
    """What stands behind the key or dash, and the lines below."""
    is_item = not box.is_map
    layout = models.layout
    if isinstance(value, str):
        header, body = literal(value) or ("", [])
        margin = " " * (box.column + (layout.item if is_item else layout.step))
        return " " + header, [margin + row if row else "" for row in body]
    if is_item:
        first, *rest = nested(value, models, box.column + layout.item, depth=depth + 1)
        return " " * (layout.item - 1) + first.lstrip(" "), rest
    offset = layout.dashes if isinstance(value, list) else layout.step
    return "", nested(value, models, box.column + offset, depth=depth + 1)


def _open(box: Box, entry: Entry, value: Any, models: Models, *, depth: int) -> list[Edit]:
    """A value in lines instead of one beside its key; a comment there stays."""
    text = box.text
    beside, rows = _rows(box, value, models, depth=depth)
    at, body = next_line(text, entry.last), written(text, entry.last, rows)
    if at == len(text) and not text.endswith("\n") and body:
        body = break_near(text, at) + body.rstrip("\r\n")
    return [(entry.after, entry.last, beside), (at, at, body)]


def _change_rows(box: Box, entry: Entry, value: Any, models: Models, *, depth: int) -> list[Edit]:
    text = box.text
    opens = wants_lines(value, models, depth=depth)
    beside, rows = _rows(box, value, models, depth=depth) if opens else (" " + inline(value, models, flow=False), [])
    stop = before_break(text, entry.end)
    if "\n" not in text[entry.after : entry.first]:
        end = break_near(text, entry.first)
        return [(entry.after, stop, beside + "".join(end + row for row in rows))]
    below = next_line(text, entry.after)
    put: list[Edit] = [(entry.after, entry.after, beside)] if beside else []
    if not rows:
        return [*put, cut(text, below, entry.end)]
    return [*put, (below, stop, break_near(text, below).join(rows))]


def _change_block(box: Box, entry: Entry, old: Scalar, value: Any, models: Models, *, depth: int) -> list[Edit]:
    """Another value for a text in a literal or folded block; it stays such a block if it can."""
    text, first = box.text, entry.first
    top = line_end(text, first)
    comment = text[first + len((_HEADER.match(text, first) or [""])[0]) : top]
    block = (folded(value) if old.style == ">" else literal(value)) if isinstance(value, str) else None
    if block is not None:
        header, rows = block
        written_rows = [row for row in text[next_line(text, first) : entry.last].split("\n") if row.strip()]
        indent = len(written_rows[0]) - len(written_rows[0].lstrip(" ")) if written_rows else box.column + models.layout.step
        end = break_near(text, next_line(text, first))
        return [(first, entry.last, header + comment + "".join(end + (" " * indent + row if row else "") for row in rows))]
    if wants_lines(value, models, depth=depth) and not isinstance(value, str):
        beside, new = _rows(box, value, models, depth=depth)
        end = break_near(text, first)
        return [(entry.after, entry.last, beside + comment + "".join(end + row for row in new))]
    return [(first, entry.last, inline(value, models, flow=False) + comment)]
