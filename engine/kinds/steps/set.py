"""`set: {field: expression}`: change fields of the record that set the rule off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.kinds.speech import Speech
from engine.model.app import Step
from engine.model.doc import Doc
from engine.model.text import Text

_SET = Text("把{pairs}", "set {pairs}")
_PAIR = Text("{field}设为{value}", "{field} to {value}")

DOC = Doc(
    Text(
        "改触发规则的这条记录的字段；右边是表达式，都按改之前的记录算。",
        "Changes fields of the record that set the rule off. The right-hand sides are expressions, all judged on the "
        "record as it was before.",
    ),
    "set: {priority: \"'express'\", remark: \"concat(remark, ' !')\"}",
)


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

    def words(self, step: Step, speech: Speech) -> Text:
        """Set Priority to “Express”."""
        return _SET.say(pairs=speech.pairs(step.values, _PAIR))


KIND = SetStep()
