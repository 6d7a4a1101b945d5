"""Several of a few named values."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from engine.kinds.values.lists import MOST, ListKept, as_set, read_words
from engine.kinds.values.names import CHOICES, read_name
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

_WANTED = Text("选项的列表", "a list of choices")

DOC = Doc(
    Text(
        "几个固定选项里的若干个，次序和重复不算；表达式里写 'x' in 字段、len(字段)、empty(字段)。",
        "Several of a few fixed values; order and repetition mean nothing. Expressions ask `'x' in field`, `len(field)`, "
        "`empty(field)`.",
    ),
    "services: {type: choices, choices: {wrap: {zh: 礼品包装, en: Gift wrap}, card: {zh: 贺卡, en: Card}}, default: [wrap]}",
)


class ChoicesKind(ListKept):
    """`choices`: name → title."""

    name = "choices"
    schema: Mapping[str, Any] = {
        "choices": CHOICES,
        "default": {"type": ["string", "array"], "items": {"type": "string"}, "maxItems": MOST},
    }
    widget = "choices"

    def parse(self, raw: Any, field: Field) -> tuple[str, ...] | None:
        """`["wrap", "card"]`, `"wrap, card"`, `"礼品包装、贺卡"`: names, or titles that only one choice bears."""
        return as_set(name for each in read_words(raw, _WANTED) if (name := read_name(each, field.choices)))

    def sample(self, field: Field, random: Random) -> tuple[str, ...] | None:
        """Some of them."""
        names = list(field.choices)
        return as_set(random.sample(names, random.randint(1, len(names))))


KIND = ChoicesKind()
