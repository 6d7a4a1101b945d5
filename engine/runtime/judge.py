"""What an actor may do with each record that is shown, and why not the rest.

Records of a page are many and decisions few: one is made for each set of conditions that hold, and kept with the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.access.decide import SYSTEM
from engine.access.truths import Verdict
from engine.access.view import Views
from engine.model.app import Table
from engine.model.change import Actor
from engine.runtime.flow import Move, seen_moves
from engine.runtime.shape import UNWRITABLE
from engine.runtime.work import Work


class Judge:
    """Of one table, for one actor, in one unit of work."""

    def __init__(self, work: Work, views: Views, table: Table, actor: Actor) -> None:
        self.work = work
        self.views = views
        self.table = table
        self.actor = actor
        self._who = (actor.kind, actor.roles, actor.seen_as, actor.locale, table.name)
        # What shows as it is to the actor need not be fetched a second time to decide on it.
        self.seen_enough = actor.kind != SYSTEM and work.program.truths.seen_enough(actor, table.name)

    def of(self, row: Mapping[str, Any], matched: Sequence[str] = ()) -> Verdict:
        """For one row of the view. Decided on the real record; `matched`: connections that brought it."""
        record = row if self.seen_enough else self.work.facts.link(self.table.name, row["id"]) or row
        # A decision knows of the record what stands in this key and of the actor the roles: no value of either is in it.
        key = (self._who, self._truths(record), tuple(matched))
        kept = self.work.program.verdicts
        return kept.get(key) or kept.put(key, self._verdict(record, matched))

    def _truths(self, record: Mapping[str, Any]) -> tuple[Any, ...]:
        """The conditions that hold, the state, the guards that hold of the moves out of it, what these still need."""
        work, flow = self.work, self.table.flow
        held = work.program.truths.of(self.actor, self.table.name, record, work.facts)
        if flow is None:
            return held
        state = record[flow.field]
        leaving = [transition for transition in flow.transitions.values() if state in transition.sources]
        guards = tuple(each.guard is None or work.program.access.true(each.guard, record, work.facts) for each in leaving)
        return held, state, guards, tuple(record.get(name) is None for each in leaving for name in each.needs)

    def _verdict(self, record: Mapping[str, Any], matched: Sequence[str]) -> Verdict:
        work, table, actor = self.work, self.table, self.actor
        possible = seen_moves(work, table, record, actor)
        editable, held = self._edits(record, matched)
        shown = self.views.fields(table.name)
        return Verdict(
            editable=tuple(editable),
            held={name: reason for name, reason in held.items() if name in shown},
            transitions=tuple(move.transition.name for move in possible if move.decision.allowed),
            delete=work.program.access.may_delete(actor, table.name, record, work.facts).allowed,
            moves=tuple(_move_json(move, actor) for move in possible),
        )

    def _edits(self, record: Mapping[str, Any], matched: Sequence[str]) -> tuple[list[str], dict[str, str]]:
        """Fields that the actor may set now, and for the others why not."""
        work, table, actor = self.work, self.table, self.actor
        editable: list[str] = []
        held: dict[str, str] = {}
        writable = [name for name, field in table.fields.items() if field.kind not in UNWRITABLE]
        owned = work.program.owned[table.name] if matched else {}
        decisions = work.program.access.edits(actor, table.name, writable, record, work.facts)
        for name, decision in decisions.items():
            owner = next((each for each in matched if each in owned.get(name, ())), None)
            if decision.allowed and owner is None:
                editable.append(name)
            elif decision.allowed:
                held[name] = f"由连接 {owner} 维护" if actor.locale.startswith("zh") else f"Kept by the connection {owner}"
            elif decision.reason is not None:
                held[name] = decision.reason.to(actor.locale)
        return editable, held


def _move_json(move: Move, actor: Actor) -> dict[str, Any]:
    """One transition out of the record's state."""
    reason = move.decision.reason
    return {
        "name": move.transition.name,
        "title": move.transition.title.to(actor.locale),
        "to": move.transition.target,
        "allowed": move.decision.allowed,
        "reason": reason.to(actor.locale) if reason is not None else None,
        "needs": list(move.needs),
    }
