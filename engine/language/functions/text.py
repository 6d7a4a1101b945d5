"""Functions on texts. An empty text contains nothing and is contained in nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_

from engine.language import forms, letters
from engine.language.functions.checks import of, takes, usage_hint
from engine.language.functions.protocol import Function, Manual, Misuse, Site, SqlWriter
from engine.model.text import Text
from engine.model.tree import Call, Node
from engine.model.types import BOOLEAN, TEXT, Type, TypeKind

_TEXT = (TypeKind.TEXT,)
_LAST_BEFORE_SURROGATES = 0xD7FF
_FIRST_AFTER_SURROGATES = 0xE000
_LAST_CHARACTER = 0x10FFFF


def _lower(text: str | None) -> str | None:
    return letters.lower(text) if text else None


def _lower_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    return forms.lower(writer.value(call.arguments[0]))


def contains(text: str | None, part: str | None) -> bool:
    """Is `part` somewhere in `text`?"""
    return bool(text) and bool(part) and str(part) in str(text)


def contains_sql(writer: SqlWriter, text: Node, part: Node, negated: bool) -> ColumnElement[Any]:
    """The same in SQL; also what `'a' in name` is."""
    whole, piece = writer.value(text), writer.value(part)
    at = forms.position(whole, piece)
    return or_(at == 0, whole.is_(None), piece.is_(None)) if negated else at > 0


def _contains_sql(writer: SqlWriter, call: Call, negated: bool) -> ColumnElement[Any]:
    return contains_sql(writer, call.arguments[0], call.arguments[1], negated)


def _starts(text: str | None, part: str | None) -> bool:
    return bool(text) and bool(part) and str(text).startswith(str(part))


def _starts_sql(writer: SqlWriter, call: Call, negated: bool) -> ColumnElement[Any]:
    text = writer.value(call.arguments[0])
    known, part = writer.constant(call.arguments[1])
    after = following(part) if known and part else None
    if after is not None:
        text = forms.ordered(text)
        # A range instead of substr(): an index on the column serves it.
        if negated:
            return or_(text < literal(part), text >= literal(after), text.is_(None))
        return and_(text >= literal(part), text < literal(after))
    piece = writer.value(call.arguments[1])
    return _same(func.substr(text, 1, func.length(piece)), text, piece, negated)


def following(text: str) -> str | None:
    """The least text greater than every text that begins with this one."""
    last = ord(text[-1])
    if last == _LAST_CHARACTER:
        return None
    return text[:-1] + chr(_FIRST_AFTER_SURROGATES if last == _LAST_BEFORE_SURROGATES else last + 1)


def _ends(text: str | None, part: str | None) -> bool:
    return bool(text) and bool(part) and str(text).endswith(str(part))


def _ends_sql(writer: SqlWriter, call: Call, negated: bool) -> ColumnElement[Any]:
    text, piece = (writer.value(each) for each in call.arguments)
    return _same(forms.suffix(text, func.length(piece)), text, piece, negated)


def _same(cut: ColumnElement[Any], text: ColumnElement[Any], piece: ColumnElement[Any], negated: bool) -> ColumnElement[Any]:
    return or_(cut != piece, text.is_(None), piece.is_(None)) if negated else cut == piece


def _concat_check(arguments: tuple[Node, ...], _: Site) -> Type:
    usage = "concat(a, b, …)"
    if not arguments:
        raise Misuse(Text("至少要一个参数", "Takes at least one argument"), usage_hint(usage))
    for index in range(len(arguments)):
        of(arguments, index, TypeKind.TEXT, usage=usage)
    return TEXT


def _concat(*texts: str | None) -> str | None:
    return "".join(text for text in texts if text) or None


def _concat_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    whole: ColumnElement[Any] = literal("")
    for each in call.arguments:
        whole = whole.concat(func.coalesce(writer.value(each), literal("")))
    return func.nullif(whole, literal(""))


_LOWER_MANUAL = Manual(
    usage="lower(text)",
    words=Text("{0}的小写", "{0} in lower case"),
    about=Text(
        "字母变成小写，比较时就不分大小写；空还是空。",
        "Letters in lower case, to compare without regard to case; empty stays empty.",
    ),
    example="lower('SF-Express') → 'sf-express'",
)
_CONTAINS_MANUAL = Manual(
    usage="contains(text, part)",
    words=Text("{0}含有{1}", "{0} contains {1}"),
    negated=Text("{0}不含有{1}", "{0} does not contain {1}"),
    about=Text(
        "文字里有没有这一段，分大小写；空不含任何东西，也不被任何东西含有。",
        "Is the part somewhere in the text? Case counts. Empty contains nothing and is contained in nothing.",
    ),
    example="contains('杭州市西湖区', '西湖') → True",
    asks=True,
)
_STARTS_MANUAL = Manual(
    usage="starts_with(text, part)",
    words=Text("{0}以{1}开头", "{0} starts with {1}"),
    negated=Text("{0}不以{1}开头", "{0} does not start with {1}"),
    about=Text("文字是不是以这一段开头；有一边为空就不是。", "Does the text begin with the part? Not where either is empty."),
    example="starts_with('SO-0012', 'SO-') → True",
    asks=True,
)
_ENDS_MANUAL = Manual(
    usage="ends_with(text, part)",
    words=Text("{0}以{1}结尾", "{0} ends with {1}"),
    negated=Text("{0}不以{1}结尾", "{0} does not end with {1}"),
    about=Text("文字是不是以这一段结尾；有一边为空就不是。", "Does the text end with the part? Not where either is empty."),
    example="ends_with('invoice.pdf', '.pdf') → True",
    asks=True,
)
_CONCAT_MANUAL = Manual(
    usage="concat(a, b, …)",
    words=Text("{all}连成的文字", "the joined text of {all}"),
    about=Text(
        "把文字依次连起来，跳过空的；全空就是空。", "The texts one after the other, empties left out; empty if all are."
    ),
    example="concat('浙江', None, '杭州') → '浙江杭州'",
)

FUNCTIONS = (
    Function("lower", _LOWER_MANUAL, takes("lower(text)", TEXT, _TEXT), _lower, _lower_sql),
    Function("contains", _CONTAINS_MANUAL, takes("contains(text, part)", BOOLEAN, _TEXT, _TEXT), contains, _contains_sql),
    Function("starts_with", _STARTS_MANUAL, takes("starts_with(text, part)", BOOLEAN, _TEXT, _TEXT), _starts, _starts_sql),
    Function("ends_with", _ENDS_MANUAL, takes("ends_with(text, part)", BOOLEAN, _TEXT, _TEXT), _ends, _ends_sql),
    Function("concat", _CONCAT_MANUAL, _concat_check, _concat, _concat_sql),
)
