"""Where a record stands in its table's flow. Moved by transitions, never edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.values.names import NameKept
from engine.model.doc import Doc
from engine.model.text import Text

DOC = Doc(
    Text(
        "记录在流程里的位置；只能由流转改变，状态写在表的 flow 里。",
        "Where a record stands in its table's flow; moved by transitions only, the states stand in `flow`.",
    ),
    "progress: {type: state, title: {zh: 状态, en: State}}",
)


class StateKind(NameKept):
    """No keys of its own; the states come from the flow that names the field."""

    name = "state"
    schema: Mapping[str, Any] = {"required": False, "unique": False, "default": False}
    widget = "state"


KIND = StateKind()
