"""What records there can be: the variables of a problem and what the definition says of the values of each.

A record is taken as the definition of today admits it: `required`, bounds, choices and states hold. Each of them is enforced
whenever a value is written (engine.runtime.values, engine.kinds); a record from before a field was narrowed may still break
one until it is written again."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from math import ceil, floor

from engine.definition.solver.formula import FAR
from engine.definition.solver.values import Values, numbers
from engine.language.regions import PROVINCES
from engine.model.app import App, Field
from engine.model.tree import Call, Extra, FieldOf, Node, SourceValue, This, UserFact
from engine.model.types import Type, TypeKind

PRESENT = numbers(((-(FAR), FAR),))
ALWAYS_THERE = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")
BEFORE = -1


@dataclass(frozen=True, slots=True)
class Space:
    """The possible records of a table, with all that a condition about one may ask. `old`: there can be a before image (a
    record that has just been created has an empty one). `inner`: a second table, whose record stands at row depth 1 (an
    update's `where`). `identified`: facts of the user that are not empty (those that `records` reads)."""

    app: App
    table: str
    old: bool = False
    inner: str | None = None
    identified: Set[str] = frozenset()

    @staticmethod
    def of(app: App, table: str, *, old: bool = False, inner: str | None = None, identified: Set[str] = frozenset()) -> Space:
        """The records of a table of an app."""
        return Space(app, table, old, inner, identified)

    def field(self, table: str, name: str) -> Field | None:
        """A declared field; None for an implicit one."""
        return self.app.tables[table].fields.get(name)

    def worked_out(self, table: str, name: str) -> bool:
        """Is it a formula field?"""
        field = self.field(table, name)
        return field is not None and field.value is not None

    def type_of(self, node: Node) -> Type:
        """The type with the options that are known of it: provinces are kept under their short names."""
        if isinstance(node, FieldOf):
            field = self.field(node.table, node.name)
            if field is not None and field.kind == "region":
                return replace(node.type, options=tuple(PROVINCES))
        if isinstance(node, UserFact) and node.name in self.app.people:
            field = self.app.people[node.name]
            return replace(field.type, options=tuple(PROVINCES)) if field.kind == "region" else field.type
        return node.type

    def narrowed(self, node: Node, values: Values) -> Values:
        """Those values of its type that a field, path or fact can have where the record it belongs to is there."""
        match node:
            case This():
                return values & PRESENT
            case FieldOf(table=table, name=name):
                field = self.field(table, name)
                if field is None:
                    there = values & PRESENT if name in ALWAYS_THERE else values
                    return there & numbers(((1, FAR),)) if name == "version" else there
                return _of_field(field, values)
            case UserFact(name=name):
                known = _bounded(self.app.people[name], values) if name in self.app.people else values
                return known & PRESENT if name in self.identified else known
            case Extra():
                return values & PRESENT
        return values

    def label(self, node: Node) -> str:
        """The name by which a witness calls a value."""
        match node:
            case FieldOf(row=row, hops=hops, name=name):
                path = ".".join([*(hop[1] for hop in hops), name])
                if row == BEFORE:
                    return f"old.{path}"
                return f"this.{path}" if self.inner is not None and row == 0 else path
            case UserFact(name=name):
                return f"user.{name}"
            case SourceValue(name=name):
                return f"source.{name}"
            case Extra(name=name):
                return name
            case Call(function=function):
                return f"{function}()"
        return "this.id" if self.inner is not None and isinstance(node, This) and node.row == 0 else "id"


def _of_field(field: Field, values: Values) -> Values:
    found = _bounded(field, values)
    if field.kind == "state":
        return found & PRESENT
    return found & PRESENT if field.required else found


def _bounded(field: Field, values: Values) -> Values:
    if field.type.kind is not TypeKind.NUMBER:
        return values
    units = 10**field.type.scale
    low, high = field.options.get("min"), field.options.get("max")
    least = -(FAR) if low is None else ceil(low * units)
    most = FAR if high is None else floor(high * units)
    return values & numbers(((least, most),), empty=True)
