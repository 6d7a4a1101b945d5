"""A field kind just wide enough for these tests: JSON in, JSON out, `integer` wants a whole number."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.protocols import ValueProblem
from engine.model.app import Field
from engine.model.text import Text
from engine.model.types import TEXT, Type


class PlainKind:
    def __init__(self, name: str) -> None:
        self.name = name
        self.schema: Mapping[str, Any] = {}
        self.widget = name

    def type(self, options: Mapping[str, Any]) -> Type:
        return TEXT

    def parse(self, raw: Any, field: Field) -> Any:
        if raw in (None, ""):
            return None
        if self.name == "integer" and not str(raw).isdigit():
            raise ValueProblem("not_a_number", Text("要整数", "a whole number, please"))
        return int(raw) if self.name == "integer" else raw

    def to_json(self, value: Any, field: Field) -> Any:
        return value

    def column(self, field: Field) -> TypeEngine[Any] | None:
        return None

    def sample(self, field: Field, random: Random) -> Any:
        return None
