"""Amounts of money in the organisation's currency: two places, exact."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.numbers import LIMITS, read_number, written
from engine.kinds.values.text import typed
from engine.language.sqltypes import Number
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import MONEY, Type

_SIGNS = ("¥", "￥", "RMB", "CNY", "人民币")

DOC = Doc(
    Text(
        "金额，两位小数，精确到分。",
        "An amount of money with two places, exact.",
    ),
    "freight: {type: money, min: 0, default: 0}",
)


class MoneyKind:
    """`min`, `max`: the bounds, both allowed."""

    name = "money"
    schema: Mapping[str, Any] = LIMITS
    widget = "money"

    def type(self, options: Mapping[str, Any]) -> Type:
        """A number with two places."""
        return MONEY

    def parse(self, raw: Any, field: Field) -> Decimal | None:
        """`1234.5`, `"1234.50"`, `"￥1,234.50"`, `"1234.5元"`; never rounded."""
        return read_number(_bare(raw) if isinstance(raw, str) else raw, MONEY.scale, field.options)

    def to_json(self, value: Any, field: Field) -> Any:
        """Text with two places."""
        return None if value is None else written(value, MONEY.scale)

    def column(self, field: Field) -> TypeEngine[Any]:
        """Minor units."""
        return Number(MONEY.scale)

    def sample(self, field: Field, random: Random) -> Decimal:
        """Some tens to hundreds, within the bounds."""
        low = Decimal(field.options.get("min", 1))
        high = Decimal(field.options.get("max", low + 1000))
        return Decimal(random.randint(-int(-low * 100 // 1), max(int(high * 100), int(low * 100)))).scaleb(-2)


def _bare(raw: str) -> str | None:
    """Without the sign of the currency; a minus may stand on either side of it."""
    text = typed(raw)
    if text is None:
        return None
    sign = "-" if text.startswith("-") else ""
    body = text[len(sign) :].strip().removesuffix("元").rstrip()
    for mark in _SIGNS:
        if body.upper().startswith(mark):
            body = body[len(mark) :].lstrip()
            break
    return sign + body if body else text


KIND = MoneyKind()
