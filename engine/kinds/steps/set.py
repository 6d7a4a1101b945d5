"""`set: {field: expression}`: change fields of the record that set the rule off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.model.app import Step


class SetStep:
    """Writes the record itself, in one further write."""

    name = "set"
    schema: Mapping[str, Any] = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    }
    shape = StepShape(values="")

    def run(self, step: Step, run: Run) -> None:
        """All values are judged on the record as it is before this step."""
        values = {field: run.value(expression) for field, expression in step.values.items()}
        run.write("", str(run.record["id"]), values)

    def writes(self, step: Step, table: str) -> tuple[Writing, ...]:
        """The record itself."""
        return (Writing(table, "updated", own=True, values=step.values),)


KIND = SetStep()
