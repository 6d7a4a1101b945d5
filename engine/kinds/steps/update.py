"""`update: {table, where, set}`: change every record of a table for which a condition holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.model.app import Step


class UpdateStep:
    """Bare names are the target record's; `this` is the record that set the rule off."""

    name = "update"
    schema: Mapping[str, Any] = {
        "type": "object",
        "required": ["table", "where", "set"],
        "additionalProperties": False,
        "properties": {
            "table": {"type": "string"},
            "where": {"type": "string"},
            "set": {"type": "object", "minProperties": 1, "additionalProperties": {"type": ["string", "number", "boolean"]}},
        },
    }
    shape = StepShape(values="set", table=True, inner=True, where=True)

    def run(self, step: Step, run: Run) -> None:
        """One further write for each record found, in the order of their ids."""
        assert step.where is not None  # the schema requires it
        table = str(step.options["table"])
        for target in run.select(table, step.where):
            values = {field: run.value(expression, target) for field, expression in step.values.items()}
            run.write(table, str(target["id"]), values)

    def writes(self, step: Step, table: str) -> tuple[Writing, ...]:
        """Records of the table named."""
        return (Writing(str(step.options["table"]), "updated", values=step.values, where=step.where),)


KIND = UpdateStep()
