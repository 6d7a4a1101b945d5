"""Publish a definition: load and check it, plan what the database needs, then in one transaction do both and swap the revision.
A definition that breaks leaves the running one as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, update

from engine.definition.load import Loaded, load
from engine.language import sql
from engine.model.app import App
from engine.model.change import JournalEntry
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity, Span
from engine.model.problem import Problem
from engine.runtime.core import Core
from engine.runtime.program import stored_formulas
from engine.storage import journal, migrate, revisions, search_index
from engine.storage.backend import Hold
from engine.storage.migrate import PlanStep, Refused, Risk
from engine.storage.raw import RawTables
from engine.storage.tables import physical_tables


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: warnings, set-aside rules and what is not running yet are in `diagnostics`."""

    app: str
    revision: int
    diagnostics: tuple[Diagnostic, ...]


def check(core: Core, files: Mapping[str, bytes]) -> Loaded:
    """Read, check and type a definition; no database is asked."""
    return load(files, core.catalogue, core.registry)


def plan(core: Core, files: Mapping[str, bytes]) -> Sequence[PlanStep]:
    """What publishing would do to the database. Raises DefinitionError."""
    app = _accepted(check(core, files)).app
    assert app is not None
    with core.database.read() as connection:
        return migrate.plan(connection, physical_tables(app, core.registry).values())


def publish(core: Core, files: Mapping[str, bytes], by: str) -> Published:
    """Make this definition the running one; `by` is a person's name. Raises DefinitionError: nothing has changed then."""
    loaded = _accepted(check(core, files))
    app = loaded.app
    assert app is not None
    tables = physical_tables(app, core.registry)
    with core.database.write(Hold(app.name, alone=True)) as connection:
        _apply(connection, migrate.plan(connection, tables.values()))
        _work_out(core, connection, app, tables)
        search_index.ensure(connection, tables.values())
        revision = revisions.activate(connection, app.name, files, now=core.now(), by=by)
        line = _line(core, app.name, revision, by)
        journal.append(connection, line)
    return Published(app.name, revision, loaded.diagnostics)


def _apply(connection: Connection, steps: Sequence[PlanStep]) -> None:
    refused = [step for step in steps if step.risk is Risk.REFUSED]
    if refused:
        raise DefinitionError([_refusal(step) for step in refused])
    try:
        migrate.apply(connection, steps)
    except Refused as error:
        raise DefinitionError([_refusal(error.step)]) from error


def _work_out(core: Core, connection: Connection, app: App, tables: Mapping[str, Table]) -> None:
    """Stored formulas that are new or say something else now, for the records that are there: one statement each. All of
    such a table, since one may rest on another."""
    old = _running(core, connection, app.name)
    raw = RawTables(app, tables, now=core.now(), user={}, calendar=core.calendar)
    for name, table in tables.items():
        formulas = stored_formulas(app, name)
        before = dict(stored_formulas(old, name)) if old is not None and name in old.tables else {}
        if any(field not in before or before[field].text != formula.text for field, formula in formulas):
            for field, formula in formulas:
                connection.execute(update(table).values({field: sql.value(formula, raw.context(), (table,))}))


def _running(core: Core, connection: Connection, name: str) -> App | None:
    """The definition that runs now; None when there is none, or none that can still be read."""
    try:
        return core.program(name, connection).app
    except Problem:
        return None


def _line(core: Core, app: str, revision: int, by: str) -> JournalEntry:
    """The journal's line of a publish."""
    return JournalEntry(
        id=core.new_id(),
        app=app,
        table="",
        record_id="",
        kind="published",
        transition=None,
        version=revision,
        changes=(),
        actor_kind="person",
        actor_name=by,
        user_id=None,
        channel="publish",
        ip="",
        device="",
        cause=None,
        rule=None,
        depth=0,
        revision=revision,
        at=core.now(),
    )


def _accepted(loaded: Loaded) -> Loaded:
    if loaded.app is None:
        raise DefinitionError([d for d in loaded.diagnostics if d.severity is Severity.ERROR])
    return loaded


def _refusal(step: PlanStep) -> Diagnostic:
    return Diagnostic("unsafe-change", Severity.ERROR, f"tables.{step.table.name}", Span(), step.message)
