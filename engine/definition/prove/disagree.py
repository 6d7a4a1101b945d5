"""Rules that fight: two that one event sets off write different constants into the same field of the record.

Rules run one after the other and the later one wins, so this is a warning with a record for which both write. The later rule
judges the record as the earlier one has left it: a rule that asks whether the field has been set already does not fight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from engine.definition.messages import diagnose
from engine.definition.prove.changed import Unclear, after
from engine.definition.prove.moments import at_trigger
from engine.definition.prove.words import value_words, witness_words
from engine.definition.solver.solve import Witness, solve
from engine.definition.solver.space import Space
from engine.language.logic import YES, conjunction
from engine.model.app import App, Rule, Trigger
from engine.model.diagnostic import Diagnostic
from engine.model.tree import Constant, Node

MOST = 20
# Pairs that are put to the solver for one table: some thirty rules that write one field at one event.
MOST_PAIRS = 500


def prove_disagreement(app: App) -> Iterator[Diagnostic]:
    """Every pair of rules of an app that write different things; a note where there are too many pairs to look at."""
    writing: dict[str, list[tuple[Rule, dict[str, Constant]]]] = {}
    for rule in app.rules:
        if constants := _constants(rule):
            writing.setdefault(rule.trigger.table, []).append((rule, constants))
    found = 0
    for name, rules in writing.items():
        pairs = _pairs(app, rules)
        for earlier, later, fields in islice(pairs, MOST_PAIRS):
            for problem in _between(app, earlier, later, fields) if found < MOST else ():
                found += 1
                yield problem
        if found < MOST and next(pairs, None) is not None:
            table = app.tables[name]
            yield diagnose("disagreement-too-large", table.span, f"tables.{name}", table=table.title, most=MOST_PAIRS)


def _pairs(app: App, rules: Sequence[tuple[Rule, dict[str, Constant]]]) -> Iterator[tuple[Rule, Rule, list[str]]]:
    """Rules that one event may set off, with the fields in which they leave different values."""
    for place, (later, second) in enumerate(rules):
        for earlier, first in rules[:place]:
            fields = [name for name in second if name in first and first[name].value != second[name].value]
            if fields and _together(app, earlier.trigger, later.trigger):
                yield earlier, later, fields


def _constants(rule: Rule) -> dict[str, Constant]:
    """What a rule's `set` steps leave in the record, where it is a constant."""
    return {name: node for name, node in _values(rule).items() if isinstance(node, Constant)}


def _values(rule: Rule) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for step in rule.steps:
        if step.kind == "set":
            found.update({name: value.node for name, value in step.values.items()})
    return found


def _between(app: App, earlier: Rule, later: Rule, fields: Sequence[str]) -> Iterator[Diagnostic]:
    witness = _witness(app, earlier, later)
    if witness is None:
        return
    first, second = _constants(earlier), _constants(later)
    table = app.tables[later.trigger.table]
    for name in fields:
        field = table.fields[name]
        found = diagnose(
            "rules-disagree",
            later.span,
            f"rules.{later.name}",
            earlier=earlier.title,
            later=later.title,
            line=earlier.span.line,
            field=field.title,
            one=value_words(first[name].value, field),
            two=value_words(second[name].value, field),
            witness=witness_words(witness.values, Space.of(app, table.name)),
        )
        yield replace(found, witness=witness.values)


def _witness(app: App, earlier: Rule, later: Rule) -> Witness | None:
    table = app.tables[earlier.trigger.table]
    old = "created" not in (earlier.trigger.kind, later.trigger.kind)
    space = Space.of(app, table.name, old=old)
    left: dict[str, Node] = dict(_values(earlier))
    for step in earlier.steps:
        if table.flow is not None and "transition" in step.options:
            target = table.flow.transitions[str(step.options["transition"])].target
            left[table.flow.field] = Constant(target, table.types.fields[table.flow.field])
    moment = (*at_trigger(app, earlier.trigger, earlier.name), *at_trigger(app, later.trigger, later.name))
    try:
        judged = after(_condition(later), left, space)
    except Unclear:
        return None
    answer = solve(conjunction([_condition(earlier), judged]), space, given=moment)
    return answer if isinstance(answer, Witness) else None


def _condition(rule: Rule) -> Node:
    return rule.condition.node if rule.condition is not None else YES


def _together(app: App, one: Trigger, two: Trigger) -> bool:
    """Can one write set off both?"""
    kinds = {one.kind, two.kind}
    if kinds in ({"enters"}, {"leaves"}):
        return one.state == two.state
    if kinds == {"created", "enters"}:
        flow = app.tables[one.table].flow
        return flow is not None and flow.initial in (one.state, two.state)
    return len(kinds) == 1 or kinds <= {"updated", "enters", "leaves"}
