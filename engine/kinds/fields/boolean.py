"""Yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.types import TypeEngine

from engine.kinds.values.text import problem, shown, typed
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import BOOLEAN, Type

# What forms, spreadsheets and people write. A JSON number is no yes: 1 may as well be a quantity in the wrong column.
_WORDS = dict.fromkeys(("true", "yes", "y", "on", "1", "是", "有", "对", "√"), True) | dict.fromkeys(
    ("false", "no", "n", "off", "0", "否", "无", "错", "×"), False
)

DOC = Doc(
    Text(
        "是或否；没填过是空，空不算「是」。",
        "Yes or no; empty until it is filled in, and empty is not yes.",
    ),
    "fragile: {type: boolean, title: {zh: 易碎, en: Fragile}}",
)


class BooleanKind:
    """No keys of its own."""

    name = "boolean"
    schema: Mapping[str, Any] = {}
    widget = "checkbox"

    def type(self, options: Mapping[str, Any]) -> Type:
        """BOOLEAN."""
        return BOOLEAN

    def parse(self, raw: Any, field: Field) -> bool | None:
        """true, false, or a word for them (`是`, `否`, `yes`, `no`)."""
        if raw is None or isinstance(raw, bool):
            return raw
        text = typed(raw, Text("是或否", "true or false"))
        if text is None:
            return None
        if text.lower() not in _WORDS:
            raise problem(
                "not-yes-or-no", "「{given}」不是「是」或「否」", "“{given}” is neither yes nor no", given=shown(text)
            )
        return _WORDS[text.lower()]

    def to_json(self, value: Any, field: Field) -> Any:
        """A JSON boolean."""
        return value

    def column(self, field: Field) -> TypeEngine[Any]:
        """A boolean."""
        return Boolean()

    def sample(self, field: Field, random: Random) -> bool:
        """Either."""
        return random.random() < 0.5


KIND = BooleanKind()
