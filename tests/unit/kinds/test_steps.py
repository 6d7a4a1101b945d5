"""What steps ask of the run that carries them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.kinds.registry import Registry
from engine.model.app import Step
from engine.model.change import Outcome
from engine.model.diagnostic import Span
from engine.model.tree import Constant, Expression
from engine.model.types import BOOLEAN, TEXT

STEPS = Registry.load().steps
YES = Expression("True", Span(), Constant(True, BOOLEAN), BOOLEAN, frozenset(), frozenset(), frozenset(), False)
WORD = Expression("'x'", Span(), Constant("x", TEXT), TEXT, frozenset(), frozenset(), frozenset(), False)


class FakeRun:
    """Writes down what it is asked for; two records fit every condition."""

    record: Mapping[str, Any] = {"id": "o1"}

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def value(self, expression: Expression, inner: Mapping[str, Any] | None = None) -> Any:
        assert isinstance(expression.node, Constant)
        return expression.node.value

    def select(self, table: str, where: Expression) -> Sequence[Mapping[str, Any]]:
        self.asked.append(("select", table, where.text))
        return [{"id": "s1"}, {"id": "s2"}]

    def write(self, table: str, id: str | None, values: Mapping[str, Any], transition: str | None = None) -> Outcome:
        self.asked.append(("write", table, id, dict(values), transition))
        return Outcome(id or "new", 1)

    def notify(self, step: Step) -> None:
        self.asked.append(("notify", step.options["to"]))


def _asked(
    kind: str, options: Mapping[str, Any] | None = None, *, where: Expression | None = None, **values: Expression
) -> list[Any]:
    run = FakeRun()
    STEPS[kind].run(Step(kind, "rules.r.then[0]", options or {}, values, where, None, Span()), run)
    return run.asked


def _told(kind: str, options: Mapping[str, Any] | None = None, *, where: Expression | None = None, **values: Expression) -> Any:
    return STEPS[kind].writes(Step(kind, "rules.r.then[0]", options or {}, values, where, None, Span()), "orders")


def test_steps_tell_what_they_write() -> None:
    (own,) = _told("set", note=WORD)
    assert (own.table, own.kind, own.own, dict(own.values)) == ("orders", "updated", True, {"note": WORD})
    (new,) = _told("create", {"table": "tasks"}, note=WORD)
    assert (new.table, new.kind, new.own, dict(new.values)) == ("tasks", "created", False, {"note": WORD})
    (others,) = _told("update", {"table": "shipments"}, where=YES, frozen=YES)
    assert (others.table, others.kind, others.own, others.where) == ("shipments", "updated", False, YES)
    (move,) = _told("transition", {"transition": "close"})
    assert (move.table, move.kind, move.own, move.transition) == ("orders", "updated", True, "close")
    assert _told("notify", {"to": ["role.clerk"], "by": ["inbox"]}) == ()


def test_set_writes_the_record_itself() -> None:
    assert _asked("set", note=WORD) == [("write", "", "o1", {"note": "x"}, None)]


def test_create_writes_a_new_record() -> None:
    assert _asked("create", {"table": "tasks"}, note=WORD) == [("write", "tasks", None, {"note": "x"}, None)]


def test_update_writes_every_record_that_fits() -> None:
    assert _asked("update", {"table": "shipments"}, where=YES, frozen=YES) == [
        ("select", "shipments", "True"),
        ("write", "shipments", "s1", {"frozen": True}, None),
        ("write", "shipments", "s2", {"frozen": True}, None),
    ]


def test_transition_moves_the_record() -> None:
    assert _asked("transition", {"transition": "close"}) == [("write", "", "o1", {}, "close")]


def test_notify_tells_the_roles() -> None:
    assert _asked("notify", {"to": ["role.clerk"], "by": ["inbox"]}) == [("notify", ["role.clerk"])]
