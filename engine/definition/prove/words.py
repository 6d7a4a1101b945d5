"""A witness, rows and rules in words: fields and choices by their titles, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from engine.definition.solver.space import Space
from engine.model.app import Field, RoutingRow
from engine.model.text import Text
from engine.model.types import TypeKind

_LISTED = 12
_EMPTY = Text("空", "empty")
_ANY = Text("任何一条记录", "any record")


def witness_words(values: Sequence[tuple[str, Any]], space: Space) -> Text:
    """`实付金额=500，渠道=抖音`."""
    if not values:
        return _ANY
    told = [Text("{name}={value}", "{name}={value}").fill(name=name, value=value) for name, value in _pairs(values, space)]
    return Text("，".join(each.zh for each in told), ", ".join(each.en for each in told))


def _pairs(values: Sequence[tuple[str, Any]], space: Space) -> Iterable[tuple[Text, Text]]:
    for label, value in values:
        name, field = _titled(label, space)
        yield name, value_words(value, field)


def _titled(label: str, space: Space) -> tuple[Text, Field | None]:
    """The title of a name or path, and the field at its end; what has no title stands as it is written."""
    owner, _, rest = label.partition(".")
    if owner == "user" and rest in space.app.people:
        person = space.app.people[rest]
        return Text("操作人的{name}", "the user's {name}").fill(name=person.title), person
    table: str | None = space.inner or space.table
    steps, before = label.split("."), Text("", "")
    if owner in ("old", "this") and rest:
        table, steps = space.table, steps[1:]
        before = Text("原来的", "former ") if owner == "old" else Text("触发记录的", "the triggering record's ")
    parts: list[Text] = []
    field: Field | None = None
    for step in steps:
        field = space.app.tables[table].fields.get(step) if table is not None else None
        parts.append(field.title if field is not None else Text.of(step))
        table = str(field.options["to"]) if field is not None and field.type.kind is TypeKind.RECORD else None
    return Text(before.zh + "的".join(p.zh for p in parts), before.en + "'s ".join(p.en for p in parts)), field


def value_words(value: Any, field: Field | None) -> Text:
    """A JSON value (or a constant) of a field."""
    if value is None:
        return _EMPTY
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if field is not None and value in field.choices:
        return field.choices[value].title
    if isinstance(value, list):
        return Text("、".join(map(str, value)), ", ".join(map(str, value))) if value else _EMPTY
    if isinstance(value, str | Decimal) and field is not None and field.type.kind is TypeKind.NUMBER:
        return Text.of(format(Decimal(value).normalize(), "f"))
    return Text.of(str(value))


def rows_words(numbers: Sequence[int], rows: Sequence[RoutingRow]) -> Text:
    """`第 1 条（第 31 行）、第 2 条（第 32 行）`."""
    told = [
        Text("第 {n} 条（第 {line} 行）", "{n} (line {line})").fill(n=number + 1, line=rows[number].span.line)
        for number in numbers[:_LISTED]
    ]
    more = "…" if len(numbers) > _LISTED else ""
    return Text("、".join(t.zh for t in told) + more, ", ".join(t.en for t in told) + more)
