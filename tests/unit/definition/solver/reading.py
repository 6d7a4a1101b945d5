"""Conditions from text, on an app's tables, for the tests of proofs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definition.build.context import STANDARD_FACTS
from engine.definition.solver.solve import Answer, solve
from engine.definition.solver.space import Space
from engine.language.expression import read_expression
from engine.model.app import App
from engine.model.diagnostic import Span
from engine.model.tree import Expression
from engine.model.types import BOOLEAN, Scope


def condition(text: str, app: App, table: str, *, old: bool = False, inner: str | None = None) -> Expression:
    """A condition that may use everything."""
    types = {name: each.types for name, each in app.tables.items()}
    user = {**STANDARD_FACTS, **{name: field.type for name, field in app.people.items()}}
    scope = Scope(types, table, inner, old, user)
    return read_expression(text, scope, span=Span("app.yaml", 7, 11), path="x", expect=BOOLEAN)


def answer(text: str, app: App, table: str, **space: Any) -> Answer:
    """What the solver says of it."""
    read = condition(text, app, table, old=space.get("old", False), inner=space.get("inner"))
    return solve(read.node, Space.of(app, table, **space), read)


def values(found: Answer) -> Mapping[str, Any]:
    """A witness's values by name."""
    return dict(found.values)  # type: ignore[union-attr]
