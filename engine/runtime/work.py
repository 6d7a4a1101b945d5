"""One unit of work: a transaction, its actor, the records it has seen, and how far its chain of rules has gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from engine.model.change import MAX_DEPTH, Actor, Change, Outcome
from engine.model.problem import Problem
from engine.model.text import Text
from engine.runtime.program import Program
from engine.storage import journal
from engine.storage.facts import Facts
from engine.storage.unit import Unit

MAX_WRITES = 2_000


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a write happens: the journal entry and the step that led to it; `chain`: paths of the rules so far, oldest first."""

    entry: str | None = None
    rule: str | None = None
    chain: tuple[str, ...] = ()

    @property
    def depth(self) -> int:
        """0 for what a person or a connection does."""
        return len(self.chain)

    def of(self, entry: str) -> Cause:
        """The cause of what this entry leads to within the same write."""
        return Cause(entry, self.rule, self.chain)


class RuleLoop(Problem):
    """A chain of rules that does not end; `facts["loop"]` names those that repeat. It fails the first of them as a whole."""


@dataclass(frozen=True, slots=True)
class Event:
    """A record was written: what rules listen to. `kind` created | updated | deleted; of what is deleted `before` and `after`
    are both its last values."""

    table: str
    kind: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    entry: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What a write did before its rules ran: the record's event and those of the records that were written with it."""

    events: tuple[Event, ...]
    outcome: Outcome


@dataclass
class Work:
    """Everything a step of the write path needs. `now` is in the organisation's zone and the same for the whole chain.
    `probe` is told the name of each step before it runs (crash tests stop the process there). `open`: records whose children
    are being written, so that their checks wait for the last; `looked_up`: (table, text) found by full text, to journal;
    `read`: texts read by field kinds, by id of the field; `known`: what actors may name, by kind, roles and table."""

    program: Program
    connection: Connection
    facts: Facts
    actor: Actor
    now: datetime
    new_id: Callable[[], str]
    probe: Callable[[str], None]
    writes: int = 0
    open: set[str] = field(default_factory=set)
    looked_up: list[tuple[str, str]] = field(default_factory=list)
    read: dict[tuple[int, str], Any] = field(default_factory=dict)
    known: dict[tuple[str, frozenset[str], str], frozenset[str]] = field(default_factory=dict)

    @property
    def unit(self) -> Unit:
        """Where everything that this work writes goes."""
        return self.facts.unit

    @cached_property
    def instant(self) -> datetime:
        """`now` as it is stored."""
        return self.now.astimezone(UTC)

    def author(self, cause: Cause) -> str:
        """Whose name a write carries: the actor's, or `system` for what a rule does."""
        return "system" if cause.rule else self.actor.name

    def count(self, cause: Cause) -> None:
        """Spend one write of the chain's budget."""
        self.writes += 1
        if cause.depth > MAX_DEPTH or self.writes > MAX_WRITES:
            again = [path for path in cause.chain if cause.chain.count(path) > 1]
            names = " → ".join(dict.fromkeys(again or cause.chain))
            detail = Text("规则互相触发，停不下来：{names}", "Rules set each other off without end: {names}").fill(names=names)
            raise RuleLoop(409, "rule_loop", Text("规则绕圈", "Rules loop"), detail, facts={"loop": again})

    def journal(
        self,
        table: str,
        record: Mapping[str, Any],
        kind: str,
        changes: tuple[Change, ...],
        cause: Cause,
        *,
        id: str,
        transition: str | None = None,
    ) -> None:
        """Add this write's line."""
        line = {
            **self._line,
            "id": id,
            "table": table,
            "record_id": record["id"],
            "kind": kind,
            "transition": transition,
            "version": record["version"],
            "changes": journal.changes_text(changes),
            "actor_kind": "rule" if cause.rule else self.actor.kind,
            "cause": cause.entry,
            "rule": cause.rule,
            "depth": cause.depth,
        }
        self.unit.line(journal.journal, line)

    @cached_property
    def _line(self) -> Mapping[str, Any]:
        """What all lines of this work have in common."""
        actor = self.actor
        return {
            "app": self.program.app.name,
            "actor_name": actor.name,
            "user_id": actor.user_id,
            "channel": actor.channel,
            "ip": actor.ip,
            "device": actor.device,
            "revision": self.program.revision,
            "at": self.instant,
        }
