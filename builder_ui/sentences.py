"""Rules, routing and alerts as sentences, in both languages. Each sentence is one message with slots, never glued words.

Conditions and values are written out by the language's own `sentence`; here is only what stands around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from engine.language.sentence import sentence
from engine.model.app import Alert, App, Routing, Rule, Step, Trigger
from engine.model.text import Text
from engine.model.tree import Constant, Expression, Extra, FieldOf, Template, This

_WHEN: Mapping[str, Text] = MappingProxyType(
    {
        "created": Text("当新建一条「{table}」", "When a record of {table} is created"),
        "updated": Text("当「{table}」的{fields}被改动", "When {fields} of {table} changes"),
        "deleted": Text("当删除一条「{table}」", "When a record of {table} is deleted"),
        "enters": Text("当「{table}」进入「{state}」", "When a record of {table} becomes {state}"),
        "leaves": Text("当「{table}」离开「{state}」", "When a record of {table} stops being {state}"),
    }
)
_ELSE_WHEN = Text("当「{table}」发生 {kind}", "When {kind} happens to {table}")
_RULE = Text("{when}，{steps}", "{when}, {steps}")
_RULE_IF = Text("{when}，如果{condition}，那么{steps}", "{when} and {condition}, then {steps}")

_SET = Text("把{pairs}", "set {pairs}")
_PAIR = Text("「{field}」设为{value}", "{field} to {value}")
_CREATE = Text("新建一条「{table}」，{pairs}", "create a record of {table} with {pairs}")
_CREATE_PAIR = Text("「{field}」为{value}", "{field} = {value}")
_UPDATE = Text("把满足{where}的「{table}」的{pairs}", "for every record of {table} where {where}, set {pairs}")
_TRANSITION = Text("执行「{transition}」", "{transition}")
_NOTIFY = Text("通知{people}（{channels}）：“{text}”", "tell {people} ({channels}): “{text}”")
_STEP = Text("执行 {kind}", "do {kind}")
_ROUTE = Text("如果{condition}，「{field}」为「{value}」", "If {condition}, {field} is {value}")
_ROUTE_ELSE = Text("否则，「{field}」为「{value}」", "Otherwise {field} is {value}")
_ALERT = Text("「{table}」{condition}超过 {times}，提醒：“{text}”", "When {table} has {condition} for {times}, alert: “{text}”")
_CHANNELS: Mapping[str, Text] = MappingProxyType(
    {"inbox": Text("收件箱", "inbox"), "popup": Text("弹窗", "pop-up"), "mail": Text("邮件", "mail")}
)


def rule_sentence(app: App, rule: Rule) -> Text:
    """`当新建一条「订单主表」，如果实付金额小于 500 …，那么执行「审核通过」`."""
    table = rule.trigger.table
    steps = _joined((step_sentence(app, step, table) for step in rule.steps), Text("，再", ", then "))
    when = trigger_sentence(app, rule.trigger)
    if rule.condition is None:
        return _RULE.fill(when=when, steps=steps)
    return _RULE_IF.fill(when=when, condition=sentence(rule.condition, app, table), steps=steps)


def trigger_sentence(app: App, trigger: Trigger) -> Text:
    """What sets a rule off."""
    table = app.tables[trigger.table]
    state = table.flow.states[trigger.state].title if table.flow and trigger.state else Text("", "")
    fields = _joined((_field(app, trigger.table, name) for name in trigger.fields), Text("、", ", "))
    if not trigger.fields:
        fields = Text("任一字段", "any field")
    pattern = _WHEN.get(trigger.kind, _ELSE_WHEN)
    return pattern.fill(table=table.title, state=state, fields=fields, kind=trigger.kind)


def step_sentence(app: App, step: Step, table: str) -> Text:
    """What one step does to a record of `table`."""
    target = str(step.options.get("table", table))
    match step.kind:
        case "set":
            return _SET.fill(pairs=_pairs(app, step.values, table, table, _PAIR))
        case "create":
            return _CREATE.fill(table=app.tables[target].title, pairs=_pairs(app, step.values, target, table, _CREATE_PAIR))
        case "update":
            where = sentence(step.where, app, target) if step.where else Text("全部", "any")
            return _UPDATE.fill(
                where=where, table=app.tables[target].title, pairs=_pairs(app, step.values, target, target, _PAIR)
            )
        case "transition":
            return _TRANSITION.fill(transition=_transition(app, table, str(step.options.get("transition", ""))))
        case "notify":
            people = _joined((_recipient(app, str(name)) for name in _listed(step.options.get("to"))), Text("、", ", "))
            channels = _joined((_channel(str(name)) for name in _listed(step.options.get("by"))), Text("、", ", "))
            return _NOTIFY.fill(people=people, channels=channels, text=_template(app, step.text, table))
        case _:
            return _STEP.fill(kind=step.kind)


def routing_sentences(app: App, routing: Routing) -> list[Text]:
    """One sentence for each row, in order, and one for the rest."""
    field = _field(app, routing.table, routing.decides)
    lines = [
        _ROUTE.fill(
            condition=sentence(row.condition, app, routing.table),
            field=field,
            value=_choice(app, routing.table, routing.decides, row.then),
        )
        for row in routing.rows
    ]
    if routing.otherwise is not None:
        lines.append(_ROUTE_ELSE.fill(field=field, value=_choice(app, routing.table, routing.decides, routing.otherwise)))
    return lines


def alert_sentence(app: App, alert: Alert) -> Text:
    """Its condition, its levels, its text."""
    times = _joined((_span(level.after) for level in alert.levels), Text("、", ", "))
    return _ALERT.fill(
        table=app.tables[alert.table].title,
        condition=sentence(alert.condition, app, alert.table),
        times=times,
        text=_template(app, alert.text, alert.table),
    )


def _pairs(app: App, values: Mapping[str, Expression], target: str, table: str, pattern: Text) -> Text:
    filled = (
        pattern.fill(field=_field(app, target, name), value=_value(app, target, name, value, table))
        for name, value in values.items()
    )
    return _joined(filled, Text("、", ", "))


def _value(app: App, target: str, name: str, value: Expression, table: str) -> Text:
    """A constant that is a choice goes by its title; everything else by the language's sentence."""
    match value.node:
        case Constant(bool() as yes):
            return Text("是", "yes") if yes else Text("否", "no")
        case Constant(str() as constant):
            return Text("「{x}」", "{x}").fill(x=_choice(app, target, name, constant))
        case This():
            return Text("这条「{table}」", "this record of {table}").fill(table=app.tables[table].title)
        case _:
            return sentence(value, app, table)


def _field(app: App, table: str, name: str) -> Text:
    field = app.tables[table].fields.get(name)
    return field.title if field else Text.of(name)


def _choice(app: App, table: str, name: str, value: Any) -> Text:
    field = app.tables[table].fields.get(name)
    choice = field.choices.get(str(value)) if field else None
    return choice.title if choice else Text.of(str(value))


def _transition(app: App, table: str, name: str) -> Text:
    flow = app.tables[table].flow
    return flow.transitions[name].title if flow and name in flow.transitions else Text.of(name)


def _recipient(app: App, name: str) -> Text:
    role = app.roles.get(name.removeprefix("role."))
    return role.title if role else Text.of(name)


def _channel(name: str) -> Text:
    return _CHANNELS.get(name, Text.of(name))


def _listed(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _template(app: App, template: Template | None, table: str) -> Text:
    if template is None:
        return Text("", "")
    return Text(_parts(app, template.zh, table, "zh"), _parts(app, template.en, table, "en"))


def _parts(app: App, parts: tuple[str | Expression, ...], table: str, locale: str) -> str:
    return "".join(p if isinstance(p, str) else "{" + _slot(app, p, table).to(locale) + "}" for p in parts)


def _slot(app: App, expression: Expression, table: str) -> Text:
    match expression.node:
        case FieldOf(hops=(), name=name):
            return _field(app, table, name)
        case Extra(name="elapsed"):
            return Text("已过时间", "time passed")
        case _:
            return sentence(expression, app, table)


def _span(time: timedelta) -> Text:
    minutes = int(time.total_seconds()) // 60
    if minutes % 60 == 0:
        return Text("{n} 小时", "{n} h").fill(n=minutes // 60)
    return Text("{n} 分钟", "{n} min").fill(n=minutes)


def _joined(texts: Iterable[Text], between: Text) -> Text:
    listed = list(texts)
    return Text(between.zh.join(t.zh for t in listed), between.en.join(t.en for t in listed))
