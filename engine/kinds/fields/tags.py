"""Free words on a record: marks that people make up as they go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from engine.kinds.values.lists import PARTS, ListKept, as_set, read_words
from engine.kinds.values.text import problem, shown
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

MOST, LONGEST = 50, 40
_WANTED = Text("标签的列表", "a list of tags")
_SAMPLES = ("VIP", "易碎", "二次购买", "gift", "夜间配送", "B2B")

DOC = Doc(
    Text(
        "自由的标签，用逗号分开；次序和重复不算。表达式里写 '易碎' in 字段、len(字段)、empty(字段)。",
        "Free words, parted by commas; order and repetition mean nothing. Expressions ask `'fragile' in field`, "
        "`len(field)`, `empty(field)`.",
    ),
    "tags: {type: tags, title: {zh: 标签, en: Tags}}",
)


class TagsKind(ListKept):
    """No keys of its own. A tag is a word of 40 characters at most; capital and small letters are different words."""

    name = "tags"
    schema: Mapping[str, Any] = {
        "unique": False,
        "default": {"type": ["string", "array"], "items": {"type": "string"}, "maxItems": MOST},
    }
    widget = "tags"

    def parse(self, raw: Any, field: Field) -> tuple[str, ...] | None:
        """`["VIP", "易碎"]`, `"VIP, 易碎"`, `"VIP、易碎"`."""
        found = as_set(read_words(raw, _WANTED))
        for tag in found or ():
            _checked(tag)
        if found and len(found) > MOST:
            raise problem("too-many", "太多：最多 {n} 个标签", "Too many: at most {n} tags", n=MOST)
        return found

    def sought(self, text: str) -> tuple[str, ...]:
        """Any part of a tag, as it stands in the column's JSON; none for what parts tags."""
        return () if any(mark in text for mark in PARTS) else (json.dumps(text, ensure_ascii=False)[1:-1],)

    def sample(self, field: Field, random: Random) -> tuple[str, ...] | None:
        """One to three."""
        return as_set(random.sample(_SAMPLES, random.randint(1, 3)))


def _checked(tag: str) -> None:
    if any(mark in tag for mark in PARTS):
        raise problem(
            "not-a-tag",
            "标签「{given}」里不能有逗号、分号、顿号或换行；请分成几个标签",
            "The tag “{given}” cannot hold commas, semicolons or line breaks; make several tags of it",
            given=shown(tag),
        )
    if len(tag) > LONGEST:
        raise problem(
            "too-long",
            "标签「{given}」太长：最多 {n} 个字",
            "The tag “{given}” is too long: at most {n} characters",
            given=shown(tag),
            n=LONGEST,
        )


KIND = TagsKind()
