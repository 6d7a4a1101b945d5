"""An actor's sight of the tables as SQL: rows in scope, columns masked or withheld. The only thing that can be queried for
people: filter, sort, group, count and search are expressions over these columns, so nothing hidden can be reached."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, false, null, or_, select, true

from engine.access.decide import Access, reads_something
from engine.access.mask import either, masked
from engine.language import sql
from engine.model.app import App, FieldRead, Permission, Show
from engine.model.change import Actor
from engine.model.types import TEXT, Children, Scope, TableTypes, Type
from engine.storage.raw import RawTables

EXACT = "__exact"
Condition = ColumnElement[bool]


class Views:
    """Implements language.sql.Sources for one actor in one request."""

    def __init__(self, app: App, access: Access, raw: RawTables, actor: Actor) -> None:
        self._app = app
        self._access = access
        self._raw = raw
        self._actor = actor
        self._grants: dict[str, tuple[Permission, ...]] = {}
        self._fields: dict[str, dict[str, bool]] = {}

    def grants(self, table: str) -> tuple[Permission, ...]:
        """The actor's grants that show anything of a table."""
        if table not in self._grants:
            known = self._access.grants(self._actor, table) if table in self._app.tables else ()
            self._grants[table] = tuple(grant for grant in known if reads_something(grant))
        return self._grants[table]

    def tables(self) -> tuple[str, ...]:
        """Tables of which the actor can see anything."""
        return tuple(name for name in self._app.tables if self.grants(name))

    def fields(self, table: str) -> dict[str, bool]:
        """Declared fields that show, in order → whether they may show masked."""
        if table not in self._fields:
            self._fields[table] = self._shown_fields(table)
        return self._fields[table]

    def _shown_fields(self, table: str) -> dict[str, bool]:
        shown: dict[str, bool] = {}
        for name in self._app.tables[table].fields:
            reads = [read for grant in self.grants(table) if (read := grant.read.get(name)) and read.show is not Show.NEVER]
            if reads:
                shown[name] = any(read.show is Show.MASKED for read in reads)
        return shown

    def children(self, table: str) -> dict[str, Children]:
        """Child lists that show: named in the parent's `read`, and the child table is visible itself."""
        named = {name for grant in self.grants(table) for name, read in grant.read.items() if read.show is not Show.NEVER}
        lists = self._app.tables[table].children.items()
        return {name: child for name, child in lists if name in named and self.grants(child.table)}

    def exact(self, table: str) -> frozenset[str]:
        """Masked fields that may be found by their full text."""
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
        for name, type in definition.types.fields.items():
            if name not in definition.fields:
                fields[name] = type
            elif name in shown:
                fields[name] = TEXT if shown[name] else type
        return TableTypes(table, fields, self.children(table), frozenset(), self._access.flags(self._actor, table))

    def table(self, name: str, only: Collection[str] | None = None, ids: Collection[str] | None = None) -> FromClause:
        """The view of one table; column names are field names (`only` some of them). A table out of sight is empty and has
        an id only. `ids`: look at no other records than these, and fetch them first."""
        grants = self.grants(name)
        row = self._raw.table(name)
        if ids is not None:
            # The limit keeps the database from reading all records in scope to see which of them are these.
            row = select(row).where(row.c.id.in_(ids)).limit(len(ids)).subquery()
        if not grants:
            return select(row.c.id).where(false()).subquery()
        scopes = [self._scope(grant, row) for grant in grants]
        columns = [column.label(label) for label, column in self._columns(name, row, grants, scopes, only)]
        query = select(*columns)
        if not any(scope is None for scope in scopes):
            query = query.where(or_(*(scope for scope in scopes if scope is not None)))
        return query.subquery()

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        """A view has its formulas as columns."""
        return row.c[field]

    def context(self) -> sql.SqlContext:
        """What the SQL back end needs to read through this view."""
        return sql.SqlContext(sources=self, user=self._actor.facts, now=self._raw.now, calendar=self._raw.calendar)

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
        grants: tuple[Permission, ...],
        scopes: list[Condition | None],
        only: Collection[str] | None,
    ) -> Iterator[tuple[str, ColumnElement[Any]]]:
        definition = self._app.tables[name]
        for field in definition.types.fields:
            if field not in definition.fields and (only is None or field in only):
                yield field, self._value(name, field, row)
        yield "flags", row.c.flags
        for field in self.fields(name):
            if only is not None and field not in only:
                continue
            reads = [(scope, grant.read.get(field)) for scope, grant in zip(scopes, grants, strict=True)]
            column = self._value(name, field, row)
            yield field, self._shown(column, row, reads)
            if field in self.exact(name):
                yield field + EXACT, self._found(column, reads)

    def _value(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        if field in self._app.tables[table].types.computed:
            return self._raw.computed(table, field, row)
        return row.c[field]

    def _shown(
        self, column: ColumnElement[Any], row: FromClause, reads: list[tuple[Condition | None, FieldRead | None]]
    ) -> ColumnElement[Any]:
        """The column bare where every grant shows it, so that its index serves; else CASE by (scope, field) pairs."""
        if all(read is not None and read.show is Show.ALWAYS for _, read in reads):
            return column
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
        return _choose(column, full, hidden)

    def _found(self, column: ColumnElement[Any], reads: list[tuple[Condition | None, FieldRead | None]]) -> ColumnElement[Any]:
        """The raw value, for comparing with a full text only; bare when one grant with this right sees every record."""
        scopes = [scope for scope, read in reads if read is not None and (read.find_exact or read.show is Show.ALWAYS)]
        if len(reads) == 1 or any(scope is None for scope in scopes):
            return column
        return case((or_(*(scope for scope in scopes if scope is not None)), column))


def _choose(column: ColumnElement[Any], full: list[Condition], hidden: list[Condition]) -> ColumnElement[Any]:
    if not full and not hidden:
        return null()
    if not hidden:
        return case((or_(*full), column))
    if full:
        return either(column, or_(*full), or_(*hidden))
    mask = masked(column)
    return mask if len(hidden) == 1 and hidden[0] is true() else case((or_(*hidden), mask))
