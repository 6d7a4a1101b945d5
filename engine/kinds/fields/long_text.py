"""Text of several lines: remarks, descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from engine.kinds.values.text import clean, problem, wrong_type
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import TEXT, Type

LONGEST = 20_000
_SAMPLES = ("请尽快发货", "门卫代收\n电话先联系", "Call before delivery", "破损一件，\t已拍照")

DOC = Doc(
    Text(
        "多行文字：备注、说明。",
        "Text of several lines: remarks, descriptions.",
    ),
    "note: {type: long_text, max: 2000}",
)


class LongTextKind:
    """`max`: most characters, 20,000 at most."""

    name = "long_text"
    schema: Mapping[str, Any] = {"max": {"type": "integer", "minimum": 1, "maximum": LONGEST}}
    widget = "textarea"

    def type(self, options: Mapping[str, Any]) -> Type:
        """TEXT."""
        return TEXT

    def parse(self, raw: Any, field: Field) -> str | None:
        """Text with its line breaks as `\\n`; blanks around it are dropped; blank is empty."""
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise wrong_type(raw, Text("文字", "text"))
        longest = int(field.options.get("max", LONGEST))
        text = clean(raw.replace("\r\n", "\n").replace("\r", "\n").strip()) if len(raw) <= LONGEST * 4 else raw
        if len(text) > longest:
            raise problem("too-long", "太长：最多 {n} 个字", "Too long: at most {n} characters", n=longest)
        return text or None

    def to_json(self, value: Any, field: Field) -> Any:
        """The text."""
        return value

    def column(self, field: Field) -> TypeEngine[Any]:
        """Text."""
        return String()

    def sought(self, text: str) -> tuple[str, ...]:
        """Any part of it."""
        return (text,)

    def sample(self, field: Field, random: Random) -> str:
        """A remark."""
        return random.choice(_SAMPLES)[: int(field.options.get("max", LONGEST))].strip()


KIND = LongTextKind()
