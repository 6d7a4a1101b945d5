"""`transition: name`: take a transition of the record that set the rule off. Guards, needs and `by: system` bind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.model.app import Step


class TransitionStep:
    """Moves the record through its flow as `system`."""

    name = "transition"
    schema: Mapping[str, Any] = {"type": "string"}
    shape = StepShape(scalar="transition")

    def run(self, step: Step, run: Run) -> None:
        """A transition that is not possible now fails the rule, with its reason."""
        run.write("", str(run.record["id"]), {}, transition=str(step.options["transition"]))

    def writes(self, step: Step, table: str) -> tuple[Writing, ...]:
        """The record's state."""
        return (Writing(table, "updated", own=True, transition=str(step.options["transition"])),)


KIND = TransitionStep()
