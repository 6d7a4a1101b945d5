"""A province of China, kept under its short name however it was given."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from random import Random
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from engine.kinds.values.text import problem, shown, typed, wrong_type
from engine.language.regions import PROVINCES, province
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import TEXT, Type

DOC = Doc(
    Text(
        "省份；浙江、浙江省、Zhejiang、ZJ 都认，存成一种写法。",
        "A province of China; however it is written (浙江, 浙江省, Zhejiang, ZJ) it is kept in one way.",
    ),
    "province: {type: region, title: {zh: 省份, en: Province}}",
)


class RegionKind:
    """No keys of its own."""

    name = "region"
    schema: Mapping[str, Any] = {}
    widget = "region"

    def type(self, options: Mapping[str, Any]) -> Type:
        """TEXT."""
        return TEXT

    def parse(self, raw: Any, field: Field) -> str | None:
        """`浙江`, `浙江省`, `Zhejiang`, `ZJ` → `浙江`."""
        if raw is not None and not isinstance(raw, str):
            raise wrong_type(raw, Text("省份的名字", "the name of a province"))
        text = typed(raw)
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

    def to_json(self, value: Any, field: Field) -> Any:
        """The short Chinese name."""
        return value

    def column(self, field: Field) -> TypeEngine[Any]:
        """Text."""
        return String()

    def sample(self, field: Field, random: Random) -> str:
        """Any province."""
        return random.choice(list(PROVINCES))


KIND = RegionKind()
