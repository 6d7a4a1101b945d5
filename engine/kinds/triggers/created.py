"""`created: table`: a record has come into being, with its children."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Listening
from engine.model.app import Trigger


class CreatedTrigger:
    """Once in a record's life."""

    name = "created"
    schema: Mapping[str, Any] = {"type": "string"}
    has_state = False

    def matches(
        self, trigger: Trigger, kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], state_field: str | None
    ) -> bool:
        """True for the entry that made the record."""
        return kind == "created"

    def listens(self, trigger: Trigger) -> Listening:
        """Creations."""
        return Listening(frozenset({"created"}))


KIND = CreatedTrigger()
