"""Where a record stands in its table's flow. Moved by transitions, never edited."""

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
        "记录在流程里的位置；只能由流转改变，状态写在表的 flow 里。",
        "Where a record stands in its table's flow; moved by transitions only, the states stand in `flow`.",
    ),
    "progress: {type: state, title: {zh: 状态, en: State}}",
)


class StateKind:
    """No keys of its own; the states come from the flow that names the field."""

    name = "state"
    schema: Mapping[str, Any] = {"required": False, "unique": False, "default": False}
    widget = "state"

    def type(self, options: Mapping[str, Any]) -> Type:
        """TEXT out of the states; `options["choices"]` holds them, put there from the flow."""
        return Type(TypeKind.TEXT, options=tuple(options.get("choices", ())))

    def parse(self, raw: Any, field: Field) -> str | None:
        """A state's name, or its title where only one bears it."""
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


KIND = StateKind()
