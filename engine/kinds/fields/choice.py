"""One of a few named values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.values.names import CHOICES, NameKept
from engine.model.doc import Doc
from engine.model.text import Text

DOC = Doc(
    Text(
        "几个固定选项里的一个；表达式里用选项的名称，页面上显示标题。",
        "One of a few fixed values; expressions use their names, pages show their titles.",
    ),
    "channel: {type: choice, choices: {web: {zh: 网店, en: Web}, phone: {zh: 电话, en: Phone}}, default: web}",
)


class ChoiceKind(NameKept):
    """`choices`: name → title."""

    name = "choice"
    schema: Mapping[str, Any] = {"choices": CHOICES}
    widget = "select"


KIND = ChoiceKind()
