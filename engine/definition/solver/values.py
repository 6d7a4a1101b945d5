"""Sets of values of one field: whether empty belongs to it, and spans of whole numbers.

Every kind of value is counted in whole units (see coding), so that one exact arithmetic serves money, days and texts alike.
Sets only: what a number stands for is not known here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Values:
    """`spans`: sorted, apart from each other by at least one missing number, both ends belong; `empty`: so does empty."""

    empty: bool
    spans: Spans

    def __and__(self, other: Values) -> Values:
        """What belongs to both."""
        if self is other:
            return self
        found: list[tuple[int, int]] = []
        mine, theirs = self.spans, other.spans
        i = j = 0
        while i < len(mine) and j < len(theirs):
            low, high = max(mine[i][0], theirs[j][0]), min(mine[i][1], theirs[j][1])
            if low <= high:
                found.append((low, high))
            if mine[i][1] < theirs[j][1]:
                i += 1
            else:
                j += 1
        return Values(self.empty and other.empty, tuple(found))

    def __or__(self, other: Values) -> Values:
        """What belongs to one of them or both."""
        return Values(self.empty or other.empty, _joined((*self.spans, *other.spans)))

    def apart(self, other: Values) -> bool:
        """Have they nothing in common? The same as an empty intersection, but cheaper."""
        if self.empty and other.empty:
            return False
        mine, theirs = self.spans, other.spans
        i = j = 0
        while i < len(mine) and j < len(theirs):
            if mine[i][1] < theirs[j][0]:
                i += 1
            elif theirs[j][1] < mine[i][0]:
                j += 1
            else:
                return False
        return True

    def within(self, other: Values) -> bool:
        """Does every value here belong to the other as well?"""
        if self.empty and not other.empty:
            return False
        j, theirs = 0, other.spans
        for low, high in self.spans:
            while j < len(theirs) and theirs[j][1] < low:
                j += 1
            if j == len(theirs) or theirs[j][0] > low or theirs[j][1] < high:
                return False
        return True

    def without(self, other: Values) -> Values:
        """What belongs here and not to the other."""
        found: list[tuple[int, int]] = []
        for low, high in self.spans:
            at = low
            for start, end in other.spans:
                if end < at:
                    continue
                if start > high:
                    break
                if start > at:
                    found.append((at, start - 1))
                at = end + 1
            if at <= high:
                found.append((at, high))
        return Values(self.empty and not other.empty, tuple(found))

    def nothing(self) -> bool:
        """Is there no value at all?"""
        return not self.empty and not self.spans

    def single(self) -> bool:
        """Is there one value and no more?"""
        if self.empty:
            return not self.spans
        return len(self.spans) == 1 and self.spans[0][0] == self.spans[0][1]

    def has(self, value: int | None) -> bool:
        """Does it belong? None is empty."""
        if value is None:
            return self.empty
        return any(low <= value <= high for low, high in self.spans)

    def nearest(self, wanted: int) -> int | None:
        """The number here that lies nearest to `wanted`, the greater of two; None (empty) where there is no number."""
        best: int | None = None
        for low, high in self.spans:
            here = min(max(wanted, low), high)
            if best is None or abs(here - wanted) <= abs(best - wanted):
                best = here
        return best


EMPTY_ONLY = Values(True, ())


def numbers(spans: Iterable[tuple[int, int]], *, empty: bool = False) -> Values:
    """The set of these spans, in any order, overlapping or not."""
    return Values(empty, _joined(spans))


def points(values: Iterable[int], *, empty: bool = False) -> Values:
    """The set of these numbers."""
    return numbers(((value, value) for value in values), empty=empty)


def _joined(spans: Iterable[tuple[int, int]]) -> Spans:
    found: list[tuple[int, int]] = []
    for low, high in sorted(each for each in spans if each[0] <= each[1]):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)
