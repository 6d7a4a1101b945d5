"""Lines of a text: where they begin and end, their line break, the comment lines that belong to something."""

from __future__ import annotations

import re

# What YAML takes for a line break and nobody means as one; lines are not counted in texts that hold them.
ODD_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")


def line_start(text: str, at: int) -> int:
    """Where the line of a place begins."""
    return text.rfind("\n", 0, at) + 1


def next_line(text: str, at: int) -> int:
    """Where the line after it begins; the end of the text for the last one."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def line_end(text: str, at: int) -> int:
    """Where its line ends, before the line break."""
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if end > at and text[end - 1] == "\r" else end


def before_break(text: str, end: int) -> int:
    """A place behind a line, less the line break before it."""
    if end and text[end - 1] == "\n":
        end -= 1
        return end - 1 if end and text[end - 1] == "\r" else end
    return end


def break_near(text: str, at: int) -> str:
    """The line break in use just before a place, else after it."""
    end = text.rfind("\n", 0, at)
    if end < 0:
        end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def is_comment(line: str) -> bool:
    return line.lstrip(" \t").startswith("#")


def lead_of(text: str, start: int, *, column: int, floor: int) -> int:
    """Where the comment lines directly above a line begin, that stand no further right than what they are about."""
    lead = line_start(text, start)
    while lead > floor:
        above = line_start(text, lead - 1)
        line = text[above:lead]
        if above < floor or not is_comment(line) or indent_of(line) > column:
            break
        lead = above
    return lead


def tail_of(text: str, end: int, *, column: int) -> int:
    """Where the last comment line ends that follows a line and stands further right than its element: it is inside of it."""
    tail = at = next_line(text, end)
    while at < len(text):
        after = next_line(text, at)
        line = text[at:after]
        if line.strip():
            if not is_comment(line) or indent_of(line) <= column:
                break
            tail = after
        at = after
    return tail


def blanks_before(text: str, at: int, *, floor: int) -> int:
    """Where the blank lines directly above a line begin."""
    while at > floor:
        above = line_start(text, at - 1)
        if above < floor or text[above:at].strip():
            break
        at = above
    return at


def blanks_after(text: str, at: int) -> int:
    """Where the blank lines that begin here end."""
    while at < len(text):
        after = next_line(text, at)
        if text[at:after].strip():
            break
        at = after
    return at
