"""All that a record has to say in a decision: which conditions of the definition hold for it. Two records of which the same
conditions hold are decided on alike, so a page of records has few different decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.access.decide import Access, Record, eyes
from engine.language.env import Env
from engine.model.app import App, Permission
from engine.model.change import Actor
from engine.model.tree import Expression


@dataclass(frozen=True, slots=True)
class Verdict:
    """`editable`: fields that may be set now; `held`: field → why not, of those that show; `moves`: every transition out of
    the record's state; `transitions`: the names of those that may be taken."""

    editable: tuple[str, ...]
    held: Mapping[str, str]
    transitions: tuple[str, ...]
    delete: bool
    moves: tuple[Mapping[str, Any], ...]


class Truths:
    """The conditions of one program's permissions, by grant."""

    def __init__(self, app: App, access: Access) -> None:
        self._app = app
        self._access = access
        # By id of the grant, which lives as long as the program.
        self._conditions: dict[int, tuple[Expression, ...]] = {}
        self._enough: dict[tuple[frozenset[str], str | None, str], bool] = {}

    def of(self, actor: Actor, table: str, record: Record, env: Env) -> tuple[bool, ...]:
        """For each grant whether the record is in its scope and, if so, whether each of its conditions holds. Ambiguous for
        actors of other roles only."""
        found: list[bool] = []
        for each in eyes(actor):
            for grant in self._access.grants(each, table):
                inside = self._access.holds(grant, record, env)
                found.append(inside)
                if inside:
                    found += [self._access.true(condition, record, env) for condition in self._of_grant(grant)]
        return tuple(found)

    def _of_grant(self, grant: Permission) -> tuple[Expression, ...]:
        if id(grant) not in self._conditions:
            # In one table the same text says the same.
            self._conditions[id(grant)] = tuple({each.text: each for each in _conditions(self._app, grant)}.values())
        return self._conditions[id(grant)]

    def seen_enough(self, actor: Actor, table: str) -> bool:
        """Does the actor's view show as it is, in every row, all that decisions on the record read? Then its row will do for
        the record."""
        key = (actor.roles, actor.seen_as, table)
        if key not in self._enough:
            self._enough[key] = self._sees_enough(actor, table)
        return self._enough[key]

    def _sees_enough(self, actor: Actor, table: str) -> bool:
        definition, flow = self._app.tables[table], self._app.tables[table].flow
        grants = [grant for each in eyes(actor) for grant in self._access.grants(each, table)]
        read = [condition for grant in grants for condition in self._of_grant(grant)]
        read += [grant.records for grant in grants if grant.records is not None]
        names: set[str] = set()
        if flow is not None:
            names.add(flow.field)
            names |= {name for transition in flow.transitions.values() for name in transition.needs}
            read += [transition.guard for transition in flow.transitions.values() if transition.guard is not None]
        if any(condition.whole for condition in read):
            return False
        names |= {name for condition in read for _, name in condition.reads}
        stored = all(name in definition.types.fields and name not in definition.types.computed for name in names)
        return stored and all(self._access.reads_column(actor, table, name) for name in names)


def _conditions(app: App, grant: Permission) -> Iterator[Expression]:
    """What is asked beside its scope: of each field edited, of deleting, and of seeing the state that moves leave."""
    for edit in grant.edit.values():
        if edit.condition is not None:
            yield edit.condition
    if grant.delete is not None and grant.delete.condition is not None:
        yield grant.delete.condition
    flow = app.tables[grant.table].flow
    read = grant.read.get(flow.field) if flow is not None else None
    if read is not None and read.condition is not None:
        yield read.condition
