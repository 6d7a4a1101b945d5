"""The functions of time for people: apart from how they work, because together they would fill more than one file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.language.functions.protocol import Manual
from engine.model.text import Text

_ITSELF = Text("{0}", "{0}")  # folded to a constant while checking, which has words of its own

MANUALS: Mapping[str, Manual] = MappingProxyType(
    {
        "now": Manual(
            usage="now()",
            words=Text("现在", "now"),
            about=Text(
                "这一刻。一次运行里处处相同，并记在日志里。",
                "This moment: one and the same within a run, and kept in the journal.",
            ),
            example="now() - now() → hours(0)",
            whole=True,
        ),
        "today": Manual(
            usage="today()",
            words=Text("今天", "today"),
            about=Text("组织所在时区的今天。", "The day it is in the organisation's zone."),
            example="today() == date_of(now()) → True",
            whole=True,
        ),
        "minutes": Manual(
            usage="minutes(2)",
            words=Text("{0}（分钟）", "{0} (in minutes)"),
            about=Text(
                "这么多分钟的时长；可以有小数，可以是负的；空还是空。",
                "A duration of so many minutes; fractions and minus are fine; empty stays empty.",
            ),
            example="minutes(90) == hours(1.5) → True",
        ),
        "hours": Manual(
            usage="hours(2)",
            words=Text("{0}（小时）", "{0} (in hours)"),
            about=Text("这么多小时的时长。", "A duration of so many hours."),
            example="hours(48) == days(2) → True",
        ),
        "days": Manual(
            usage="days(2)",
            words=Text("{0}（天）", "{0} (in days)"),
            about=Text(
                "这么多个 24 小时的时长；要按日历往后数，用 add_days。",
                "A duration of so many times 24 hours; to move along the calendar use add_days.",
            ),
            example="now() + days(1) > now() → True",
        ),
        "weekday": Manual(
            usage="weekday(x)",
            words=Text("{0}的星期数（周一为 1）", "the weekday of {0} (Monday is 1)"),
            about=Text(
                "日期或时刻是星期几，周一是 1，周日是 7；空还是空。",
                "The day of the week of a date or moment, Monday 1 to Sunday 7; empty stays empty.",
            ),
            example="weekday(date('2026-11-22')) → 7",
        ),
        "time_of": Manual(
            usage="time_of(x)",
            words=Text("{0}的钟点", "the time of day of {0}"),
            about=Text(
                "时刻在组织所在时区的钟点；空还是空。",
                "The clock time of a moment in the organisation's zone; empty stays empty.",
            ),
            example="time_of(now()) >= time('00:00') → True",
        ),
        "date_of": Manual(
            usage="date_of(x)",
            words=Text("{0}的日期", "the date of {0}"),
            about=Text(
                "时刻在组织所在时区的日期；空还是空。", "The day of a moment in the organisation's zone; empty stays empty."
            ),
            example="date_of(now()) == today() → True",
        ),
        "time": Manual(
            usage="time('14:00')",
            words=_ITSELF,
            about=Text("一个钟点，写在引号里。", "A time of day, written in quotes."),
            example="time('14:00') < time('14:00:30') → True",
            whole=True,
        ),
        "date": Manual(
            usage="date('2026-11-22')",
            words=_ITSELF,
            about=Text("一个日期，写在引号里：年-月-日。", "A day, written in quotes: year-month-day."),
            example="date('2026-11-22') < date('2026-12-01') → True",
            whole=True,
        ),
        "add_days": Manual(
            usage="add_days(date, 3)",
            words=Text("{0}加{1}天", "{0} plus {1} {1|day|days}"),
            about=Text(
                "往后（负数往前）数这么多天的日期；有一边为空就是空。",
                "The day so many days later (earlier for a minus); empty if either is.",
            ),
            example="add_days(date('2026-12-31'), 1) → date('2027-01-01')",
        ),
        "days_between": Manual(
            usage="days_between(first, second)",
            words=Text("从{0}到{1}的天数", "the number of days from {0} to {1}"),
            about=Text(
                "从第一天到第二天有几天，倒过来是负的；时刻按当地日期算；有一边为空就是空。",
                "Days from the first to the second, negative backwards; a moment counts by its local day; empty if either is.",
            ),
            example="days_between(date('2026-11-22'), date('2026-12-01')) → 9",
        ),
        "workhours_between": Manual(
            usage="workhours_between(first, second)",
            words=Text("从{0}到{1}的工作小时数", "the working hours from {0} to {1}"),
            about=Text(
                "两个时刻之间有几个工作小时，六位小数，倒过来是负的；按组织的工作日历和当地钟点算；有一边为空就是空。",
                "Hours between two moments within the organisation's working calendar, by local time, to six places; "
                "negative backwards; empty if either is.",
            ),
            example="workhours_between(now(), now() + days(7)) → 45.000000",
        ),
    }
)
