"""The one door: files of a definition → App, with everything that is to be said about it.

A definition that is broken in its tables, fields, flows, roles or permissions gives no App. A broken rule, routing, alert,
connection or board is set aside: the App comes without it, its ERROR stays among the diagnostics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.definition.build.context import Report, TooManyProblems
from engine.definition.build.uses import Uses
from engine.definition.build.whole import build_app, lay_ground
from engine.definition.check import check
from engine.definition.collector import collector_paused
from engine.definition.merge import merge
from engine.definition.nodes import MapNode, Node
from engine.definition.outline import OPTIONAL, outline
from engine.definition.paths import entry_of
from engine.definition.prove.prove import prove
from engine.definition.read import read_files
from engine.kinds.registry import Registry
from engine.model.app import App
from engine.model.connector import Catalogue
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Loaded:
    """`app` None: broken. `diagnostics` in the order of the text; an ERROR beside an app is something set aside."""

    app: App | None
    diagnostics: tuple[Diagnostic, ...]


def load(files: Mapping[str, bytes], catalogue: Catalogue, registry: Registry, *, uses: Uses | None = None) -> Loaded:
    """Read, check and build a definition given as file name → bytes (see `read_folder`). Never raises for what is in them.
    `uses` is filled with where names stand."""
    report = Report(uses=uses if uses is not None else Uses())
    try:
        with collector_paused():
            app = _app(merge(read_files(files)), catalogue, registry, report)
    except DefinitionError as error:
        return Loaded(None, _sorted(error.diagnostics))
    except TooManyProblems:
        app = None
    found = _sorted(report.found)
    return Loaded(None if app is None else _sound(app, found), found)


def _app(root: MapNode, catalogue: Catalogue, registry: Registry, report: Report) -> App | None:
    """The app with its broken parts still in it; None when it cannot be."""
    report.extend(outline(root, registry))
    if _broken(report):
        return None
    root = report.root = _without_broken(root, report.found)
    report.errors = 0
    ground = lay_ground(root, registry, report)
    if ground is None:
        return None
    app = build_app(root, ground, registry, catalogue, report)
    report.uses.complete = all(problem.severity is not Severity.ERROR for problem in report.found)
    if not _broken(report):
        report.extend(check(app))
    if not _broken(report):
        report.extend(prove(app, registry))
    return None if _broken(report) else app


def _broken(report: Report) -> bool:
    return any(_breaks(problem) for problem in report.found)


def _breaks(problem: Diagnostic) -> bool:
    """Does it break the app, or only a part that can be left out?"""
    return problem.severity is Severity.ERROR and not _part(problem)


def _part(problem: Diagnostic) -> tuple[str, str] | None:
    """The entry that a problem belongs to, when the app can do without it."""
    entry = entry_of(problem.path)
    return entry if entry is not None and entry[0] in OPTIONAL else None


def _without_broken(root: MapNode, problems: Iterable[Diagnostic]) -> MapNode:
    broken = {_part(problem) for problem in problems if problem.severity is Severity.ERROR}
    items: dict[str, Node] = {}
    for section, node in root.items.items():
        if isinstance(node, MapNode) and section in OPTIONAL:
            kept = {name: entry for name, entry in node.items.items() if (section, name) not in broken}
            items[section] = MapNode(kept, node.keys, node.span)
        else:
            items[section] = node
    return MapNode(items, root.keys, root.span)


def _sorted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the text, each once."""
    once = {(d.span, d.code, d.path, d.message.en): d for d in diagnostics}
    return tuple(once[key] for key in sorted(once))


def _sound(app: App, diagnostics: tuple[Diagnostic, ...]) -> App:
    """The app without the parts that a proof found wrong, and with the list of what does not run yet."""
    broken = {_part(problem) for problem in diagnostics if problem.severity is Severity.ERROR}
    return replace(
        app,
        rules=tuple(rule for rule in app.rules if ("rules", rule.name) not in broken),
        routings=tuple(routing for routing in app.routings if ("routing", routing.name) not in broken),
        alerts=tuple(alert for alert in app.alerts if ("alerts", alert.name) not in broken),
        connections={name: each for name, each in app.connections.items() if ("connections", name) not in broken},
        boards={name: each for name, each in app.boards.items() if ("boards", name) not in broken},
        pending=tuple(d for d in diagnostics if d.severity is Severity.PENDING),
    )
