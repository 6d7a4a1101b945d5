"""`leaves: table.state`: a record has gone from a state into another. One that is deleted leaves none: it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Listening
from engine.kinds.speech import Speech
from engine.model.app import Trigger
from engine.model.doc import Doc
from engine.model.text import Text

_WHEN = Text("当{table}离开{state}", "When a record of {table} stops being {state}")

DOC = Doc(
    Text(
        "记录从一个状态去了另一个状态。删除不算离开。",
        "A record has gone from a state into another. One that is deleted leaves none.",
    ),
    "leaves: orders.pending",
)


class LeavesTrigger:
    """Each time the state is left."""

    name = "leaves"
    schema: Mapping[str, Any] = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"}
    has_state = True

    def matches(
        self, trigger: Trigger, kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], state_field: str | None
    ) -> bool:
        """True when the state field held the state before and does not now."""
        if state_field is None or before is None or before[state_field] != trigger.state:
            return False
        return bool(after[state_field] != trigger.state)

    def listens(self, trigger: Trigger) -> Listening:
        """Moves that begin in the state."""
        return Listening(frozenset({"updated"}), leaves=trigger.state)

    def words(self, trigger: Trigger, speech: Speech) -> Text:
        """When a record of Orders stops being “Pending”."""
        return _WHEN.say(table=speech.table_words(trigger.table), state=speech.state_words(trigger.state or ""))


KIND = LeavesTrigger()
