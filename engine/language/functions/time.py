"""Functions of time. `now()` is bound once per run; days and clocks are those of the organisation's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, literal

from engine.language import forms, times
from engine.language.env import Env
from engine.language.functions.checks import Check, constant_text, count, of, takes, usage_hint
from engine.language.functions.protocol import Function, Misuse, Site, SqlWriter
from engine.language.functions.time_manual import MANUALS
from engine.language.sqltypes import MICROSECOND, Day, Instant
from engine.language.workhours import PLACES, workhours
from engine.model.text import Text
from engine.model.tree import Call, Constant, Node
from engine.model.types import DATE, DATETIME, DURATION, INTEGER, TIME, Type, TypeKind

_DAY_OR_MOMENT = (TypeKind.DATE, TypeKind.DATETIME)
_MOST_PLACES = 6


def _now(env: Env) -> datetime:
    return env.now.astimezone(UTC)


def _now_sql(writer: SqlWriter, _: Call, __: bool) -> ColumnElement[Any]:
    return literal(writer.now(), Instant())


def _today(env: Env) -> date:
    local = times.local(env.now, env.now.tzinfo)
    return (local or env.now).date()


def _today_sql(writer: SqlWriter, _: Call, __: bool) -> ColumnElement[Any]:
    local = times.local(writer.now(), writer.zone())
    return literal((local or writer.now()).date(), Day())


def _span(name: str, unit: timedelta) -> Function:
    usage = f"{name}(2)"

    def check(arguments: tuple[Node, ...], _: Site) -> Type | Node:
        count(arguments, 1, usage)
        node = of(arguments, 0, TypeKind.NUMBER, usage=usage)
        if node.type.scale > _MOST_PLACES:
            raise Misuse(Text("小数位太多", "Too many decimal places"), usage_hint(usage), 0)
        if isinstance(node, Constant):
            span = times.span(node.value, unit)
            if span is None and node.value is not None:
                raise Misuse(Text("时长太大", "The duration is too long"), usage_hint(usage), 0)
            return Constant(span, DURATION)
        return DURATION

    def sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
        node = call.arguments[0]
        scale, most = node.type.scale, times.MOST_DURATION // MICROSECOND
        return forms.span(writer.units(node, scale), scale=scale, unit=unit // MICROSECOND, most=most)

    def run(amount: Any) -> timedelta | None:
        return times.span(amount, unit)

    return _function(name, check, run, sql)


def _weekday(env: Env, day: date | datetime | None) -> int | None:
    if isinstance(day, datetime):
        day = times.local(day, env.now.tzinfo)
    return day.isoweekday() if day else None


def _weekday_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    return forms.weekday(_day_sql(writer, call.arguments[0]))


def _day_sql(writer: SqlWriter, node: Node) -> ColumnElement[Any]:
    column = writer.value(node)
    return forms.date_of(column, writer.zone()) if node.type.kind is TypeKind.DATETIME else column


def _time_of(env: Env, moment: datetime | None) -> time | None:
    local = times.local(moment, env.now.tzinfo)
    return local.time() if local else None


def _time_of_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    return forms.clock(writer.value(call.arguments[0]), writer.zone())


def _date_of(env: Env, moment: datetime | None) -> date | None:
    local = times.local(moment, env.now.tzinfo)
    return local.date() if local else None


def _date_of_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    return _day_sql(writer, call.arguments[0])


def _literal(usage: str, result: Type, read: Callable[[str], Any]) -> Callable[[tuple[Node, ...], Site], Constant]:
    def check(arguments: tuple[Node, ...], _: Site) -> Constant:
        count(arguments, 1, usage)
        written = constant_text(arguments, 0, usage)
        try:
            return Constant(read(written), result)
        except ValueError:
            raise Misuse(Text(f"读不懂 {written}", f"Cannot read {written}"), usage_hint(usage), 0) from None

    return check


def _read_time(written: str) -> time:
    value = time.fromisoformat(written)
    if value.tzinfo is not None or len(written) < len("14:00"):
        raise ValueError(written)
    return value


def _read_date(written: str) -> date:
    return datetime.strptime(written, "%Y-%m-%d").date()


def _folded(*_: Any) -> Any:
    raise NotImplementedError("folded to a constant while checking")


def _days_between(env: Env, first: date | datetime | None, second: date | datetime | None) -> int | None:
    days = [_date_of(env, each) if isinstance(each, datetime) else each for each in (first, second)]
    return None if days[0] is None or days[1] is None else (days[1] - days[0]).days


def _days_between_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    first, second = (_day_sql(writer, node) for node in call.arguments)
    return forms.days_between(first, second)


def _add_days_check(arguments: tuple[Node, ...], _: Site) -> Type:
    usage = "add_days(date, 3)"
    count(arguments, 2, usage)
    of(arguments, 0, TypeKind.DATE, usage=usage)
    if of(arguments, 1, TypeKind.NUMBER, usage=usage).type.scale:
        raise Misuse(Text("天数要是整数", "Whole days only"), usage_hint(usage), 1)
    return DATE


def _add_days_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    return forms.add_days(writer.value(call.arguments[0]), writer.units(call.arguments[1], 0))


def _workhours(env: Env, first: datetime | None, second: datetime | None) -> Decimal | None:
    return workhours(env.calendar, env.now.tzinfo, first, second)


def _workhours_sql(writer: SqlWriter, call: Call, _: bool) -> ColumnElement[Any]:
    first, second = (writer.value(each) for each in call.arguments)
    return forms.workhours(first, second, writer.zone(), writer.calendar())


def _function(name: str, check: Check, run: Callable[..., Any], sql: Any, **more: Any) -> Function:
    return Function(name, MANUALS[name], check, run, sql, **more)


FUNCTIONS = (
    _function("now", takes("now()", DATETIME), _now, _now_sql, wants_env=True),
    _function("today", takes("today()", DATE), _today, _today_sql, wants_env=True),
    _span("minutes", timedelta(minutes=1)),
    _span("hours", timedelta(hours=1)),
    _span("days", timedelta(days=1)),
    _function("weekday", takes("weekday(x)", INTEGER, _DAY_OR_MOMENT), _weekday, _weekday_sql, wants_env=True),
    _function("time_of", takes("time_of(x)", TIME, (TypeKind.DATETIME,)), _time_of, _time_of_sql, wants_env=True),
    _function("date_of", takes("date_of(x)", DATE, (TypeKind.DATETIME,)), _date_of, _date_of_sql, wants_env=True),
    _function("time", _literal("time('14:00')", TIME, _read_time), _folded, _now_sql),
    _function("date", _literal("date('2026-11-22')", DATE, _read_date), _folded, _now_sql),
    _function("add_days", _add_days_check, times.add_days, _add_days_sql),
    _function(
        "days_between",
        takes("days_between(first, second)", INTEGER, _DAY_OR_MOMENT, _DAY_OR_MOMENT),
        _days_between,
        _days_between_sql,
        wants_env=True,
    ),
    _function(
        "workhours_between",
        takes("workhours_between(first, second)", Type(TypeKind.NUMBER, PLACES), (TypeKind.DATETIME,), (TypeKind.DATETIME,)),
        _workhours,
        _workhours_sql,
        wants_env=True,
    ),
)
