"""Arithmetic in words: signs between numbers, with brackets where they are needed; moments and durations as people say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.language.sentence.comparing import Words
from engine.language.sentence.phrase import Hold, Phrase
from engine.model.text import Text
from engine.model.tree import Arithmetic, Call, Constant, Negative, Node
from engine.model.types import TypeKind

_SIGNS = {
    "+": Text("{left} + {right}", "{left} + {right}"),
    "-": Text("{left} − {right}", "{left} − {right}"),
    "*": Text("{left} × {right}", "{left} × {right}"),
    "/": Text("{left} ÷ {right}", "{left} ÷ {right}"),
}
_MINUS = Text("−{it}", "−{it}")
_AGO = Text("{span}前", "{span} ago")
_AHEAD = Text("{span}后", "{span} from now")
_EARLIER = Text("{moment}的{span}前", "{span} before {moment}")
_LATER = Text("{moment}的{span}后", "{span} after {moment}")
_SINCE = Text("从{start}到现在的时长", "the time since {start}")
_TIME_BETWEEN = Text("从{start}到{end}的时长", "the time from {start} to {end}")


def calculated(words: Words, node: Arithmetic | Negative) -> Phrase:
    """`+ - * /` and a minus before a value."""
    if isinstance(node, Negative):
        return Phrase(_MINUS.fill(it=words.value(node.operand, {}).within(Hold.WORD)), Hold.PRODUCT)
    left, right = node.left, node.right
    if node.type.kind is TypeKind.DATETIME:
        moment, span = (left, right) if left.type.kind is TypeKind.DATETIME else (right, left)
        return _moved(words, moment, span, node.operator == "+")
    if node.type.kind is TypeKind.DURATION and left.type.kind is TypeKind.DATETIME:
        return _time_between(words, left, right)
    # What stands on the right holds tighter, after + and × too: a result too big to hold is empty, so the order counts.
    hold = Hold.SUM if node.operator in ("+", "-") else Hold.PRODUCT
    slots = {"left": words.value(left, {}).within(hold), "right": words.value(right, {}).within(Hold(hold - 1))}
    return Phrase(_SIGNS[node.operator].fill(**slots), hold)


def _moved(words: Words, moment: Node, span: Node, later: bool) -> Phrase:
    if not isinstance(span, Constant) or span.value is None:
        slots = {"left": words.value(moment, {}).within(Hold.SUM), "right": words.value(span, {}).within(Hold.PRODUCT)}
        return Phrase(_SIGNS["+" if later else "-"].fill(**slots), Hold.SUM)
    if span.value < timedelta():
        span, later = replace(span, value=-span.value), not later
    said = words.value(span, {}).within(Hold.WORD)
    if _is_now(moment):
        return Phrase((_AHEAD if later else _AGO).say(span=said), Hold.PHRASE)
    slots = {"span": said, "moment": words.value(moment, {}).within(Hold.WORD)}
    return Phrase((_LATER if later else _EARLIER).say(**slots), Hold.PHRASE)


def _time_between(words: Words, end: Node, start: Node) -> Phrase:
    slots = {"start": words.value(start, {}).within(Hold.WORD)}
    if _is_now(end):
        return Phrase(_SINCE.say(**slots), Hold.PHRASE)
    return Phrase(_TIME_BETWEEN.say(end=words.value(end, {}).within(Hold.WORD), **slots), Hold.PHRASE)


def _is_now(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "now"
