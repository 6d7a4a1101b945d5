"""`enters: table.state`: a record has come into a state, by a transition or by being created in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Listening
from engine.kinds.speech import Speech
from engine.model.app import Trigger
from engine.model.doc import Doc
from engine.model.text import Text

_WHEN = Text("当{table}进入{state}", "When a record of {table} becomes {state}")

DOC = Doc(
    Text(
        "记录进入了一个状态，不管是流转过来的还是新建就在这里；每进入一次算一次。",
        "A record has come into a state, by a transition or by being created in it; each time it does.",
    ),
    "enters: orders.approved",
)


class EntersTrigger:
    """Each time the state is entered, not while it lasts."""

    name = "enters"
    schema: Mapping[str, Any] = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"}
    has_state = True

    def matches(
        self, trigger: Trigger, kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], state_field: str | None
    ) -> bool:
        """True when the state field holds the state now and did not before."""
        if state_field is None or after[state_field] != trigger.state:
            return False
        return before is None or before[state_field] != trigger.state

    def listens(self, trigger: Trigger) -> Listening:
        """Creations and moves that end in the state."""
        return Listening(frozenset({"created", "updated"}), enters=trigger.state)

    def words(self, trigger: Trigger, speech: Speech) -> Text:
        """When a record of Orders becomes “Approved”."""
        return _WHEN.say(table=speech.table_words(trigger.table), state=speech.state_words(trigger.state or ""))


KIND = EntersTrigger()
