"""Stored formulas: in which order they are worked out, and when two of them give the same values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from engine.model.app import App
from engine.model.tree import Expression, FieldOf


def stored_formulas(app: App, table: str) -> tuple[tuple[str, Expression], ...]:
    """Stored formulas of a table, each after those that it reads. The checker has refused cycles."""
    left = {f.name: f.value for f in app.tables[table].fields.values() if f.value is not None and f.stored}
    ordered: list[tuple[str, Expression]] = []
    while left:
        ready = [
            name for name, value in left.items() if not any((table, other) in value.reads for other in left if other != name)
        ]
        ordered += [(name, left.pop(name)) for name in ready]
    return tuple(ordered)


def same_formula(old: Expression, new: Expression, was: Mapping[str, str]) -> bool:
    """Do both give the same for every record? `was`: field → its old name, of those that are called otherwise now."""
    return bool(_shape(old.node, {before: now for now, before in was.items()}) == _shape(new.node, {}))


def _shape(value: Any, called: Mapping[str, str]) -> Any:
    """A tree without what does not matter: the name of its table, and of a type all but how its values are read."""
    if isinstance(value, FieldOf):
        return ("field", value.row, called.get(value.name, value.name), value.type.kind, value.type.scale)
    if is_dataclass(value):
        parts = (getattr(value, each.name) for each in fields(value) if each.name != "type")
        return (type(value).__name__, *(_shape(part, called) for part in parts))
    return tuple(_shape(each, called) for each in value) if isinstance(value, tuple) else value
