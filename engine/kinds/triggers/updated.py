"""`updated: table` or `updated: {of: table, fields: [amount]}`: a value of the record has changed. A write that leaves every
value as it was is no change, and neither is a new line in one of its child lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Listening
from engine.model.app import Trigger

# What every write changes, or what follows from other records: nobody has changed a value.
_BOOKKEEPING = frozenset({"version", "updated_at", "updated_by", "flags"})


class UpdatedTrigger:
    """Each time one of the fields named (none named: any field) holds another value than before, by whatever hand."""

    name = "updated"
    schema: Mapping[str, Any] = {
        "type": ["string", "object"],
        "required": ["of"],
        "additionalProperties": False,
        "properties": {
            "of": {"type": "string"},
            "fields": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        },
    }
    has_state = False

    def matches(
        self, trigger: Trigger, kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], state_field: str | None
    ) -> bool:
        """True when a value differs. Transitions change the state field, and with it the time of entering."""
        if kind != "updated" or before is None:
            return False
        watched = trigger.fields or tuple(after.keys() - _BOOKKEEPING)
        return any(before.get(name) != after.get(name) for name in watched)

    def listens(self, trigger: Trigger) -> Listening:
        """Changes of the fields."""
        return Listening(frozenset({"updated"}), fields=trigger.fields)


KIND = UpdatedTrigger()
