"""A value worked out by an expression. Stored with the record when it needs nothing but the record's own fields."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values import typed
from engine.kinds.values.text import problem
from engine.language.sqltypes import sqltype
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import EMPTY, Type

DOC = Doc(
    Text(
        "由表达式算出，不能填；只用到本记录字段的随记录保存，其余的读时计算，都能筛选和排序。",
        "Worked out by an expression, never filled in. Stored if it needs the record's own fields only, else computed "
        "when read; both filter and sort.",
    ),
    'goods: {type: formula, value: "sum(items, price * quantity)"}',
)


class FormulaKind:
    """`value`: the expression."""

    name = "formula"
    schema: Mapping[str, Any] = {
        "value": {"$ref": "#/$defs/expression", "x-required": True},
        "required": False,
        "unique": False,
        "default": False,
    }
    widget = "computed"

    def type(self, options: Mapping[str, Any]) -> Type:
        """Unknown from the options alone: the expression has it."""
        return EMPTY

    def parse(self, raw: Any, field: Field) -> None:
        """Nothing may be given."""
        if raw is not None:
            raise problem(
                "computed", "这个值由公式算出，不能填写", "This value is worked out by a formula and cannot be filled in"
            )

    def to_json(self, value: Any, field: Field) -> Any:
        """By the expression's type."""
        return typed.to_json(value, field.type)

    def column(self, field: Field) -> TypeEngine[Any] | None:
        """By the expression's type; none where it is computed when read."""
        return sqltype(field.type) if field.stored else None

    def sample(self, field: Field, random: Random) -> None:
        """Nothing to give."""
        return


KIND = FormulaKind()
