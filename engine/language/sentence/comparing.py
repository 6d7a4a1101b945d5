"""Comparisons in words. Numbers are less, moments earlier, durations shorter, texts come before; one message for each.

A comparison of order that is denied also holds where a value is empty; the sentence says so, because `not x < 5` and
`x >= 5` are two things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from engine.language.logic import OPPOSITE, TURNED
from engine.language.sentence.origin import choices_of, two_valued, whole
from engine.language.sentence.phrase import Hold, Phrase, bracketed
from engine.model.app import App, Choice
from engine.model.text import Text
from engine.model.tree import Compare, Constant, Node, This
from engine.model.types import TypeKind

_NUMBER = {
    "==": Text("{left}等于{right}", "{left} is {right}"),
    "!=": Text("{left}不等于{right}", "{left} is not {right}"),
    "<": Text("{left}小于{right}", "{left} is less than {right}"),
    "<=": Text("{left}不超过{right}", "{left} is at most {right}"),
    ">": Text("{left}大于{right}", "{left} is more than {right}"),
    ">=": Text("{left}不少于{right}", "{left} is at least {right}"),
}
_TIME = {
    "==": Text("{left}是{right}", "{left} is {right}"),
    "!=": Text("{left}不是{right}", "{left} is not {right}"),
    "<": Text("{left}早于{right}", "{left} is earlier than {right}"),
    "<=": Text("{left}不晚于{right}", "{left} is no later than {right}"),
    ">": Text("{left}晚于{right}", "{left} is later than {right}"),
    ">=": Text("{left}不早于{right}", "{left} is no earlier than {right}"),
}
_SPAN = {
    "==": Text("{left}等于{right}", "{left} is {right}"),
    "!=": Text("{left}不等于{right}", "{left} is not {right}"),
    "<": Text("{left}不到{right}", "{left} is less than {right}"),
    "<=": Text("{left}不超过{right}", "{left} is at most {right}"),
    ">": Text("{left}超过{right}", "{left} is more than {right}"),
    ">=": Text("{left}达到{right}", "{left} is at least {right}"),
}
_OTHER = {
    "==": Text("{left}是{right}", "{left} is {right}"),
    "!=": Text("{left}不是{right}", "{left} is not {right}"),
    "<": Text("{left}按字符顺序在{right}之前", "{left} comes before {right} in character order"),
    "<=": Text("{left}按字符顺序不在{right}之后", "{left} does not come after {right} in character order"),
    ">": Text("{left}按字符顺序在{right}之后", "{left} comes after {right} in character order"),
    ">=": Text("{left}按字符顺序不在{right}之前", "{left} does not come before {right} in character order"),
}
_WORDS: Mapping[TypeKind, Mapping[str, Text]] = MappingProxyType(
    {
        TypeKind.NUMBER: _NUMBER,
        TypeKind.DURATION: _SPAN,
        **dict.fromkeys((TypeKind.DATE, TypeKind.DATETIME, TypeKind.TIME), _TIME),
    }
)
_SAME = Text("{left}与{right}相同", "{left} is the same as {right}")
_DIFFERENT = Text("{left}与{right}不同", "{left} is not the same as {right}")
_TOGETHER = Text("{left}与{right}同时成立或同时不成立", "{left} and {right} both hold or both fail")
_NOT_TOGETHER = Text("{left}与{right}恰有一个成立", "exactly one of {left} and {right} holds")
_EMPTY, _FULL = Text("{0}为空", "{0} is empty"), Text("{0}不为空", "{0} is not empty")
_IS, _IS_NOT = Text("{left}为{right}", "{left} is {right}"), Text("{left}不为{right}", "{left} is not {right}")
_OR_LEFT = Text("{clause}（或前者为空）", "{clause} (or the former is empty)")
_OR_EMPTY = Text("{clause}（或为空）", "{clause} (or is empty)")
_OR_RIGHT = Text("{clause}（或后者为空）", "{clause} (or the latter is empty)")
_OR_EITHER = Text("{clause}（或其中有空值）", "{clause} (or either is empty)")
_BETWEEN = {
    ("<=", "<="): Text("{it}在{low}到{high}之间（含两端）", "{it} is between {low} and {high} (both included)"),
    ("<", "<"): Text("{it}在{low}到{high}之间（不含两端）", "{it} is between {low} and {high} (both excluded)"),
    ("<=", "<"): Text("{it}在{low}到{high}之间（含{low}，不含{high}）", "{it} is between {low} and {high} ({high} excluded)"),
    ("<", "<="): Text("{it}在{low}到{high}之间（不含{low}，含{high}）", "{it} is between {low} and {high} ({low} excluded)"),
}


class Words(Protocol):
    """What is asked of the writer of sentences."""

    @property
    def app(self) -> App:
        """The app whose titles are used."""

    def value(self, node: Node, choices: Mapping[str, Choice]) -> Phrase:
        """A value in words."""

    def condition(self, node: Node, negated: bool = False) -> Phrase:
        """A condition in words."""


def compared(words: Words, node: Compare, negated: bool) -> Phrase:
    """One comparison, or its denial."""
    left, right, operator = node.left, node.right, node.operator
    if isinstance(left, Constant | This) and not isinstance(right, Constant | This):
        left, right, operator = right, left, TURNED[operator]
    if operator in ("==", "!="):
        return _equal(words, left, right, (operator == "==") is not negated)
    operator = OPPOSITE[operator] if negated else operator
    clause = _filled(words, _words_for(left, right)[operator], left, right)
    return Phrase(_with_empties(clause, left, right) if negated else clause, Hold.CLAUSE)


def _with_empties(clause: Text, left: Node, right: Node) -> Text:
    """A denied order holds for empties too."""
    if whole(left) and whole(right):
        return clause
    if whole(left):
        return _OR_RIGHT.fill(clause=clause)
    if not whole(right):
        return _OR_EITHER.fill(clause=clause)
    return (_OR_EMPTY if isinstance(right, Constant) else _OR_LEFT).fill(clause=clause)


def _equal(words: Words, left: Node, right: Node, same: bool) -> Phrase:
    if isinstance(right, Constant) and right.value is None:
        return Phrase(_filled(words, _EMPTY if same else _FULL, left, right), Hold.CLAUSE)
    if left.type.kind is TypeKind.BOOLEAN:
        return _boolean(words, left, right, same)
    if isinstance(right, Constant) or This in (type(left), type(right)):
        return Phrase(_filled(words, _words_for(left, right)["==" if same else "!="], left, right), Hold.CLAUSE)
    return Phrase(_filled(words, _SAME if same else _DIFFERENT, left, right), Hold.CLAUSE)


def _boolean(words: Words, left: Node, right: Node, same: bool) -> Phrase:
    if isinstance(right, Constant):
        if right.value is True or (two_valued(left) and right.value is False):
            return words.condition(left, negated=same is not right.value)
        return Phrase(_filled(words, _IS if same else _IS_NOT, left, right), Hold.CLAUSE)
    if two_valued(left) and two_valued(right):
        sides = {"left": bracketed(words.condition(left).text), "right": bracketed(words.condition(right).text)}
        return Phrase((_TOGETHER if same else _NOT_TOGETHER).say(**sides), Hold.CLAUSE)
    return Phrase(_filled(words, _SAME if same else _DIFFERENT, left, right), Hold.CLAUSE)


def between(words: Words, low: Node, high: Node) -> Phrase | None:
    """`a < x <= b`, which the tree has as two comparisons that share x; None for any other pair."""
    if not isinstance(low, Compare) or not isinstance(high, Compare) or low.right != high.left:
        return None
    first, it, last = low.left, low.right, high.right
    pair = (low.operator, high.operator)
    if pair not in _BETWEEN and tuple(TURNED[each] for each in pair) in _BETWEEN:
        first, last, pair = last, first, (TURNED[high.operator], TURNED[low.operator])
    if pair not in _BETWEEN or _words_for(it, first) is _OTHER or isinstance(it, Constant):
        return None
    slots = {name: words.value(each, {}).within(Hold.WORD) for name, each in (("low", first), ("high", last))}
    return Phrase(_BETWEEN[pair].say(it=words.value(it, {}).text, **slots), Hold.CLAUSE)


def betweens(words: Words, operands: Sequence[Node]) -> tuple[Phrase, ...]:
    """The operands of an `and` in words, neighbours that make a range as one."""
    found: list[Phrase] = []
    waiting = list(operands)
    while waiting:
        pair = between(words, waiting[0], waiting[1]) if len(waiting) > 1 else None
        found.append(pair or words.condition(waiting[0]))
        del waiting[: 2 if pair else 1]
    return tuple(found)


def _words_for(left: Node, right: Node) -> Mapping[str, Text]:
    kind = right.type.kind if left.type.kind is TypeKind.EMPTY else left.type.kind
    return _WORDS.get(kind, _OTHER)


def _filled(words: Words, message: Text, left: Node, right: Node) -> Text:
    choices = choices_of(left, words.app) or choices_of(right, words.app)
    sides = words.value(left, choices).text, words.value(right, choices).text
    return message.say(**{"left": sides[0], "right": sides[1], "0": sides[0]})
