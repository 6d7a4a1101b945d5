"""A published app made ready to run: tables, generated functions, rules indexed by table. Immutable, shared by threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Select, Table

from engine.access.decide import Access
from engine.access.truths import Truths, Verdict
from engine.definition.build.rules import RUNNING_POLICIES
from engine.kinds.registry import Registry
from engine.language.compiled import Compiled
from engine.model.app import App, Routing, Rule
from engine.model.diagnostic import Diagnostic
from engine.model.tree import Expression
from engine.runtime.shape import Shape, shape_of
from engine.storage.former import NOTHING_RENAMED, Former
from engine.storage.formulas import stored_formulas
from engine.storage.kept import Kept
from engine.storage.names import Names
from engine.storage.prepared import Once, Question
from engine.storage.tables import physical_tables

MOST_VERDICTS, MOST_LISTINGS, MOST_SHEETS = 2_000, 500, 64


@dataclass(frozen=True, slots=True)
class Sheet:
    """An actor's view of a table and a query for its first records, to which conditions can be added. `moved`: the
    clock's reading is in it, so that it holds for this moment only."""

    view: FromClause
    page: Select[Any]
    moved: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The statements of a list: `page`, and `count` where it is asked for."""

    page: Once | Question
    count: Once | Question | None


@dataclass(frozen=True, slots=True)
class Program:
    """`formulas`: stored formulas of a table in the order of what they need; `owned`: table → field → connections that own it;
    `parents`: table → links whose parent has checks that read this table; `former`: what things were called before."""

    app: App
    revision: int
    published_at: datetime
    diagnostics: tuple[Diagnostic, ...]
    registry: Registry
    tables: Mapping[str, Table]
    compiled: Compiled
    access: Access
    rules: Mapping[str, tuple[Rule, ...]]
    routings: Mapping[str, tuple[Routing, ...]]
    formulas: Mapping[str, tuple[tuple[str, Expression], ...]]
    owned: Mapping[str, Mapping[str, tuple[str, ...]]]
    parents: Mapping[str, tuple[tuple[str, str], ...]]
    shapes: Mapping[str, Shape]
    former: Former = NOTHING_RENAMED
    truths: Truths = field(init=False)
    listings: Kept[Listing] = field(default_factory=lambda: Kept(MOST_LISTINGS))
    sheets: Kept[Sheet] = field(default_factory=lambda: Kept(MOST_SHEETS))
    titles: Kept[Select[Any]] = field(default_factory=lambda: Kept(MOST_SHEETS))
    verdicts: Kept[Verdict] = field(default_factory=lambda: Kept(MOST_VERDICTS))

    def __post_init__(self) -> None:
        object.__setattr__(self, "truths", Truths(self.app, self.access))


def compile_program(
    app: App,
    *,
    revision: int,
    published_at: datetime,
    diagnostics: tuple[Diagnostic, ...],
    registry: Registry,
    names: Names | None = None,
    former: Former = NOTHING_RENAMED,
) -> Program:
    """Everything that can be worked out once is worked out here."""
    compiled = Compiled()
    tables = physical_tables(app, registry, names)
    running = [routing for routing in app.routings if routing.policy in RUNNING_POLICIES]
    return Program(
        app=app,
        revision=revision,
        published_at=published_at,
        diagnostics=diagnostics,
        registry=registry,
        tables=tables,
        compiled=compiled,
        access=Access(app, compiled),
        rules={name: tuple(r for r in app.rules if r.trigger.table == name) for name in app.tables},
        routings={name: tuple(r for r in running if r.table == name) for name in app.tables},
        formulas={name: stored_formulas(app, name) for name in app.tables},
        owned={name: _owned(app, name) for name in app.tables},
        parents={name: _parents(app, name) for name in app.tables},
        shapes={name: shape_of(table, tables[name], registry) for name, table in app.tables.items()},
        former=former,
    )


def _owned(app: App, table: str) -> dict[str, tuple[str, ...]]:
    owned: dict[str, tuple[str, ...]] = {}
    for connection in app.connections.values():
        for pull in connection.pulls.values():
            if pull.into == table:
                for name in pull.owns:
                    owned[name] = (*owned.get(name, ()), connection.name)
    return owned


def _parents(app: App, table: str) -> tuple[tuple[str, str], ...]:
    """(link field, parent table) for parents whose checks look at their children in this table."""
    found = []
    for parent in app.tables.values():
        reads = {name for check in parent.checks.values() for name in _tables_read(app, check.must)}
        found += [(c.link, parent.name) for c in parent.children.values() if c.table == table and table in reads]
    return tuple(found)


def _tables_read(app: App, expression: Expression) -> set[str]:
    """Every table an expression depends on, through the formulas that it reads."""
    found: set[str] = set()
    for name, read in expression.reads:
        found.add(name)
        formula = app.tables[name].fields[read].value if read in app.tables[name].fields else None
        if formula is not None:
            found |= _tables_read(app, formula)
    return found
