"""Working hours: which part of each weekday, and the days that differ (holidays, and weekends worked to make up for them).

Kept as what every back end computes with: stretches of a week, and stretches to be added to or taken from single days, in
microseconds of the clock on the wall. It knows no zone and reads no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

SECOND = 1_000_000
DAY = 86_400 * SECOND
WEEK = 7 * DAY

# Within a day, from and until, in microseconds.
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week`: (begin, length) from Monday 00:00. `changes`: (begin, length, 1 or -1) from 0001-01-01, which was a Monday."""

    week: tuple[tuple[int, int], ...]
    changes: tuple[tuple[int, int, int], ...] = ()

    @staticmethod
    def of(week: Sequence[Sequence[Stretch]], days: Mapping[date, Sequence[Stretch]] | None = None) -> Calendar:
        """`week`: the stretches of each day from Monday on; `days`: those of single days instead. Stretches of a day must
        not overlap."""
        regular = tuple(
            (number * DAY + begin, until - begin) for number, day in enumerate(week) for begin, until in sorted(day)
        )
        changes: list[tuple[int, int, int]] = []
        for day, stretches in sorted((days or {}).items()):
            first = (day - date.min).days * DAY
            changes += [(first + begin, until - begin, -1) for begin, until in sorted(week[day.weekday()])]
            changes += [(first + begin, until - begin, 1) for begin, until in sorted(stretches)]
        return Calendar(regular, tuple(changes))

    @property
    def weekly(self) -> int:
        """Working time of a week without changes."""
        return sum(length for _, length in self.week)

    def worked(self, at: int) -> int:
        """Working time from 0001-01-01 until `at`, microseconds after it."""
        weeks, rest = divmod(at, WEEK)
        regular = sum(max(0, min(rest - begin, length)) for begin, length in self.week)
        changed = sum(sign * max(0, min(at - begin, length)) for begin, length, sign in self.changes)
        return weeks * self.weekly + regular + changed


_OFFICE: Stretch = (9 * 3600 * SECOND, 18 * 3600 * SECOND)
# Until an organisation says otherwise.
STANDARD = Calendar.of([(_OFFICE,)] * 5 + [()] * 2)
