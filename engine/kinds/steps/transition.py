"""`transition: name`: take a transition of the record that set the rule off. Guards, needs and `by: system` bind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.kinds.speech import Speech
from engine.model.app import Step
from engine.model.doc import Doc
from engine.model.text import Text

_TRANSITION = Text("执行{transition}", "do {transition}")

DOC = Doc(
    Text(
        "让触发规则的这条记录走一步流程；流转的 by 里要有 system，条件和必填照样管着。",
        "Takes a transition of the record that set the rule off. The transition must name `system` in its `by`; its "
        "guard and needs bind it.",
    ),
    "transition: approve",
)


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

    def words(self, step: Step, speech: Speech) -> Text:
        """Do “Approve”."""
        return _TRANSITION.say(transition=speech.transition_words(str(step.options["transition"])))


KIND = TransitionStep()
