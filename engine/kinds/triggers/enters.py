"""`enters: table.state`: a record has come into a state, by a transition or by being created in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Listening
from engine.model.app import Trigger


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


KIND = EntersTrigger()
