"""What happens by itself, as sentences: rules, routing tables, alerts."""

from __future__ import annotations

from collections.abc import Iterable

from engine.kinds.registry import Registry
from engine.kinds.speech import Speech
from engine.language.sentence.constants import span_words
from engine.language.sentence.phrase import chain
from engine.model.app import Alert, App, Level, Routing, Rule, Step
from engine.model.text import Text

_RULE = Text("{when}，{steps}", "{when}, {steps}")
_RULE_IF = Text("{when}，如果{condition}，那么{steps}", "{when}, if {condition}, then {steps}")
_NEXT = Text("{left}，再{right}", "{left}, then {right}")
_ROUTE = Text("如果{condition}，{field}为{value}", "If {condition}, {field} is {value}")
_ROUTE_ELSE = Text("否则，{field}为{value}", "Otherwise {field} is {value}")
_ALERT = Text("只要{table}的{condition}，{levels}", "While for a record of {table} {condition}: {levels}")
_LEVEL = Text("满 {time}就{steps}", "after {time} {steps}")
_LEVELS = Text("{left}；{right}", "{left}; {right}")
_NOTIFY = "notify"


def rule_sentence(app: App, rule: Rule, registry: Registry) -> Text:
    """`当新建一条「订单」，如果实付金额小于 500 …，那么执行「审核通过」`."""
    speech = Speech(app, rule.trigger.table)
    when = registry.triggers[rule.trigger.kind].words(rule.trigger, speech)
    steps = _steps(rule.steps, speech, registry)
    if rule.condition is None:
        return _RULE.say(when=when, steps=steps)
    return _RULE_IF.say(when=when, condition=speech.condition(rule.condition), steps=steps)


def routing_sentences(app: App, routing: Routing) -> list[Text]:
    """One sentence for each row, in order, and one for the rest."""
    speech = Speech(app, routing.table)
    field = speech.field_words(routing.decides)
    lines = [
        _ROUTE.say(condition=speech.condition(row.condition), field=field, value=speech.constant(row.then, routing.decides))
        for row in routing.rows
    ]
    if routing.otherwise is not None:
        lines.append(_ROUTE_ELSE.say(field=field, value=speech.constant(routing.otherwise, routing.decides)))
    return lines


def alert_sentence(app: App, alert: Alert, registry: Registry) -> Text:
    """Its condition, and what happens after how long."""
    speech = Speech(app, alert.table)
    levels = chain([_level(alert, level, speech, registry) for level in alert.levels], _LEVELS)
    return _ALERT.say(table=speech.table_words(), condition=speech.condition(alert.condition), levels=levels)


def _level(alert: Alert, level: Level, speech: Speech, registry: Registry) -> Text:
    told = level.options.get(_NOTIFY)
    # The level's own notice says what the alert says, to whom and how the level says.
    notice = Step(_NOTIFY, "", told, {}, None, alert.text, level.span) if isinstance(told, dict) else None
    steps = _steps((*((notice,) if notice else ()), *level.steps), speech, registry)
    return _LEVEL.say(time=span_words(level.after), steps=steps)


def _steps(steps: Iterable[Step], speech: Speech, registry: Registry) -> Text:
    return chain([registry.steps[step.kind].words(step, speech) for step in steps], _NEXT)
