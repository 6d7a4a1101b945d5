"""`create: {table, set}`: make a record in any table of the app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.model.app import Step


class CreateStep:
    """One new record; bare names in `set` are the triggering record's."""

    name = "create"
    schema: Mapping[str, Any] = {
        "type": "object",
        "required": ["table", "set"],
        "additionalProperties": False,
        "properties": {
            "table": {"type": "string"},
            "set": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
        },
    }
    shape = StepShape(values="set", table=True)

    def run(self, step: Step, run: Run) -> None:
        """Values are judged on the triggering record; defaults and checks of the new one apply as for anybody."""
        values = {field: run.value(expression) for field, expression in step.values.items()}
        run.write(str(step.options["table"]), None, values)

    def writes(self, step: Step, table: str) -> tuple[Writing, ...]:
        """One new record."""
        return (Writing(str(step.options["table"]), "created", values=step.values),)


KIND = CreateStep()
