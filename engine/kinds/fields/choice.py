"""One of a few named values."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from engine.kinds.values.names import read_name
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import Type, TypeKind

DOC = Doc(
    Text(
        "几个固定选项里的一个；表达式里用选项的名称，页面上显示标题。",
        "One of a few fixed values; expressions use their names, pages show their titles.",
    ),
    "channel: {type: choice, choices: {web: {zh: 网店, en: Web}, phone: {zh: 电话, en: Phone}}, default: web}",
)


class ChoiceKind:
    """`choices`: name → title."""

    name = "choice"
    schema: Mapping[str, Any] = {
        "choices": {
            "type": "object",
            "examples": [{"normal": "Normal", "urgent": "Urgent"}],
            "minProperties": 1,
            "maxProperties": 5_000,
            "additionalProperties": {"$ref": "#/$defs/choice"},
            "x-required": True,
        }
    }
    widget = "select"

    def type(self, options: Mapping[str, Any]) -> Type:
        """TEXT out of a closed set."""
        return Type(TypeKind.TEXT, options=tuple(options["choices"]))

    def parse(self, raw: Any, field: Field) -> str | None:
        """A choice's name, or its title where only one bears it."""
        return read_name(raw, field.choices)

    def to_json(self, value: Any, field: Field) -> Any:
        """The name."""
        return value

    def column(self, field: Field) -> TypeEngine[Any]:
        """Text."""
        return String()

    def sample(self, field: Field, random: Random) -> str:
        """Any of them."""
        return random.choice(list(field.choices))


KIND = ChoiceKind()
