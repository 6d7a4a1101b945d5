"""Constants in people's form: 12,500, 2 小时 / 2 hours, 2026年11月22日 / 22 November 2026, 14:00. Equal values, equal words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.language.sentence.naming import choice_words
from engine.language.sentence.phrase import chain
from engine.model.app import Choice
from engine.model.text import Text

EMPTY = Text("空", "empty")
YES, NO = Text("「是」", "yes"), Text("「否」", "no")
_GROUPED_FROM = 10_000
_DAY = Text("{y}年{m}月{d}日", "{d} {month} {y}")
_MOMENT = Text("{day} {clock}", "{day} {clock}")
# English alone names its months.
_MONTHS = tuple("January February March April May June July August September October November December".split())  # noqa: SIM905
_MINUS = Text("负 {span}", "minus {span}")
_NEXT = Text("{left} {right}", "{left} {right}")
_ONE_DAY = timedelta(days=1)
_UNITS = (
    (timedelta(days=1), Text("{n} 天", "{n} {n|day|days}")),
    (timedelta(hours=1), Text("{n} 小时", "{n} {n|hour|hours}")),
    (timedelta(minutes=1), Text("{n} 分钟", "{n} {n|minute|minutes}")),
)
_SECONDS = Text("{n} 秒", "{n} {n|second|seconds}")


def constant_words(value: Any, choices: Mapping[str, Choice]) -> Text:
    """One constant; a text that is one of `choices` goes by its title."""
    match value:
        case None:
            return EMPTY
        case bool():
            return YES if value else NO
        case str():
            return choice_words(choices, value)
        case int() | Decimal():
            return Text.of(number_words(value))
        case timedelta():
            return span_words(value)
        case datetime():
            return _MOMENT.fill(day=_day(value.date()), clock=_clock(value.time()))
        case date():
            return _day(value)
        case time():
            return Text.of(_clock(value))
    raise TypeError(f"no constant of the language: {value!r}")


def number_words(value: int | Decimal) -> str:
    """Without idle zeros; grouped by thousands from 10,000 on."""
    given = Decimal(value)
    exact = format(given, "f")
    exact = exact.rstrip("0").rstrip(".") if "." in exact else exact
    return f"{Decimal(exact):,f}" if abs(given) >= _GROUPED_FROM else exact


def span_words(span: timedelta) -> Text:
    """`1 天 2 小时` / `1 day 2 hours`. A single day is 24 hours: so nobody takes it for a calendar day."""
    if span < timedelta():
        return _MINUS.fill(span=span_words(-span))
    if span == _ONE_DAY:
        return _UNITS[1][1].fill(n=24)
    parts, rest = [], span
    for unit, said in _UNITS:
        count, rest = divmod(rest, unit)
        if count:
            parts.append(said.fill(n=number_words(count)))
    if rest or not parts:
        seconds = Decimal(rest // timedelta(microseconds=1)).scaleb(-6)
        parts.append(_SECONDS.fill(n=number_words(seconds)))
    return chain(parts, _NEXT)


def _day(day: date) -> Text:
    return _DAY.fill(y=day.year, m=day.month, d=day.day, month=_MONTHS[day.month - 1])


def _clock(clock: time) -> str:
    whole = clock.isoformat("minutes" if not clock.second and not clock.microsecond else "auto")
    return whole.rstrip("0") if clock.microsecond else whole
