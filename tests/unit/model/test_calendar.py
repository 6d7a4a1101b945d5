"""Working time, against a count of every quarter of an hour."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.model.calendar import DAY, SECOND, STANDARD, WEEK, Calendar, Stretch

QUARTER = 900 * SECOND
FIRST = date(2026, 9, 28)  # a Monday


def micros(moment: datetime) -> int:
    return (moment - datetime.min) // timedelta(microseconds=1)


@st.composite
def stretches(draw: st.DrawFn) -> list[Stretch]:
    edges = sorted(draw(st.lists(st.integers(0, 96), max_size=6, unique=True)))
    return [(one * QUARTER, two * QUARTER) for one, two in zip(edges[::2], edges[1::2], strict=False)]


@given(
    week=st.lists(stretches(), min_size=7, max_size=7),
    days=st.dictionaries(st.integers(-3, 25).map(lambda n: FIRST + timedelta(days=n)), stretches(), max_size=5),
    begin=st.integers(-300, 3000),
    length=st.integers(0, 700),
)
def test_it_is_the_sum_of_its_quarters(
    week: list[list[Stretch]], days: dict[date, list[Stretch]], begin: int, length: int
) -> None:
    calendar = Calendar.of(week, days)
    start = micros(datetime.combine(FIRST, datetime.min.time())) + begin * QUARTER
    counted = 0
    for at in range(start, start + length * QUARTER, QUARTER):
        day = date.min + timedelta(days=at // DAY)
        here = days.get(day, week[day.weekday()])
        counted += QUARTER * any(one <= at % DAY < two for one, two in here)
    assert calendar.worked(start + length * QUARTER) - calendar.worked(start) == counted


def test_the_standard_week_has_45_hours() -> None:
    assert STANDARD.weekly == 45 * 3600 * SECOND
    assert STANDARD.worked(WEEK) == STANDARD.weekly
    assert STANDARD.worked(0) == 0
