"""May this actor see, edit, create, delete this one record, and which line of the definition says so?

Roles unite as (record condition, fields) pairs: a field is open when one role that has the record in its scope opens it.
`system` (rules, routing, connections) is bound by none of this; flow, guards, checks and keys bind it elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.access import words
from engine.access.implicit import governor
from engine.language.compiled import Compiled
from engine.language.env import Env
from engine.model.app import App, Permission, Show
from engine.model.change import Actor
from engine.model.diagnostic import Span
from engine.model.text import Text
from engine.model.tree import Expression

SYSTEM = "system"
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` and `span` when refused: why, and the line that decided (None: no line opens it)."""

    allowed: bool
    reason: Text | None = None
    span: Span | None = None


YES = Decision(True)


def eyes(actor: Actor) -> tuple[Actor, ...]:
    """The actor; or, who sees as a role, twice: with the roles held and with that role alone. What shows must show to both."""
    if actor.seen_as is None:
        return (actor,)
    own = replace(actor, seen_as=None)
    return own, replace(own, roles=frozenset({actor.seen_as}))


class Access:
    """The permissions of one program."""

    def __init__(self, app: App, compiled: Compiled) -> None:
        self._app = app
        self._compiled = compiled
        # Grants by role and table, portal roles left out: they live in their portals only.
        inside = (name for name in sorted(app.permissions) if name in app.roles and not app.roles[name].portal)
        self._permissions = {name: app.permissions[name] for name in inside}
        self._granted: dict[tuple[frozenset[str], str], tuple[Permission, ...]] = {}
        # Refusals are told in sentences, which take longer to make than a decision; a page of records has hundreds, all alike.
        self._refusals: dict[tuple[str, str, int | None, Span | None, bool], Decision] = {}

    def grants(self, actor: Actor, table: str) -> tuple[Permission, ...]:
        """What the actor's roles say about a table, by name of role."""
        found = self._granted.get((actor.roles, table))
        if found is None:
            held = [grants for role, grants in self._permissions.items() if role in actor.roles]
            found = self._granted[actor.roles, table] = tuple(grants[table] for grants in held if table in grants)
        return found

    def opens(self, actor: Actor) -> bool:
        """Is there anything in the app for the actor: a table to read or to make records in?"""
        held = (self.grants(actor, table) for table in self._app.tables)
        return any(grant.create is not None or reads_something(grant) for grants in held for grant in grants)

    def in_scope(self, actor: Actor, table: str, record: Record, env: Env) -> tuple[Permission, ...]:
        """Those grants whose `records` condition holds for this record. An empty `user.` value matches nothing."""
        return tuple(grant for grant in self.grants(actor, table) if self.holds(grant, record, env))

    def holds(self, grant: Permission, record: Record, env: Env) -> bool:
        """Does the grant's `records` condition hold for this record?"""
        if grant.records is None:
            return True
        if any(env.user.get(name) in (None, "", ()) for name in grant.records.users):
            return False
        return bool(self._compiled(grant.records, record, env))

    def sees(self, actor: Actor, table: str, record: Record, env: Env) -> bool:
        """Is there anything of this record that the actor may read?"""
        if actor.kind == SYSTEM:
            return True
        scopes = (self.in_scope(each, table, record, env) for each in eyes(actor))
        return all(any(reads_something(grant) for grant in grants) for grants in scopes)

    def shown(self, actor: Actor, table: str, record: Record, env: Env) -> dict[str, Show]:
        """Field → ALWAYS (as it is) or MASKED, for those fields and child lists of this record that show at all."""
        first, *others = (self._shown(each, table, record, env) for each in eyes(actor))
        for other in others:
            first = {name: other[name] if show is Show.ALWAYS else show for name, show in first.items() if name in other}
        return first

    def _shown(self, actor: Actor, table: str, record: Record, env: Env) -> dict[str, Show]:
        shown: dict[str, Show] = {}
        for grant in self.in_scope(actor, table, record, env):
            for name, read in grant.read.items():
                if read.show is Show.ALWAYS or (read.condition is not None and self.true(read.condition, record, env)):
                    shown[name] = Show.ALWAYS
                elif read.show is Show.MASKED:
                    shown.setdefault(name, Show.MASKED)
        return shown

    def true(self, condition: Expression, record: Record, env: Env) -> bool:
        """Does a condition of the definition hold for this record?"""
        return bool(self._compiled(condition, record, env))

    def editors(self, actor: Actor, table: str, field: str, record: Record, env: Env) -> list[Permission]:
        """The grants that let the actor set this field on the record as it is before the write."""
        return self._editors(self.in_scope(actor, table, record, env), field, record, env)

    def _editors(self, grants: Sequence[Permission], field: str, record: Record, env: Env) -> list[Permission]:
        return [g for g in grants if (edit := g.edit.get(field)) and self._open(edit.condition, record, env)]

    def may_edit(self, actor: Actor, table: str, field: str, record: Record, env: Env) -> Decision:
        """May the actor set this field? Else: when it would be possible, or that no role of the actor opens it."""
        return self.edits(actor, table, [field], record, env)[field]

    def edits(self, actor: Actor, table: str, fields: Iterable[str], record: Record, env: Env) -> dict[str, Decision]:
        """`may_edit` for several fields of one record."""
        if actor.kind == SYSTEM:
            return dict.fromkeys(fields, YES)
        seen = [(each, self.in_scope(each, table, record, env)) for each in eyes(actor)]
        return {field: _worst(self._edit(each, grants, table, field, record, env) for each, grants in seen) for field in fields}

    def _edit(self, actor: Actor, grants: Sequence[Permission], table: str, field: str, record: Record, env: Env) -> Decision:
        if self._editors(grants, field, record, env):
            return YES
        for grant in grants:
            edit = grant.edit.get(field)
            if edit is not None and edit.condition is not None:
                told = edit.condition if self.tells(actor, edit.condition) else None
                return self._refused(table, field, told, edit.span, open_then=True)
        return self._refused(table, field, None, _place(grants), open_then=False)

    def _refused(self, table: str, field: str, told: Expression | None, span: Span | None, *, open_then: bool) -> Decision:
        """The same words for the same condition (which lives as long as the program, and so does its id). `span`: the line
        that opens the field, but not now (`open_then`), or where one that opens it would stand."""
        key = (table, field, None if told is None else id(told), span, open_then)
        if key not in self._refusals:
            if open_then:
                reason = words.edit_only_when(self._app, table, field, told)
            else:
                reason = words.role_cannot_edit(self._app, table, field)
            self._refusals[key] = Decision(False, reason, span)
        return self._refusals[key]

    def _open(self, condition: Expression | None, record: Record, env: Env) -> bool:
        return condition is None or self.true(condition, record, env)

    def may_create(
        self, actor: Actor, table: str, given: Collection[str], record: Record, env: Env
    ) -> list[tuple[str, Decision]]:
        """Refusals by field ('' for the record as a whole) for a new record with these fields given; none: it may be made."""
        if actor.kind == SYSTEM:
            return []
        creating = [grant for grant in self.grants(actor, table) if grant.create is not None]
        if not creating:
            return [("", self.cannot_create(actor, table))]
        open_fields, refused = self._creating(actor, creating, record, env)
        if not open_fields and refused is not None:
            return [("", refused)]
        return [
            (name, Decision(False, words.role_cannot_give(self._app, table, name), creating[0].span))
            for name in given
            if name not in open_fields
        ]

    def cannot_create(self, actor: Actor, table: str) -> Decision:
        """The refusal of whoever makes no records here."""
        return Decision(False, words.role_cannot_create(self._app, table), _place(self.grants(actor, table)))

    def _creating(self, actor: Actor, grants: list[Permission], record: Record, env: Env) -> tuple[set[str], Decision | None]:
        open_fields: set[str] = set()
        refused: Decision | None = None
        for grant in grants:
            assert grant.create is not None
            if not self.holds(grant, record, env):
                assert grant.records is not None
                told = grant.records if self.tells(actor, grant.records) else None
                refused = Decision(False, words.outside_scope(self._app, grant.table, told), grant.records.span)
            elif grant.create.condition is not None and not self.true(grant.create.condition, record, env):
                condition = grant.create.condition
                told = condition if self.tells(actor, condition) else None
                refused = Decision(False, words.create_only_when(self._app, grant.table, told), condition.span)
            else:
                open_fields |= set(grant.create.fields)
        return open_fields, refused

    def may_delete(self, actor: Actor, table: str, record: Record, env: Env) -> Decision:
        """May the actor remove this record?"""
        if actor.kind == SYSTEM:
            return YES
        return _worst(self._delete(each, table, record, env) for each in eyes(actor))

    def _delete(self, actor: Actor, table: str, record: Record, env: Env) -> Decision:
        refused: Decision | None = None
        grants = self.in_scope(actor, table, record, env)
        for grant in grants:
            if grant.delete is None:
                continue
            if grant.delete.condition is None or self.true(grant.delete.condition, record, env):
                return YES
            told = grant.delete.condition if self.tells(actor, grant.delete.condition) else None
            reason = words.delete_only_when(self._app, table, told)
            refused = Decision(False, reason, grant.delete.span)
        return refused or Decision(False, words.role_cannot_delete(self._app, table), _place(grants))

    def flags(self, actor: Actor, table: str) -> frozenset[str]:
        """The checks whose flags the actor may see: those that read only what this actor reads as it is, of any record."""
        checks = self._app.tables[table].checks.values()
        return frozenset(c.name for c in checks if all(self.reads_column(actor, other, field) for other, field in c.must.reads))

    def reads_column(self, actor: Actor, table: str, field: str) -> bool:
        """May the actor read this field of any record in sight, as it is and without a condition?"""
        by = governor(self._app.tables[table], field)
        for each in eyes(actor):
            grants = [grant for grant in self.grants(each, table) if reads_something(grant)]
            if not grants or not all(by is None or _as_it_is(grant, by) for grant in grants):
                return False
        return True

    def known(self, actor: Actor, table: str) -> frozenset[str]:
        """Fields and child lists whose existence the actor may know of: read, edited or given by some role."""
        definition = self._app.tables[table]
        if actor.kind == SYSTEM:
            return frozenset({*definition.fields, *definition.children})
        names: set[str] = set()
        for grant in self.grants(actor, table):
            names |= {name for name, read in grant.read.items() if read.show is not Show.NEVER} | set(grant.edit)
            names |= set(grant.create.fields) if grant.create else set()
        return frozenset(names)

    def tells(self, actor: Actor, condition: Expression) -> bool:
        """May the actor be told these words of the definition? Only when every field that they name shows to them somewhere."""
        return actor.kind == SYSTEM or all(self._somewhere(actor, table, field) for table, field in condition.reads)

    def _somewhere(self, actor: Actor, table: str, field: str) -> bool:
        grants = [grant for grant in self.grants(actor, table) if reads_something(grant)]
        by = governor(self._app.tables[table], field)
        return any(by is None or ((f := grant.read.get(by)) is not None and f.show is not Show.NEVER) for grant in grants)


def _place(grants: Sequence[Permission]) -> Span | None:
    """Where what is not given would have to stand."""
    return grants[0].span if grants else None


def _worst(decisions: Iterable[Decision]) -> Decision:
    """The first refusal, if there is one."""
    return next((decision for decision in decisions if not decision.allowed), YES)


def _as_it_is(grant: Permission, field: str) -> bool:
    read = grant.read.get(field)
    return read is not None and read.show is Show.ALWAYS


def reads_something(grant: Permission) -> bool:
    """Does the grant show any field at all? One that lists only `none` shows no record either."""
    return any(read.show is not Show.NEVER for read in grant.read.values())
