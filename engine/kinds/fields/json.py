"""Data of another system, kept whole: what a shop or a carrier sent beside the fields that we know."""

from __future__ import annotations

from collections.abc import Mapping
from json import loads
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.json_text import read_json
from engine.language.sqltypes import JsonColumn
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import JSON, JsonText, Type

DOC = Doc(
    Text(
        "一份 JSON：{} 或 []，最深 20 层，最多两万字。表达式只能问它有没有（empty）、变了没有（==）。",
        "A JSON object or array, 20 levels and 20,000 characters at most. Expressions ask whether it is "
        "empty or equal (`empty`, `==`), no more.",
    ),
    "raw: {type: json, title: {zh: 原始数据, en: Raw data}}",
)


class JsonKind:
    """No keys of its own."""

    name = "json"
    schema: Mapping[str, Any] = {"unique": False, "default": False}
    widget = "json"

    def type(self, options: Mapping[str, Any]) -> Type:
        """JSON."""
        return JSON

    def parse(self, raw: Any, field: Field) -> JsonText | None:
        """An object or array, or the text of one; no NaN, no key twice, no number that somebody would round."""
        return read_json(raw)

    def to_json(self, value: Any, field: Field) -> Any:
        """The object or array itself."""
        return loads(value.text) if isinstance(value, JsonText) else value

    def column(self, field: Field) -> TypeEngine[Any]:
        """Its canonical text."""
        return JsonColumn()

    def sample(self, field: Field, random: Random) -> JsonText | None:
        """A small one."""
        return read_json({"source": random.choice(("shop", "pos")), "rows": [random.randrange(100), None, 0.5]})


KIND = JsonKind()
