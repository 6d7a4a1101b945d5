"""Functions on texts. An empty text contains nothing and is contained in nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_

from engine.language import sqlite
from engine.language.functions.checks import of, takes, usage_hint
from engine.language.functions.protocol import Function, Misuse, Site, SqlWriter
from engine.model.text import Text
from engine.model.tree import Call, Node
from engine.model.types import BOOLEAN, TEXT, Type, TypeKind

_TEXT = (TypeKind.TEXT,)
_LAST_BEFORE_SURROGATES = 0xD7FF
_FIRST_AFTER_SURROGATES = 0xE000
_LAST_CHARACTER = 0x10FFFF


def _lower(text: str | None) -> str | None:
    return text.lower() if text else None


def _lower_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    return func.lower(writer.value(call.arguments[0]))


def contains(text: str | None, part: str | None) -> bool:
    """Is `part` somewhere in `text`?"""
    return bool(text) and bool(part) and str(part) in str(text)


def contains_sql(writer: SqlWriter, text: Node, part: Node, negated: bool) -> ColumnElement[Any]:
    """The same in SQL; also what `'a' in name` is."""
    whole, piece = writer.value(text), writer.value(part)
    at = sqlite.position(whole, piece)
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
    return _same(func.substr(text, -func.length(piece)), text, piece, negated)


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


FUNCTIONS = (
    Function("lower", "lower(text)", takes("lower(text)", TEXT, _TEXT), _lower, _lower_sql),
    Function("contains", "contains(text, part)", takes("contains(text, part)", BOOLEAN, _TEXT, _TEXT), contains, _contains_sql),
    Function(
        "starts_with", "starts_with(text, part)", takes("starts_with(text, part)", BOOLEAN, _TEXT, _TEXT), _starts, _starts_sql
    ),
    Function("ends_with", "ends_with(text, part)", takes("ends_with(text, part)", BOOLEAN, _TEXT, _TEXT), _ends, _ends_sql),
    Function("concat", "concat(a, b, …)", _concat_check, _concat, _concat_sql),
)
