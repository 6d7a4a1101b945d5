"""A number that a record gets by itself, such as `SO261122-00001`."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from string import Formatter
from typing import Any

from engine.kinds.values.text import TextSought, too_long, typed
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

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


class SerialKind(TextSought):
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

    def parse(self, raw: Any, field: Field) -> str | None:
        """A number given from outside (old orders brought in); people leave it empty."""
        text = typed(raw)
        if text is not None and len(text) > LONGEST:
            raise too_long(LONGEST)
        return text

    def sample(self, field: Field, random: Random) -> str:
        """A number of the field's form."""
        parts = []
        for text, name, spec, _ in Formatter().parse(str(field.options["format"])):
            number = random.randrange(1, 1000) if name == "number" else 260101
            parts.append(text + (format(number, (spec or "d") if name == "number" else "d") if name else ""))
        return "".join(parts).strip()


KIND = SerialKind()
