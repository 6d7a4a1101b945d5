"""Amounts of money in one currency, with that currency's places, exact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.currencies import HOME, currencies, known_marks, marks, places
from engine.kinds.values.numbers import LIMITS, read_number, sample_number, written
from engine.kinds.values.text import problem, shown, typed
from engine.language.sqltypes import Number
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import Type, TypeKind

LONGEST = 60
_AMOUNT = re.compile(r"([+-]?)([^0-9.,+-]*)([+-]?)([0-9.,]*)([^0-9.,+-]*)")

DOC = Doc(
    Text(
        "一种货币的金额，精确到它的最小单位；currency 是 ISO 4217 代码，不写是 CNY。日元没有小数，科威特第纳尔有三位。",
        "An amount in one currency, exact to its smallest unit; `currency` is an ISO 4217 code, CNY if left out. Yen have no "
        "decimal places, Kuwaiti dinars three.",
    ),
    "freight: {type: money, currency: USD, min: 0, default: 0}",
)


class MoneyKind:
    """`currency`: ISO 4217 code, CNY unless said; `min`, `max`: the bounds, both allowed."""

    name = "money"
    schema: Mapping[str, Any] = {
        **LIMITS,
        "currency": {
            "enum": list(currencies()),
            "x-rule": ["写 ISO 4217 的货币代码，例如 CNY、USD、JPY", "write an ISO 4217 code such as CNY, USD, JPY"],
        },
    }
    widget = "money"

    def type(self, options: Mapping[str, Any]) -> Type:
        """A number with the currency's places."""
        return Type(TypeKind.NUMBER, places(_currency(options)))

    def parse(self, raw: Any, field: Field) -> Decimal | None:
        """`1234.5`, `"1234.50"`, `"￥1,234.50"`, `"1234.5元"`, `"CNY 12"`; never rounded, never of another currency."""
        number = _bare(raw, _currency(field.options)) if isinstance(raw, str) else raw
        return read_number(number, field.type.scale, field.options)

    def to_json(self, value: Any, field: Field) -> Any:
        """Text with all places."""
        return None if value is None else written(value, field.type.scale)

    def column(self, field: Field) -> TypeEngine[Any]:
        """Minor units."""
        return Number(field.type.scale)

    def sample(self, field: Field, random: Random) -> Decimal:
        """Some tens to hundreds, within the bounds."""
        return sample_number(field, random, least=1, span=1_000)


def _currency(options: Mapping[str, Any]) -> str:
    return str(options.get("currency", HOME))


def _bare(raw: str, currency: str) -> str | None:
    """Without the sign, code or name of the currency, before or behind; a minus may stand on either side of the sign. What is
    written in another way comes back as it is."""
    text = typed(raw)
    match = _AMOUNT.fullmatch(text) if text is not None and len(text) <= LONGEST else None
    if text is None or match is None:
        return text
    outer, before, inner, number, behind = match.groups()
    named = [mark.strip().upper() for mark in (before, behind) if mark.strip()]
    strange = [mark for mark in named if mark not in marks(currency)]
    others = known_marks().get(strange[0], ()) if strange else ()
    if others:
        raise problem(
            "other-currency",
            "「{given}」是 {other}；这里只收 {own}，请换算后再填",
            "“{given}” is in {other}; this takes {own} only: convert it first",
            given=shown(text),
            other=" / ".join(others[:3]),
            own=currency,
        )
    return text if strange or (outer and inner) or not number else outer + inner + number


KIND = MoneyKind()
