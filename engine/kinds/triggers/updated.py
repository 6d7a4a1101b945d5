"""`updated: table` or `updated: {of: table, fields: [amount]}`: a value of the record has changed. A write that leaves every
value as it was is no change, and neither is a new line in one of its child lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Listening
from engine.kinds.speech import Speech
from engine.model.app import Trigger
from engine.model.doc import Doc
from engine.model.text import Text

# What every write changes, or what follows from other records: nobody has changed a value.
_BOOKKEEPING = frozenset({"version", "updated_at", "updated_by", "flags"})

_WHEN = Text("当{table}有字段被改动", "When any field of a record of {table} changes")
_WHEN_ONE_OF = Text("当{table}的{fields}被改动", "When {fields} of a record of {table} {many|changes|change}")

DOC = Doc(
    Text(
        "记录的值变了，不管谁改的；写了 fields 就只看这些字段。值没变的写入不算，子记录增减也不算。",
        "A value of the record has changed, by whatever hand; with `fields` only these are watched. A write that "
        "leaves every value as it was is no change, nor is a new child record.",
    ),
    "updated: {of: orders, fields: [amount, remark]}",
)


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

    def words(self, trigger: Trigger, speech: Speech) -> Text:
        """When Amount, Remark of a record of Orders change."""
        table = speech.table_words(trigger.table)
        if not trigger.fields:
            return _WHEN.say(table=table)
        return _WHEN_ONE_OF.say(table=table, fields=speech.fields_words(trigger.fields), many=len(trigger.fields))


KIND = UpdatedTrigger()
