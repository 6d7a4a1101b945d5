"""Durations and the organisation's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from engine.language import times

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def test_shanghai_is_one_offset() -> None:
    assert [seconds for _, seconds in times.offsets(SHANGHAI)] == [8 * 3600]


def test_berlin_changes_twice_a_year() -> None:
    changes = [until for until, _ in times.offsets(BERLIN)[:-1]]
    assert datetime(2026, 3, 29, 1, tzinfo=UTC) in changes
    assert datetime(2026, 10, 25, 1, tzinfo=UTC) in changes
    assert len(changes) == 68 * 2


@given(st.datetimes(datetime(1900, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)))
def test_the_list_says_what_the_zone_says(moment: datetime) -> None:
    listed = next(seconds for until, seconds in times.offsets(BERLIN) if moment < until)
    assert times.local(moment, BERLIN) == moment.replace(tzinfo=None) + timedelta(seconds=listed)


def test_local_time_past_the_last_year_is_empty() -> None:
    assert times.local(datetime(9999, 12, 31, 23, tzinfo=UTC), SHANGHAI) is None
    assert times.local(None, SHANGHAI) is None


def test_spans() -> None:
    assert times.span(Decimal("1.5"), timedelta(hours=1)) == timedelta(minutes=90)
    assert times.span(10**15, timedelta(days=1)) is None
    assert times.span(None, timedelta(days=1)) is None
    assert times.add_span(times.MOST_DURATION, timedelta(microseconds=1)) is None


def test_shifting() -> None:
    before = datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN)
    assert times.shift(before, timedelta(hours=3)) == datetime(2026, 3, 29, 2, 30, tzinfo=UTC)
    assert times.shift(datetime.max.replace(tzinfo=UTC), timedelta(days=1)) is None
    assert times.shift(datetime.min.replace(tzinfo=UTC), timedelta(days=1), -1) is None
    assert times.between(None, before) is None


def test_days() -> None:
    assert times.add_days(date(2024, 2, 28), 2) == date(2024, 3, 1)
    assert times.add_days(date.max, 1) is None
    assert times.add_days(date(2026, 1, 1), 10**12) is None


def test_a_sum_of_durations_past_the_longest_is_empty() -> None:
    assert times.total([timedelta(hours=1), None, timedelta(hours=2)]) == timedelta(hours=3)
    assert times.total([times.MOST_DURATION] * 40) is None
