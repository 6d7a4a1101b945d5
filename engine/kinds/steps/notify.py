"""`notify: {to, by, text}`: tell people. The text is shown through each recipient's own view of the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.model.app import Step


class NotifyStep:
    """Puts one line into the inbox of everybody who holds the roles named."""

    name = "notify"
    schema: Mapping[str, Any] = {
        "type": "object",
        "required": ["to", "by", "text"],
        "additionalProperties": False,
        "properties": {
            "to": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": r"^role\.[a-z][a-z0-9_]*$"}},
            "by": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            "text": {"type": ["string", "object"]},
        },
    }
    shape = StepShape(text=True)

    def run(self, step: Step, run: Run) -> None:
        """The line commits with its cause or not at all."""
        run.notify(step)

    def writes(self, step: Step, table: str) -> tuple[Writing, ...]:
        """Nothing of the app's records."""
        return ()


KIND = NotifyStep()
