"""Whole numbers: quantities, counts."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.numbers import LIMITS, read_number, sample_number
from engine.language.sqltypes import Number
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import INTEGER, Type

DOC = Doc(
    Text(
        "整数：数量、次数；最多 15 位。",
        "A whole number: quantities, counts; 15 digits at most.",
    ),
    "quantity: {type: integer, min: 1, required: true}",
)


class IntegerKind:
    """`min`, `max`: the bounds, both allowed."""

    name = "integer"
    schema: Mapping[str, Any] = LIMITS
    widget = "number"

    def type(self, options: Mapping[str, Any]) -> Type:
        """A number without places."""
        return INTEGER

    def parse(self, raw: Any, field: Field) -> int | None:
        """`12`, `"12"`, `"1,200"`, `"１２"`; 15 digits at most."""
        number = read_number(raw, 0, field.options)
        return None if number is None else int(number)

    def to_json(self, value: Any, field: Field) -> Any:
        """A JSON number."""
        return value

    def column(self, field: Field) -> TypeEngine[Any]:
        """An integer."""
        return Number(0)

    def sample(self, field: Field, random: Random) -> int:
        """Small, within the bounds."""
        return int(sample_number(field, random, least=0, span=100))


KIND = IntegerKind()
