"""Filters as examples, made of the table's own fields: what can be typed as it stands teaches more than a foreign table's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from builder_ui.format import Column
from builder_ui.ports import Json

_NUMBERS = frozenset({"money", "decimal", "integer"})
_WORDS = frozenset({"text", "long_text", "phone", "email", "link"})
_LAST_DAY = "created_at > now() - hours(24)"
# A field that the example is about → the example; None: it is not about such a field. One example for each line.
_SHAPES: Sequence[Callable[[Column], str | None]] = (
    lambda c: f"{c.name} > 100" if c.kind in _NUMBERS else None,
    lambda c: f"{c.name} == '{_first(c.choices)}'" if c.kind in ("state", "choice") and c.choices else None,
    lambda c: f"'{_first(c.choices)}' in {c.name}" if c.kind == "choices" and c.choices else None,
    lambda c: f"{c.name} > hours(2)" if c.kind in ("duration", "span") else None,
    lambda c: f"not empty({c.name})" if c.kind in _WORDS else None,
)


def examples(table: Json, columns: Iterable[Column]) -> list[str]:
    """Filters that hold of these columns; the first two together are a good hint in an empty input."""
    known = [_with_states(column, table) for column in columns]
    made = (next(filter(None, map(shape, known)), None) for shape in _SHAPES)
    return [*filter(None, made), _LAST_DAY]


def _with_states(column: Column, table: Json) -> Column:
    """States stand in the flow, not with the field."""
    flow = table.get("flow")
    if column.kind != "state" or not flow:
        return column
    return replace(column, choices={state["name"]: state["title"] for state in flow["states"]})


def _first(choices: Mapping[str, str]) -> str:
    return next(iter(choices))
