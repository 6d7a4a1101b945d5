"""Which fields a condition holds down: those that must equal something known, and those that must lie among or between. The
same comparisons that language/sql_compare.py leaves bare, so that an index on the column serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from engine.language.walk import walk
from engine.model.tree import Aggregate, Call, Compare, Constant, FieldOf, Find, In, Logic, Node
from engine.model.types import TypeKind

# Alternatives of an `or` that are looked at; a condition of more serves no list by index anyway.
_MOST = 8


@dataclass(frozen=True, slots=True)
class Held:
    """What one alternative of a condition says of a record's own fields: `equal` to something known; `within` a range, or among
    several."""

    equal: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


def held(node: Node, row: int = 0) -> list[Held]:
    """The alternatives of a condition about the record at this row depth; none when one of them holds nothing down."""
    match node:
        case Logic(operator="or", operands=operands):
            found = [held(each, row) for each in operands]
            return [each for several in found for each in several][:_MOST] if all(found) else []
        case Logic(operands=operands):
            several = [alternatives for each in operands if (alternatives := held(each, row))]
            return [_both(each) for each in _some(several)] if several else []
        case Compare(operator=sign, left=left, right=right):
            name = _own(left, right, row) or _own(right, left, row)
            if name is None or sign == "!=":
                return []
            return [Held((name,))] if sign == "==" else [Held(within=(name,))]
        case In(left=FieldOf() as field, right=tuple()) if _is_own(field, row):
            return [Held(within=(field.name,))]
        case FieldOf() if _is_own(node, row) and node.type.kind is TypeKind.BOOLEAN:
            return [Held((node.name,))]
        case Call(function="empty", arguments=(FieldOf() as field,)) if _is_own(field, row):
            return [Held((field.name,))]
        case Call(function="in_region" | "starts_with", arguments=(FieldOf() as field, Constant())) if _is_own(field, row):
            return [Held(within=(field.name,))]
    return []


def _some(several: list[list[Held]]) -> Iterator[tuple[Held, ...]]:
    for number, each in enumerate(product(*several)):
        if number == _MOST:
            return
        yield each


def _both(parts: tuple[Held, ...]) -> Held:
    equal = dict.fromkeys(name for part in parts for name in part.equal)
    within = dict.fromkeys(name for part in parts for name in part.within if name not in equal)
    return Held(tuple(equal), tuple(within))


def _own(one: Node, other: Node, row: int) -> str | None:
    """The record's own field on one side, when the other side does not depend on the record."""
    if not isinstance(one, FieldOf) or not _is_own(one, row):
        return None
    return None if any(_depends(each, row) for each in walk(other)) else one.name


def _is_own(field: FieldOf, row: int) -> bool:
    return field.row == row and not field.hops


def _depends(node: Node, row: int) -> bool:
    return isinstance(node, Aggregate | Find) or getattr(node, "row", None) == row
