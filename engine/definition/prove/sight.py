"""When a role may see a value: its permission on the value's table as one condition about the record, or never. For proofs,
which ask about every record there could be; what a person sees of one record is decided by engine.access."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.logic import YES, conjunction, there
from engine.language.walk import walk
from engine.model.app import App, Permission, Show
from engine.model.tree import Expression, Node, UserFact
from engine.model.types import Type


@dataclass(frozen=True, slots=True)
class Sight:
    """What one role sees of an app's tables, held alone."""

    app: App
    role: str

    def permission(self, table: str) -> Permission | None:
        """Its grant on a table, if that shows anything at all."""
        grant = self.app.permissions.get(self.role, {}).get(table)
        return grant if grant is not None and any(read.show is not Show.NEVER for read in grant.read.values()) else None

    def scope(self, table: str) -> Node | None:
        """Which records are in its scope; None: no record shows anything."""
        grant = self.permission(table)
        return None if grant is None else self.records(grant)

    def records(self, grant: Permission) -> Node:
        """The grant's `records`, in which an empty fact of the user matches nothing."""
        if grant.records is None:
            return YES
        facts = (UserFact(name, fact) for name, fact in sorted(self._facts(grant.records).items()))
        return conjunction([grant.records.node, *(there(fact) for fact in facts)])

    def _facts(self, records: Expression) -> dict[str, Type]:
        return {each.name: each.type for each in walk(records.node) if isinstance(each, UserFact)}

    def shown(self, table: str, name: str) -> Node | None:
        """When a field of a record in scope is shown as it is; None: never."""
        grant = self.permission(table)
        if grant is None:
            return None
        if name not in self.app.tables[table].fields:
            return YES  # implicit fields go with any field of the record
        read = grant.read.get(name)
        if read is None or read.show in (Show.NEVER, Show.MASKED):
            return None
        return read.condition.node if read.condition is not None else YES

    def masked(self, table: str, name: str) -> bool:
        """Is it shown by its mask?"""
        grant = self.permission(table)
        read = grant.read.get(name) if grant is not None else None
        return read is not None and read.show is Show.MASKED
