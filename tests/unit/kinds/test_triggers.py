"""When triggers go off."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from engine.kinds.registry import Registry
from engine.model.app import Trigger
from engine.model.diagnostic import Span

TRIGGERS = Registry.load().triggers


def _trigger(kind: str, state: str | None = None) -> Trigger:
    return Trigger(kind, "orders", state, (), MappingProxyType({}), Span())


@pytest.mark.parametrize(("entry", "fires"), [("created", True), ("updated", False), ("deleted", False)])
def test_created(entry: str, fires: bool) -> None:
    assert TRIGGERS["created"].matches(_trigger("created"), entry, None, {"status": "open"}, "status") is fires


@pytest.mark.parametrize(
    ("before", "after", "fires"),
    [(None, "done", True), ("open", "done", True), ("done", "done", False), ("done", "open", False), (None, "open", False)],
)
def test_enters(before: str | None, after: str, fires: bool) -> None:
    image = None if before is None else {"status": before}
    assert TRIGGERS["enters"].matches(_trigger("enters", "done"), "updated", image, {"status": after}, "status") is fires


def test_only_triggers_about_a_state_take_one() -> None:
    assert {name for name, kind in TRIGGERS.items() if kind.has_state} >= {"enters"}
    assert not TRIGGERS["created"].has_state
