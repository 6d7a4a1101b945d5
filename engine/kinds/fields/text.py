"""Text on one line: names, numbers of other systems, addresses."""

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

LONGEST = 1_000
_SAMPLES = ("顺丰", "A-1024", "online", "3 号仓 B 区", "Zhang San", "0012")

DOC = Doc(
    Text(
        "一行文字；前后空格去掉，空白算空。",
        "Text on one line; blanks around it are dropped, and a blank text is empty.",
    ),
    "store: {type: text, max: 40, unique: true}",
)


class TextKind:
    """`max`: most characters, 1,000 at most."""

    name = "text"
    schema: Mapping[str, Any] = {"max": {"type": "integer", "minimum": 1, "maximum": LONGEST}}
    widget = "text"

    def type(self, options: Mapping[str, Any]) -> Type:
        """TEXT."""
        return TEXT

    def parse(self, raw: Any, field: Field) -> str | None:
        """Trimmed text on one line; blank is empty."""
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise wrong_type(raw, Text("文字", "text"))
        longest = int(field.options.get("max", LONGEST))
        text = clean(raw.strip()) if len(raw) <= LONGEST * 4 else raw
        if len(text) > longest:
            raise problem("too-long", "太长：最多 {n} 个字", "Too long: at most {n} characters", n=longest)
        if len(text.splitlines()) > 1 or "\t" in text:
            raise problem("one-line", "这里只能写一行，请去掉换行和制表符", "This takes one line; remove line breaks and tabs")
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
        """A short text."""
        return random.choice(_SAMPLES)[: int(field.options.get("max", LONGEST))].strip()


KIND = TextKind()
