"""Approvals that can never be given, and pairs of them that ask the same people twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.definition.messages import diagnose
from engine.definition.prove.sight import Sight
from engine.definition.solver.solve import Impossible, Witness, solve
from engine.definition.solver.space import Space
from engine.language.logic import conjunction, disjunction
from engine.model.app import App, Approval, Table, Transition
from engine.model.diagnostic import Diagnostic
from engine.model.tree import Node


def approvals(app: App, table: Table, transition: Transition, inside: Sequence[Node]) -> Iterator[Diagnostic]:
    """What is wrong with the approvals of one transition. `inside`: that the record is in one of its source states."""
    space = Space.of(app, table.name)
    asked = conjunction([disjunction(inside), transition.guard.node if transition.guard is not None else None])
    path = f"tables.{table.name}.flow.transitions.{transition.name}.approvals"
    live: list[tuple[int, Approval]] = []
    for number, approval in enumerate(transition.approvals):
        when = conjunction([asked, _when(approval)])
        if isinstance(solve(conjunction([disjunction(inside), _when(approval)]), space), Impossible):
            continue  # a condition that never holds by itself is told of by engine.definition.prove.never
        scope = Sight(app, approval.role).scope(table.name)
        if isinstance(solve(when, space), Impossible):
            yield diagnose("approval-never", approval.span, f"{path}[{number}]", role=approval.role, name=transition.name)
        elif scope is None or isinstance(solve(conjunction([when, scope]), space), Impossible):
            yield diagnose(
                "approver-blind",
                approval.span,
                f"{path}[{number}].of",
                role=approval.role,
                name=transition.name,
                table=table.name,
            )
        else:
            live.append((number, approval))
    for at, (number, approval) in enumerate(live):
        for other in (each for _, each in live[:at] if each.role == approval.role):
            both = solve(conjunction([asked, _when(approval), _when(other)]), space)
            if isinstance(both, Witness):
                found = diagnose(
                    "approval-twice",
                    approval.span,
                    f"{path}[{number}]",
                    role=approval.role,
                    name=transition.name,
                    line=other.span.line,
                )
                yield replace(found, witness=both.values)
                break


def _when(approval: Approval) -> Node | None:
    return approval.condition.node if approval.condition is not None else None
