"""Text of several lines: remarks, descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from engine.kinds.values.text import TextSought, read_text
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

LONGEST = 20_000
_SAMPLES = ("请尽快发货", "门卫代收\n电话先联系", "Call before delivery", "破损一件，\t已拍照")

DOC = Doc(
    Text(
        "多行文字：备注、说明。",
        "Text of several lines: remarks, descriptions.",
    ),
    "note: {type: long_text, max: 2000}",
)


class LongTextKind(TextSought):
    """`max`: most characters, 20,000 at most."""

    name = "long_text"
    schema: Mapping[str, Any] = {"max": {"type": "integer", "minimum": 1, "maximum": LONGEST}}
    widget = "textarea"

    def parse(self, raw: Any, field: Field) -> str | None:
        """Text with its line breaks as `\\n`; blanks around it are dropped; blank is empty."""
        return read_text(raw, int(field.options.get("max", LONGEST)), lines=True)

    def sample(self, field: Field, random: Random) -> str:
        """A remark."""
        return random.choice(_SAMPLES)[: int(field.options.get("max", LONGEST))].strip()


KIND = LongTextKind()
