"""A number that a record gets by itself, such as `SO261122-00001`."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from string import Formatter
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from engine.kinds.values.text import problem, typed, wrong_type
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import TEXT, Type

LONGEST = 60
# Only digits may come out of a date: names of months would depend on the machine's language.
_PART = r"(?:[^{}]|\{date:(?:[-/._]?%[YymdHM])+\})*"
FORMAT = rf"^{_PART}\{{number:0[1-9]d\}}{_PART}$"

DOC = Doc(
    Text(
        "自动编号；{number:05d} 按其余文字分别计数，所以每天从 1 开始。",
        "A number that a record gets by itself; `{number:05d}` counts per distinct rest of the text, so a format with "
        "the day begins at 1 each day.",
    ),
    'order_no: {type: serial, format: "SO{date:%y%m%d}-{number:05d}"}',
)


class SerialKind:
    """`format`: text with `{date:%y%m%d}` and one `{number:05d}`, which counts per distinct rest of the text."""

    name = "serial"
    schema: Mapping[str, Any] = {
        "format": {
            "type": "string",
            "maxLength": LONGEST,
            "pattern": FORMAT,
            "x-rule": ["要有一个 {number:05d}，日期写成 {date:%y%m%d}", "it needs one {number:05d}; a date is {date:%y%m%d}"],
            "x-required": True,
        },
        "required": False,
        "unique": False,
        "default": False,
    }
    widget = "computed"

    def type(self, options: Mapping[str, Any]) -> Type:
        """TEXT."""
        return TEXT

    def parse(self, raw: Any, field: Field) -> str | None:
        """A number given from outside (old orders brought in); people leave it empty."""
        if raw is not None and not isinstance(raw, str):
            raise wrong_type(raw, Text("文字", "text"))
        text = typed(raw)
        if text is not None and len(text) > LONGEST:
            raise problem("too-long", "太长：最多 {n} 个字", "Too long: at most {n} characters", n=LONGEST)
        return text

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
        """A number of the field's form."""
        parts = []
        for text, name, spec, _ in Formatter().parse(str(field.options["format"])):
            number = random.randrange(1, 1000) if name == "number" else 260101
            parts.append(text + (format(number, (spec or "d") if name == "number" else "d") if name else ""))
        return "".join(parts).strip()


KIND = SerialKind()
