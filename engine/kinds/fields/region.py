"""A province of China, kept under its short name however it was given."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from random import Random
from typing import Any

from engine.kinds.values.text import TextKept, problem, shown, typed
from engine.language.regions import PROVINCES, province
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

DOC = Doc(
    Text(
        "省份；浙江、浙江省、Zhejiang、ZJ 都认，存成一种写法。",
        "A province of China; however it is written (浙江, 浙江省, Zhejiang, ZJ) it is kept in one way.",
    ),
    "province: {type: region, title: {zh: 省份, en: Province}}",
)


class RegionKind(TextKept):
    """No keys of its own."""

    name = "region"
    schema: Mapping[str, Any] = {}
    widget = "region"

    def parse(self, raw: Any, field: Field) -> str | None:
        """`浙江`, `浙江省`, `Zhejiang`, `ZJ` → `浙江`."""
        text = typed(raw, Text("省份的名字", "the name of a province"))
        if text is None:
            return None
        name = province(text)
        if name is None:
            near = get_close_matches(text, [alias for names in PROVINCES.values() for alias in names], n=1)
            hint = near[0] if near else "浙江"
            raise problem(
                "not-a-region",
                "「{given}」不是省份；请写成 {hint} 这样",
                "“{given}” is not a province; write it like {hint}",
                given=shown(text),
                hint=hint,
            )
        return name

    def sample(self, field: Field, random: Random) -> str:
        """Any province."""
        return random.choice(list(PROVINCES))


KIND = RegionKind()
