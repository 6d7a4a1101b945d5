"""An actor's sight of the tables as SQL: rows in scope, columns masked or withheld. The only thing that can be queried for
people: filter, sort, group, count and search are expressions over these columns, so nothing hidden can be reached."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, case, cast, false, null, or_, select, true

from engine.access.decide import Access, eyes, reads_something
from engine.access.implicit import governor
from engine.access.mask import either, masked
from engine.language import sql
from engine.model.app import App, FieldRead, Permission, Show
from engine.model.change import Actor
from engine.model.types import TEXT, Children, Scope, TableTypes, Type
from engine.storage.raw import RawTables

EXACT = "__exact"
Condition = ColumnElement[bool]
# One grant's record condition (None: all records) and how it shows one field.
Pair = tuple[Condition | None, FieldRead | None]


class Views:
    """Implements language.sql.Sources for one actor in one request."""

    def __init__(self, app: App, access: Access, raw: RawTables, actor: Actor) -> None:
        self._app = app
        self._access = access
        self._raw = raw
        self._actor = actor
        self._grants: dict[str, tuple[tuple[Permission, ...], ...]] = {}
        self._fields: dict[str, dict[str, bool]] = {}

    @cached_property
    def key(self) -> Hashable:
        """All that goes into a view from outside its program, but for the moment: whose statement equals this one's may be
        run for this actor. None: cannot be said."""
        actor, raw = self._actor, self._raw
        facts = tuple((name, type(value), value) for name, value in sorted(actor.facts.items()))
        key = (actor.kind, actor.roles, actor.seen_as, facts, raw.now.tzinfo, raw.calendar)
        try:
            hash(key)
        except TypeError:
            return None
        return key

    def anew(self, raw: RawTables) -> Views:
        """The same sight for another statement."""
        return Views(self._app, self._access, raw, self._actor)

    @property
    def moved(self) -> bool:
        """Is the clock's reading in what was made, so that it holds for this moment only?"""
        return self._raw.moved

    def grants(self, table: str) -> tuple[Permission, ...]:
        """The grants that show anything of a table; of who sees as a role that role's, where both see something."""
        groups = self._groups(table)
        return groups[-1] if all(groups) else ()

    def _groups(self, table: str) -> tuple[tuple[Permission, ...], ...]:
        """The grants of each pair of eyes: what shows must show to all of them."""
        if table not in self._grants:
            known = [self._access.grants(each, table) if table in self._app.tables else () for each in eyes(self._actor)]
            self._grants[table] = tuple(tuple(grant for grant in grants if reads_something(grant)) for grants in known)
        return self._grants[table]

    def tables(self) -> tuple[str, ...]:
        """Tables of which the actor can see anything."""
        return tuple(name for name in self._app.tables if self.grants(name))

    def fields(self, table: str) -> dict[str, bool]:
        """Declared fields that show, in order → whether they may show masked."""
        if table not in self._fields:
            shown = [self._shown_fields(table, grants) for grants in self._groups(table)]
            self._fields[table] = {n: any(s[n] for s in shown) for n in shown[0] if all(n in s for s in shown)}
        return self._fields[table]

    def _shown_fields(self, table: str, grants: tuple[Permission, ...]) -> dict[str, bool]:
        shown: dict[str, bool] = {}
        for name in self._app.tables[table].fields:
            reads = [read for grant in grants if (read := grant.read.get(name)) and read.show is not Show.NEVER]
            if reads:
                shown[name] = any(read.show is Show.MASKED for read in reads)
        return shown

    def implicit(self, table: str) -> tuple[str, ...]:
        """Fields that nobody declares and that show."""
        definition, shown = self._app.tables[table], self.fields(table)
        names = [name for name in definition.types.fields if name not in definition.fields]
        return tuple(name for name in names if (by := governor(definition, name)) is None or by in shown)

    def children(self, table: str) -> dict[str, Children]:
        """Child lists that show: named in the parent's `read`, and the child's link to its parent shows as it is."""
        named = [
            {name for grant in grants for name, read in grant.read.items() if read.show is not Show.NEVER}
            for grants in self._groups(table)
        ]
        lists = self._app.tables[table].children.items()
        return {
            name: child
            for name, child in lists
            if all(name in each for each in named)
            and self.grants(child.table)
            and self.fields(child.table).get(child.link) is False
        }

    def exact(self, table: str) -> frozenset[str]:
        """Masked fields that may be found by their full text; not by who looks with another's eyes, since it is journalled."""
        if self._actor.seen_as is not None:
            return frozenset()
        reads = (item for grant in self.grants(table) for item in grant.read.items())
        return frozenset(name for name, read in reads if read.find_exact)

    def scope(self, table: str | None) -> Scope:
        """The names that a person's own expressions may use: what is hidden does not exist."""
        types = {name: self._types(name) for name in self.tables()}
        return Scope(tables=types, table=table, user={})

    def _types(self, table: str) -> TableTypes:
        definition = self._app.tables[table]
        shown = self.fields(table)
        fields: dict[str, Type] = {}
        implicit = self.implicit(table)
        for name, type in definition.types.fields.items():
            if name in implicit:
                fields[name] = type
            elif name in shown:
                fields[name] = TEXT if shown[name] else type
        return TableTypes(table, fields, self.children(table), frozenset(), self._access.flags(self._actor, table))

    def table(
        self,
        name: str,
        only: Collection[str] | None = None,
        ids: Collection[str] | BindParameter[Any] | None = None,
        count: int | BindParameter[Any] | None = None,
    ) -> FromClause:
        """The view of one table; column names are field names (`only` some of them). A table out of sight is empty and has
        an id only. `ids`: look at no other records than these, and fetch them first; a parameter for them comes
        with one for their `count`."""
        grants = self.grants(name)
        row = self._raw.table(name)
        if ids is not None:
            # The limit keeps the database from reading all records in scope to see which of them are these.
            row = select(row).where(row.c.id.in_(ids)).limit(len(ids) if isinstance(ids, Collection) else count).subquery()
        if not grants:
            return select(row.c.id).where(false()).subquery()
        pairs = [[(self._scope(grant, row), grant) for grant in group] for group in self._groups(name)]
        columns = [column.label(label) for label, column in self._columns(name, row, pairs, only)]
        query = select(*columns)
        for group in pairs:
            if not any(scope is None for scope, _ in group):
                query = query.where(or_(*(scope for scope, _ in group if scope is not None)))
        return query.subquery()

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        """A view has its formulas as columns."""
        return row.c[field]

    def context(self) -> sql.SqlContext:
        """What the SQL back end needs to read through this view."""
        raw = self._raw
        return sql.SqlContext(self, self._actor.facts, raw.now, raw.calendar, moves=raw.moves)

    def _scope(self, grant: Permission, row: FromClause) -> Condition | None:
        """The grant's record condition; None: all records. An empty `user.` value matches nothing."""
        if grant.records is None:
            return None
        if any(self._actor.facts.get(name) in (None, "", ()) for name in grant.records.users):
            return false()
        return sql.condition(grant.records, self._raw.context(), (row,))

    def _columns(
        self,
        name: str,
        row: FromClause,
        groups: list[list[tuple[Condition | None, Permission]]],
        only: Collection[str] | None,
    ) -> Iterator[tuple[str, ColumnElement[Any]]]:
        table = self._app.tables[name]

        def pairs(field: str) -> list[list[Pair]]:
            return [[(scope, grant.read.get(field)) for scope, grant in group] for group in groups]

        for field in self.implicit(name):
            if only is None or field in only:
                by = governor(table, field)
                value = self._value(name, field, row)
                yield field, value if by is None else self._shown(value, row, pairs(by), masks=False)
        yield "flags", row.c.flags
        for field in self.fields(name):
            if only is not None and field not in only:
                continue
            column = self._value(name, field, row)
            yield field, self._shown(column, row, pairs(field))
            if field in self.exact(name):
                yield field + EXACT, self._found(column, pairs(field)[0])

    def _value(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        if field in self._app.tables[table].types.computed:
            return self._raw.computed(table, field, row)
        return row.c[field]

    def _shown(
        self, column: ColumnElement[Any], row: FromClause, groups: list[list[Pair]], *, masks: bool = True
    ) -> ColumnElement[Any]:
        """The column bare where every grant shows it, so that its index serves; else CASE by (scope, field) pairs. Without
        `masks` it is nothing where it would be masked."""
        if all(read is not None and read.show is Show.ALWAYS for reads in groups for _, read in reads):
            return column
        found = [self._openings(row, reads) for reads in groups]
        full, hidden = found[0] if len(found) == 1 else _both(found)
        return _choose(column, full, hidden if masks else [])

    def _openings(self, row: FromClause, reads: list[Pair]) -> tuple[list[Condition], list[Condition]]:
        """When the column shows as it is, and when masked."""
        alone = len(reads) == 1
        full, hidden = [], []
        for scope, read in reads:
            if read is None or read.show is Show.NEVER:
                continue
            inside = true() if alone or scope is None else scope
            if read.show is Show.MASKED:
                hidden.append(inside)
            elif read.show is Show.ALWAYS:
                full.append(inside)
            elif read.condition is not None:
                full.append(and_(inside, sql.condition(read.condition, self._raw.context(), (row,))))
        return full, hidden

    def _found(self, column: ColumnElement[Any], reads: list[Pair]) -> ColumnElement[Any]:
        """The raw value, for comparing with a full text only; bare when one grant with this right sees every record."""
        scopes = [scope for scope, read in reads if read is not None and (read.find_exact or read.show is Show.ALWAYS)]
        if len(reads) == 1 or any(scope is None for scope in scopes):
            return column
        return case((or_(*(scope for scope in scopes if scope is not None)), column))


def _both(found: list[tuple[list[Condition], list[Condition]]]) -> tuple[list[Condition], list[Condition]]:
    """As it is where all see it so, masked where all see something of it."""
    full = [or_(*each) for each, _ in found if each]
    some = [or_(*whole, *hidden) for whole, hidden in found if whole or hidden]
    whole = [and_(*full)] if len(full) == len(found) else []
    return whole, [and_(*some)] if len(some) == len(found) else []


def _choose(column: ColumnElement[Any], full: list[Condition], hidden: list[Condition]) -> ColumnElement[Any]:
    if not full and not hidden:
        return cast(null(), column.type)
    if not hidden:
        return case((or_(*full), column))
    if full:
        return either(column, or_(*full), or_(*hidden))
    mask = masked(column)
    return mask if len(hidden) == 1 and hidden[0] is true() else case((or_(*hidden), mask))
