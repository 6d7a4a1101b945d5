"""Values of every type as whole numbers, and back: units of the scale, days, microseconds, places in the order of texts.

Here because a proof needs one exact order for everything that compares. A text that no condition names stands somewhere
between those that are named, with room for as many others as a condition can have; `decode` makes one up that lies there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.definition.solver.values import Values, numbers, points
from engine.language.numbers import FIELD_DIGITS
from engine.language.sqltypes import MAX_UNITS, MICROSECOND, from_units, to_units
from engine.language.times import MOST_DURATION
from engine.model.types import JsonText, Type, TypeKind

ROOM = 10_000
LEAST = " "  # the least character that a text of the language may hold
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1) // MICROSECOND
_RECORDS = 1_000_000
_FILLERS = ("a", "!", LEAST)
_USUAL_DAY = date(2026, 1, 5)
_USUAL_HOUR = 9


def moment(value: datetime) -> int:
    """Microseconds since the first moment of the calendar."""
    return (value.astimezone(UTC) - _FIRST) // MICROSECOND


def clock(value: time) -> int:
    """Microseconds since midnight."""
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond


_LAST = moment(datetime.max.replace(tzinfo=UTC))
_USUAL = {
    TypeKind.DATE: _USUAL_DAY.toordinal(),
    TypeKind.DATETIME: moment(datetime(_USUAL_DAY.year, _USUAL_DAY.month, _USUAL_DAY.day, _USUAL_HOUR, tzinfo=UTC)),
    TypeKind.TIME: clock(time(_USUAL_HOUR)),
}


class Coding:
    """One for each problem: it knows the texts that the problem names."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._texts = sorted(set(texts) - {""})
        self._places: list[int] = []
        place = ROOM
        for number, text in enumerate(self._texts):
            before = self._texts[number - 1] if number else ""
            place += _between(before, text) + 1
            self._places.append(place)
        self._place = dict(zip(self._texts, self._places, strict=True))

    def encode(self, value: Any, scale: int = 0) -> int:
        """A value as a whole number; numbers in units of 10^-scale. A text must be one of those that are known."""
        match value:
            case bool():
                return int(value)
            case int() | Decimal():
                return to_units(value, scale)
            case str():
                return self._place[value]
            case datetime():
                return moment(value)
            case date():
                return value.toordinal()
            case time():
                return clock(value)
            case timedelta():
                return value // MICROSECOND
        raise TypeError(type(value).__name__)

    def decode(self, number: int, given: Type) -> Any:
        """The Python value of a type that stands for the number."""
        match given.kind:
            case TypeKind.BOOLEAN:
                return bool(number)
            case TypeKind.NUMBER:
                return from_units(number, given.scale)
            case TypeKind.DATE:
                return date.fromordinal(number)
            case TypeKind.DATETIME:
                return _FIRST + number * MICROSECOND
            case TypeKind.TIME:
                seconds, micros = divmod(number, 1_000_000)
                return time(seconds // 3600, seconds // 60 % 60, seconds % 60, micros)
            case TypeKind.DURATION:
                return number * MICROSECOND
            case TypeKind.JSON:
                return JsonText("{}")
            case TypeKind.RECORD:
                return f"{given.table}_{number}"
        return self._text(number)

    def everything(self, given: Type, *, field: bool = True) -> Values:
        """Every value of a type, empty included; numbers of a field have fifteen digits, others what arithmetic can hold."""
        if given.options is not None:
            return points((self._place[each] for each in given.options if each), empty=True)
        most = 10**FIELD_DIGITS - 1 if field else MAX_UNITS
        span = MOST_DURATION // MICROSECOND
        last = (self._places[-1] if self._places else ROOM) + ROOM
        first = ROOM + 1 if self._texts and not self._texts[0].strip(LEAST) else 1
        ends = {
            TypeKind.BOOLEAN: (0, 1),
            TypeKind.NUMBER: (-most, most),
            TypeKind.DATE: (1, date.max.toordinal()),
            TypeKind.DATETIME: (0, _LAST),
            TypeKind.TIME: (0, _DAY - 1),
            TypeKind.DURATION: (-span, span),
            TypeKind.RECORD: (1, _RECORDS),
            TypeKind.LIST: (0, 1),
            TypeKind.JSON: (0, 1),
            TypeKind.TEXT: (first, last),
        }
        return numbers((ends[given.kind],) if given.kind in ends else (), empty=True)

    def unnamed(self, taken: Collection[int]) -> str:
        """A text that no condition names, and none of those taken."""
        place = (self._places[-1] if self._places else 0) + 1
        while place in taken:
            place += 1
        return self._text(place)

    def usual(self, given: Type) -> int:
        """Where a readable value is looked for first."""
        if given.kind is TypeKind.TEXT:
            named = [self._place[each] for each in given.options or () if each in self._place]
            return named[0] if named else 0
        return _USUAL.get(given.kind, 0)

    def _text(self, number: int) -> str:
        at = bisect_right(self._places, number) - 1
        if at >= 0 and self._places[at] == number:
            return self._texts[at]
        before = self._texts[at] if at >= 0 else ""
        after = self._texts[at + 1] if at + 1 < len(self._texts) else None
        steps = number - (self._places[at] if at >= 0 else (ROOM if after and not after.strip(LEAST) else 0))
        filler = next((each for each in _FILLERS if after is None or before + each * steps < after), LEAST)
        return before + filler * steps


def _between(before: str, after: str) -> int:
    """How many texts lie between two: only where one is the other with spaces behind it are they few."""
    if after.startswith(before) and not after[len(before) :].strip(LEAST):
        return len(after) - len(before) - 1
    return ROOM
