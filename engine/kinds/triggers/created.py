"""`created: table`: a record has come into being, with its children."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Listening
from engine.kinds.speech import Speech
from engine.model.app import Trigger
from engine.model.doc import Doc
from engine.model.text import Text

_WHEN = Text("当新建一条{table}", "When a record of {table} is created")

DOC = Doc(
    Text(
        "新建了一条记录，连同它的子记录；一条记录一辈子一次。",
        "A record has been made, with its children: once in its life.",
    ),
    "created: orders",
)


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

    def words(self, trigger: Trigger, speech: Speech) -> Text:
        """When a record of Orders is created."""
        return _WHEN.say(table=speech.table_words(trigger.table))


KIND = CreatedTrigger()
