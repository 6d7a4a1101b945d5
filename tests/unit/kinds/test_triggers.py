"""When triggers go off."""

from __future__ import annotations

from itertools import product
from types import MappingProxyType

import pytest

from engine.kinds.registry import Registry
from engine.model.app import Trigger
from engine.model.diagnostic import Span

TRIGGERS = Registry.load().triggers


def _trigger(kind: str, state: str | None = None, fields: tuple[str, ...] = ()) -> Trigger:
    return Trigger(kind, "orders", state, fields, MappingProxyType({}), Span())


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


@pytest.mark.parametrize(
    ("before", "after", "fires"),
    [(None, "done", False), ("open", "done", True), ("done", "done", False), ("done", "open", False)],
)
def test_leaves(before: str | None, after: str, fires: bool) -> None:
    image = None if before is None else {"status": before}
    assert TRIGGERS["leaves"].matches(_trigger("leaves", "open"), "updated", image, {"status": after}, "status") is fires


@pytest.mark.parametrize(("entry", "fires"), [("created", False), ("updated", False), ("deleted", True)])
def test_deleted(entry: str, fires: bool) -> None:
    last = {"status": "open"}
    assert TRIGGERS["deleted"].matches(_trigger("deleted"), entry, last, last, "status") is fires
    assert not TRIGGERS["leaves"].matches(_trigger("leaves", "open"), "deleted", last, last, "status")


@pytest.mark.parametrize(
    ("fields", "before", "after", "fires"),
    [
        ((), {"amount": 1}, {"amount": 2}, True),
        ((), {"amount": 1}, {"amount": 1}, False),
        (("amount",), {"amount": None}, {"amount": 2}, True),
        (("amount",), {"note": "a", "amount": 1}, {"note": "b", "amount": 1}, False),
        (("note", "amount"), {"note": "a", "amount": 1}, {"note": "b", "amount": 1}, True),
        ((), {"version": 1, "updated_by": "a", "flags": ()}, {"version": 2, "updated_by": "b", "flags": ("x",)}, False),
    ],
)
def test_updated(fields: tuple[str, ...], before: dict[str, object], after: dict[str, object], fires: bool) -> None:
    trigger = _trigger("updated", fields=fields)
    assert TRIGGERS["updated"].matches(trigger, "updated", before, after, None) is fires
    assert not TRIGGERS["updated"].matches(trigger, "created", None, after, None)
    assert not TRIGGERS["updated"].matches(trigger, "deleted", before, after, None)


STATES = (None, "open", "done")


@pytest.mark.parametrize("name", sorted(TRIGGERS))
@pytest.mark.parametrize("kind", ["created", "updated", "deleted"])
def test_a_trigger_listens_to_every_write_that_sets_it_off(name: str, kind: str) -> None:
    """Proofs trust what a kind says of itself: it may say too much, never too little."""
    for state, fields in product(("open", "done"), ((), ("amount",))):
        trigger = _trigger(name, state if TRIGGERS[name].has_state else None, fields if name == "updated" else ())
        told = TRIGGERS[name].listens(trigger)
        for was, now, amount in product(STATES, STATES, (1, 2)):
            before = None if kind == "created" else {"status": was, "amount": 1}
            after = {"status": now, "amount": amount} if kind != "deleted" or before is None else before
            if not TRIGGERS[name].matches(trigger, kind, before, after, "status"):
                continue
            assert kind in told.kinds
            assert not told.fields or any((before or {}).get(f) != after[f] for f in told.fields)
            assert told.enters is None or (after["status"] == told.enters != (before or {}).get("status"))
            assert told.leaves is None or (before is not None and before["status"] == told.leaves != after["status"])


def test_only_triggers_about_a_state_take_one() -> None:
    assert {name for name, kind in TRIGGERS.items() if kind.has_state} >= {"enters", "leaves"}
    assert not any(TRIGGERS[name].has_state for name in ("created", "updated", "deleted"))
