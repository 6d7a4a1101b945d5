"""`deleted: table`: a record has been removed, by hand or with the record it belonged to. The rule sees its last values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Listening
from engine.model.app import Trigger


class DeletedTrigger:
    """Once, at the end of a record's life. There is nothing left to set or to move; other records can be written."""

    name = "deleted"
    schema: Mapping[str, Any] = {"type": "string"}
    has_state = False

    def matches(
        self, trigger: Trigger, kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], state_field: str | None
    ) -> bool:
        """True for the entry that removed the record."""
        return kind == "deleted"

    def listens(self, trigger: Trigger) -> Listening:
        """Deletions."""
        return Listening(frozenset({"deleted"}))


KIND = DeletedTrigger()
