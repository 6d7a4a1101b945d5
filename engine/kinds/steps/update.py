"""`update: {table, where, set}`: change every record of a table for which a condition holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds.protocols import Run, StepShape, Writing
from engine.kinds.speech import Speech
from engine.model.app import Step
from engine.model.doc import Doc
from engine.model.text import Text

_UPDATE = Text("在满足（{where}）的每条{table}里把{pairs}", "in every record of {table} where ({where}) set {pairs}")
_PAIR = Text("{field}设为{value}", "{field} to {value}")

DOC = Doc(
    Text(
        "改一张表里满足条件的每条记录；名称是那些记录的字段，this 是触发规则的记录。",
        "Changes every record of a table for which a condition holds. Names are fields of those records; `this` is the "
        "record that set the rule off.",
    ),
    'update: {table: tickets, where: "order == this", set: {kind: "\'carrier\'"}}',
)


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

    def words(self, step: Step, speech: Speech) -> Text:
        """In every record of Shipments where (Order is this record) set Frozen to yes."""
        assert step.where is not None  # the schema requires it
        table = str(step.options["table"])
        pairs = speech.pairs(step.values, _PAIR, table, inner=True)
        return _UPDATE.say(where=speech.condition(step.where, table, inner=True), table=speech.table_words(table), pairs=pairs)


KIND = UpdateStep()
