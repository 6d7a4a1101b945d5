"""`deleted: table`: a record has been removed, by hand or with the record it belonged to. The rule sees its last values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Listening
from engine.kinds.speech import Speech
from engine.model.app import Trigger
from engine.model.doc import Doc
from engine.model.text import Text

_WHEN = Text("当删除一条{table}", "When a record of {table} is deleted")

DOC = Doc(
    Text(
        "删除了一条记录，不管是手工还是随它所属的记录一起；规则看到它最后的值，能写别的记录，不能写它。",
        "A record has been removed, by hand or with the record it belonged to. The rule sees its last values and may "
        "write other records, not this one.",
    ),
    "deleted: orders",
)


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

    def words(self, trigger: Trigger, speech: Speech) -> Text:
        """When a record of Orders is deleted."""
        return _WHEN.say(table=speech.table_words(trigger.table))


KIND = DeletedTrigger()
