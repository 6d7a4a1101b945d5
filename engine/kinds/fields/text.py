"""Text on one line: names, numbers of other systems, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from engine.kinds.values.text import TextSought, read_text
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

LONGEST = 1_000
_SAMPLES = ("顺丰", "A-1024", "online", "3 号仓 B 区", "Zhang San", "0012")

DOC = Doc(
    Text(
        "一行文字；前后空格去掉，空白算空。",
        "Text on one line; blanks around it are dropped, and a blank text is empty.",
    ),
    "store: {type: text, max: 40, unique: true}",
)


class TextKind(TextSought):
    """`max`: most characters, 1,000 at most."""

    name = "text"
    schema: Mapping[str, Any] = {"max": {"type": "integer", "minimum": 1, "maximum": LONGEST}}
    widget = "text"

    def parse(self, raw: Any, field: Field) -> str | None:
        """Trimmed text on one line; blank is empty."""
        return read_text(raw, int(field.options.get("max", LONGEST)))

    def sample(self, field: Field, random: Random) -> str:
        """A short text."""
        return random.choice(_SAMPLES)[: int(field.options.get("max", LONGEST))].strip()


KIND = TextKind()
