"""A span of time: how long something takes or may take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.durations import read_duration, seconds
from engine.language.sqltypes import Seconds
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import DURATION, Type

DOC = Doc(
    Text(
        "时长：2h、1天3小时、90m、1:30（时:分）；JSON 里是秒数。只写一个数没有单位，不收。",
        "A span of time: 2h, 1d 3h, 90m, 1:30 (hours:minutes); seconds in JSON. A bare number has no unit and is refused.",
    ),
    "handling: {type: duration, title: {zh: 处理时长, en: Handling time}, default: 2h}",
)


class DurationKind:
    """No keys of its own."""

    name = "duration"
    # A bare number has no unit here either.
    schema: Mapping[str, Any] = {"default": {"type": "string"}}
    widget = "duration"

    def type(self, options: Mapping[str, Any]) -> Type:
        """DURATION."""
        return DURATION

    def parse(self, raw: Any, field: Field) -> timedelta | None:
        """`2h`, `1天3小时`, `90m`, `1:30`; a JSON number is seconds."""
        return read_duration(raw)

    def to_json(self, value: Any, field: Field) -> Any:
        """Seconds, a whole number where it can be."""
        return seconds(value) if isinstance(value, timedelta) else value

    def column(self, field: Field) -> TypeEngine[Any]:
        """Whole microseconds."""
        return Seconds()

    def sample(self, field: Field, random: Random) -> timedelta:
        """Some minutes to some days."""
        return timedelta(minutes=random.randrange(5, 5_000, 5))


KIND = DurationKind()
