"""What the write path asks of a table again and again, worked out once per program: an empty record with its defaults, what
must be given, how each field is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table as PhysicalTable

from engine.kinds.registry import Registry
from engine.model.app import Field, Table

UNWRITABLE = ("formula", "serial", "state")


@dataclass(frozen=True, slots=True)
class Shape:
    """`blank`: column → default or None. `required`: fields that a person must fill. `writers`: fields with a column
    and how their values become JSON."""

    blank: Mapping[str, Any]
    required: tuple[Field, ...]
    serials: tuple[Field, ...]
    writers: tuple[tuple[str, Field, Callable[[Any, Field], Any]], ...]


def shape_of(table: Table, physical: PhysicalTable, registry: Registry) -> Shape:
    """The shape of one table."""
    blank: dict[str, Any] = {column.key: None for column in physical.columns}
    for name, field in table.fields.items():
        if name in blank and field.default is not None:
            blank[name] = registry.fields[field.kind].parse(field.default, field)
    fields = table.fields.values()
    return Shape(
        blank=blank,
        required=tuple(field for field in fields if field.required and field.kind not in UNWRITABLE),
        serials=tuple(field for field in fields if field.kind == "serial"),
        writers=tuple((field.name, field, registry.fields[field.kind].to_json) for field in fields if field.name in blank),
    )
