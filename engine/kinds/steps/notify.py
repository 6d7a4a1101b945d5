"""`notify: {to, by, text}`: tell people. The text is shown through each recipient's own view of the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.kinds.speech import Speech
from engine.model.app import Step
from engine.model.doc import Doc
from engine.model.text import Text

_NOTIFY = Text("通知{people}（{channels}）：“{text}”", "tell {people} ({channels}): “{text}”")

DOC = Doc(
    Text(
        "按角色通知人；文字里花括号中的字段按收件人自己看得到的显示。",
        "Tells people by their roles. What stands in braces in the text is shown as each recipient may see it.",
    ),
    'notify: {to: [role.clerk], by: [inbox], text: {zh: "请看 {order_no}", en: "See {order_no}"}}',
)


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

    def words(self, step: Step, speech: Speech) -> Text:
        """Tell Warehouse (inbox): “Express {Order no.}”."""
        people, channels = speech.people(step.options.get("to")), speech.channels(step.options.get("by"))
        return _NOTIFY.say(people=people, channels=channels, text=speech.text(step.text))


KIND = NotifyStep()
