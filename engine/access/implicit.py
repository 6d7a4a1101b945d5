"""By whose permission a field shows that nobody declares."""

from __future__ import annotations

from engine.model.app import Table


def governor(table: Table, name: str) -> str | None:
    """The declared field whose permission decides on this one: a declared field's own; that of the state for `waiting` and the
    stamps `<state>_at`, which would give it away; None for what shows with any field of the record (`id`, `version`, …)."""
    if name in table.fields:
        return name
    if table.flow is not None and (name == "waiting" or name.removesuffix("_at") in table.flow.states):
        return table.flow.field
    return None
