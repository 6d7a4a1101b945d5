"""An older definition runs again, and what was put away is deleted for good: both by the door that publishing goes through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine.model.app import App
from engine.model.change import Actor
from engine.model.problem import Problem, missing
from engine.model.text import Text
from engine.runtime import publish
from engine.runtime.core import Core
from engine.runtime.publish import Published
from engine.storage import migrate, revisions
from engine.storage.alone import alone
from engine.storage.former import Former, read_former
from engine.storage.migrate import PlanStep, Wanted
from engine.storage.migrate.purge import Hidden


@dataclass(frozen=True, slots=True)
class Older:
    """An older definition, and what is called otherwise today than in it."""

    revision: int
    files: Mapping[str, bytes]
    app: App
    wanted: Wanted


def older(core: Core, app: str, revision: int | None) -> Older:
    """A revision to go back to; without a number the one before the running one. Raises Problem, DefinitionError."""
    with core.database.read() as connection:
        running = revisions.active_revision(connection, app)
        if running is None:
            raise missing()
        number = running - 1 if revision is None else revision
        if not 1 <= number < running:
            detail = Text(
                "可以退回到第 1 版至第 {last} 版；现在是第 {n} 版", "You can go back to revision 1 to {last}; {n} is running"
            )
            raise Problem(
                404, "unknown_revision", Text("没有这一版", "No such revision"), detail.fill(last=running - 1, n=running)
            )
        files = revisions.load_revision(connection, app, number).files
        former = read_former(connection, app)
    loaded = publish.check(core, files)
    definition = publish.accepted(loaded)
    return Older(number, files, definition, _called_now(definition, former, number))


def _called_now(app: App, former: Former, revision: int) -> Wanted:
    """Names of that revision → names of today. What that revision says with `was:` was done when it was published."""
    tables, fields = {}, {}
    for table in app.tables.values():
        now = former.table(table.name, revision)
        if now != table.name:
            tables[table.name] = now
        renamed = {name: former.field(now, name, revision) for name in table.fields}
        fields[table.name] = {name: other for name, other in renamed.items() if name != other}
    return Wanted(tables, fields)


def plan_rollback(core: Core, to: Older) -> tuple[PlanStep, ...]:
    """What going back would do."""
    return tuple(publish.plan(core, to.files, to.wanted))


def rollback(core: Core, to: Older, actor: Actor, *, allow_losing: bool = False) -> Published:
    """Publish an older definition as a new revision. Raises what publishing raises."""
    return publish.publish(core, to.files, actor, allow_losing=allow_losing, wanted=to.wanted)


def hidden(core: Core, app: str, older_than: timedelta | None) -> list[Hidden]:
    """What was put away, and when. Raises Problem for an unknown app."""
    with core.database.read() as connection:
        if revisions.active_revision(connection, app) is None:
            raise missing()
        return migrate.hidden(connection, app, None if older_than is None else core.now() - older_than)


def purge(core: Core, app: str, what: list[Hidden]) -> None:
    """Delete these for good. Raises Problem 409 while somebody publishes."""
    with alone(core.database, app):
        with core.database.read() as connection:
            still = migrate.hidden(connection, app)
        for each in what:
            if any((each.physical, each.column) == (other.physical, other.column) for other in still):
                migrate.purge(core.database, core.pace, each, core.probe)
