"""An app's own page: boards, tables, rules as sentences, and what does not run (yet), each with its place in the definition."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response

from builder_ui.house import house, user
from builder_ui.pages.place import Place, place_in
from builder_ui.rendering import answer
from engine.definition.sentences import alert_sentence, routing_sentences, rule_sentence
from engine.model.app import Rule
from engine.model.diagnostic import Severity

pages = Blueprint("app", __name__)
_IMPLICIT = frozenset({"id", "version", "waiting"})


@pages.get("/a/<app>/")
def app(app: str) -> Response:
    """The page. Rules speak of fields, so only those are written out whose table the person sees; the owner sees all."""
    here = place_in(app)
    definition, registry = here.app, here.program.registry
    everything = user().owner
    pending = {diagnostic.path for diagnostic in definition.pending}
    return answer(
        "app.html",
        here=here,
        rules=[
            (rule.name, rule.title, rule_sentence(definition, rule, registry), rule.span, rule.required)
            for rule in definition.rules
            if everything or _readable(here, rule.trigger.table, _reads(rule))
        ],
        routings=[
            (routing.title, routing_sentences(definition, routing), routing.span)
            for routing in definition.routings
            if f"routing.{routing.name}" not in pending
            and (everything or _readable(here, routing.table, {r for row in routing.rows for r in row.condition.reads}))
        ],
        alerts=[
            (alert.title, alert_sentence(definition, alert, registry), alert.span)
            for alert in definition.alerts
            if f"alerts.{alert.name}" not in pending and (everything or _readable(here, alert.table, alert.condition.reads))
        ],
        pending=definition.pending if everything else (),
        outside=any(
            definition.roles[role].portal for role in house().people.roles(user()).get(app, ()) if role in definition.roles
        ),
        broken=[d for d in here.program.diagnostics if d.severity is Severity.ERROR] if everything else (),
    )


def _readable(here: Place, table: str, reads: Iterable[tuple[str, str]]) -> bool:
    """May the person read all that a rule speaks of? Else its sentence would name what is withheld."""
    shown = {t["name"]: here.columns(t) for t in here.seen["tables"]}
    return table in shown and all(name in shown.get(of, ()) or name in _IMPLICIT for of, name in reads)


def _reads(rule: Rule) -> set[tuple[str, str]]:
    """Every field that a rule's condition and steps read or write."""
    found = set(rule.condition.reads) if rule.condition else set()
    for step in rule.steps:
        target = str(step.options.get("table", rule.trigger.table))
        found |= {(target, name) for name in step.values}
        for expression in (*step.values.values(), *((step.where,) if step.where else ())):
            found |= expression.reads
    return found
