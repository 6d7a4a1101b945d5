"""One text, number or flag as YAML on one line or as a literal block, so that our reader reads exactly it.

Quotes are set where our reader needs them, and where other YAML tools would read a number, a date or a flag (`on`, `12:30`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

import yaml

from engine.definition.nodes import Plain
from engine.definition.scalars import resolve

_ODD_FIRST = frozenset("-?:,[]{}#&*!|>'\"%@`")
_NOT_PLAIN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]|: | #|:$|^\\s|\\s$|^---|^\\.\\.\\.|\t")
_NOT_PLAIN_IN_FLOW = re.compile(r"[,\[\]{}]|:[,\[\]{}]")
_MINUS_WORD = re.compile(r"-[A-Za-z_]")
_LIKE_CODE = re.compile(r"""['"<>=(){}\[\]!&*%@|#:`]""")
_ONE_LINE_ONLY = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P"}
_TO_ESCAPE = re.compile('[\\\\"\n\t\r\x85\u2028\u2029]')
_NO_BLOCK = re.compile("[\r\x85\u2028\u2029]")


def scalar(value: Plain, *, flow: bool, style: str = "") -> str:
    """A value on one line. `style`: the quote to use where there is a choice; empty: none."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    if style not in {"'", '"'} and _may_be_plain(value, flow=flow) and not _means_something(value):
        return value
    return _quoted(value, style)


def key(name: str, *, flow: bool, style: str = "") -> str:
    """A name as it stands before its colon. Our reader takes any key as text, so `on:` needs no quotes."""
    return name if not style and _may_be_plain(name, flow=flow) else _quoted(name, style)


def _may_be_plain(text: str, *, flow: bool) -> bool:
    if not text or _NOT_PLAIN.search(text) or (flow and _NOT_PLAIN_IN_FLOW.search(text)):
        return False
    return text[0] not in _ODD_FIRST or bool(_MINUS_WORD.match(text))


def _means_something(text: str) -> bool:
    """Would our reader, or YAML 1.1, read something else than text?"""
    if resolve(text) != text:
        return True
    rules = cast(Any, yaml.SafeLoader).yaml_implicit_resolvers
    return any(pattern.match(text) for _, pattern in [*rules.get(text[0], ()), *rules.get(None, ())])


def _quoted(text: str, style: str) -> str:
    single = not _ONE_LINE_ONLY.search(text)
    if single and (style == "'" or (style != '"' and "'" not in text and ('"' in text or "\\" in text))):
        return "'" + text.replace("'", "''") + "'"
    return '"' + _TO_ESCAPE.sub(lambda found: _ESCAPES[found[0]], text) + '"'


def style_for(text: str, *, alike: Iterable[str], beside: Iterable[str]) -> str:
    """The quote for a new text. `alike`: quotes of texts in the same role elsewhere, nearest first; `beside`: of the texts
    around it. Code is quoted unless those alike are not."""
    for style in alike:
        return style if style in {"'", '"'} else ""
    around = [style for style in beside if style in {"", "'", '"'}]
    quotes = [style for style in around if style]
    if quotes and len(quotes) == len(around):
        return quotes[0]
    return (quotes[0] if quotes else '"') if _LIKE_CODE.search(text) else ""


def literal(text: str) -> tuple[str, list[str]] | None:
    """A text of several lines as a literal block: its header, and its lines without indentation. None: not possible, or it
    would hang on spaces nobody sees."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if "\n" not in text or not body or body.endswith("\n") or _NO_BLOCK.search(text):
        return None
    if lines[0] != lines[0].lstrip() or not lines[0] or any(line != line.rstrip() for line in lines):
        return None
    return ("|" if text.endswith("\n") else "|-"), lines


def folded(text: str) -> tuple[str, list[str]] | None:
    """A text as a folded block, one line for each line of it. None: not possible."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if not body or body.endswith("\n") or _NO_BLOCK.search(text) or any(line != line.strip() for line in lines) or not lines[0]:
        return None
    spread = re.sub(r"\n+", lambda found: found[0] + "\n", body)
    return (">" if text.endswith("\n") else ">-"), spread.split("\n")
