"""`create: {table, set}`: make a record in any table of the app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.kinds.speech import Speech
from engine.model.app import Step
from engine.model.doc import Doc
from engine.model.text import Text

_CREATE = Text("新建一条{table}：{pairs}", "create a record of {table} with {pairs}")
_PAIR = Text("{field}为{value}", "{field} set to {value}")

DOC = Doc(
    Text(
        "在一张表里新建一条记录；值里的名称是触发规则的那条记录的字段，this 是那条记录。",
        "Makes a record in a table. Names in the values are fields of the record that set the rule off; `this` is that record.",
    ),
    'create: {table: tickets, set: {order: "this", kind: "\'stuck\'"}}',
)


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

    def words(self, step: Step, speech: Speech) -> Text:
        """Create a record of Shipments with Order set to this record."""
        table = str(step.options["table"])
        return _CREATE.say(table=speech.table_words(table), pairs=speech.pairs(step.values, _PAIR, table))


KIND = CreateStep()
