"""Numbers with decimal places: weights, rates."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.numbers import LIMITS, read_number, sample_number, written
from engine.language.sqltypes import Number
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import Type, TypeKind

USUAL_SCALE, MOST_PLACES = 2, 6

DOC = Doc(
    Text(
        "带小数的数，精确计算；scale 是小数位数，不写是 2。",
        "A number with decimal places, exact; `scale` says how many, 2 if left out.",
    ),
    "weight: {type: decimal, scale: 3, min: 0}",
)


class DecimalKind:
    """`scale`: decimal places, 2 unless said; `min`, `max`: the bounds, both allowed."""

    name = "decimal"
    schema: Mapping[str, Any] = {**LIMITS, "scale": {"type": "integer", "minimum": 1, "maximum": MOST_PLACES}}
    widget = "number"

    def type(self, options: Mapping[str, Any]) -> Type:
        """A number with its places."""
        return Type(TypeKind.NUMBER, int(options.get("scale", USUAL_SCALE)))

    def parse(self, raw: Any, field: Field) -> Decimal | None:
        """`1.5`, `"1,234.50"`, `"１．５"`; never rounded."""
        return read_number(raw, field.type.scale, field.options)

    def to_json(self, value: Any, field: Field) -> Any:
        """Text with all places."""
        return None if value is None else written(value, field.type.scale)

    def column(self, field: Field) -> TypeEngine[Any]:
        """A number with the field's places."""
        return Number(field.type.scale)

    def sample(self, field: Field, random: Random) -> Decimal:
        """Within the bounds."""
        return sample_number(field, random, least=0, span=100)


KIND = DecimalKind()
