"""What may be written where: shared by permissions, steps and connections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from engine.definition.build.context import Context
from engine.definition.messages import instead
from engine.model.app import Table
from engine.model.diagnostic import Span
from engine.model.text import Text

# Why a field of that kind is not written by hand.
BY_ITSELF: Mapping[str, Text] = MappingProxyType(
    {
        "formula": Text("它由公式算出", "a formula works it out"),
        "serial": Text("它自动编号", "it is numbered by itself"),
        "state": Text("状态只由流转改变", "only transitions move the state"),
    }
)


def writable(
    name: str, span: Span, table: Table, path: str, context: Context, *, also: Iterable[str] = (), known: Iterable[str] = ()
) -> bool:
    """Is it a field that can be given a value? If not, it is in the report. `also`: kinds allowed here although they have
    their own way; `known`: further names for 'did you mean'."""
    field = table.fields.get(name)
    context.uses.name(f"tables.{table.name}.fields.{name}", name, span)
    if field is None:
        hint = instead(name, [*(n for n, f in table.fields.items() if f.kind not in BY_ITSELF or f.kind in also), *known])
        context.report.add("unknown-field", span, path, name=name, table=table.name, hint=hint)
        return False
    if field.kind in BY_ITSELF and field.kind not in also:
        context.report.add("not-written", span, path, name=name, why=BY_ITSELF[field.kind])
        return False
    return True


def lacking(table: Table, given: Iterable[str]) -> list[str]:
    """Required fields that would have no value."""
    there = set(given)
    return [f.name for f in table.fields.values() if f.required and f.default is None and f.name not in there]
