"""round(): a quotient has six places, a price has two; this is how one becomes the other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement

from engine.language import forms, numbers
from engine.language.functions.checks import count, of, usage_hint
from engine.language.functions.protocol import Function, Manual, Misuse, Site, SqlWriter
from engine.model.text import Text
from engine.model.tree import Call, Constant, Node
from engine.model.types import Type, TypeKind

_USAGE = "round(x, 2)"


def _check(arguments: tuple[Node, ...], _: Site) -> Type:
    count(arguments, 2, _USAGE)
    number = of(arguments, 0, TypeKind.NUMBER, usage=_USAGE)
    places = arguments[1]
    if not isinstance(places, Constant) or not isinstance(places.value, int) or not 0 <= places.value <= numbers.MOST_SCALE:
        raise Misuse(
            Text("小数位数要写成 0、2 这样的数字", "The places must be a number such as 0 or 2"), usage_hint(_USAGE), 1
        )
    return Type(TypeKind.NUMBER, min(places.value, number.type.scale))


def _sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    number = call.arguments[0]
    units = writer.units(number, number.type.scale)
    dropped = number.type.scale - call.type.scale
    return forms.rounded(units, number.type.scale, dropped) if dropped else units


_MANUAL = Manual(
    usage=_USAGE,
    words=Text("{0}四舍五入到小数点后{1}位", "{0} rounded to {1} decimal {1|place|places}"),
    about=Text(
        "四舍五入到几位小数（0 到 6 位），五往远离零的方向进；空还是空。",
        "Rounded to so many decimal places, half away from zero; empty stays empty.",
    ),
    example="round(10 / 3, 2) → 3.33",
)

FUNCTIONS = (Function("round", _MANUAL, _check, numbers.rounded, _sql),)
