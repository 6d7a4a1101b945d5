"""How values are written for people: numbers, money, times, choices, links. Text only, never markup: the template escapes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_currency_symbol

from builder_ui.i18n import Words
from engine.kinds.protocols import ValueProblem
from engine.kinds.values.currencies import HOME, places
from engine.kinds.values.durations import read_duration, spelled

NUMBERS = frozenset({"integer", "decimal", "money", "percent", "duration", "span"})
# What is read in one piece: broken over lines it could be misread.
SHORT = frozenset(
    {"serial", "date", "datetime", "phone", "barcode", "boolean", "region", "person", "choice", "attachment", "state", "email"}
)
_SIGN = "¥"
_PAGES = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Column:
    """A field as people meet it. `kind`: as defined, but a formula's is that of its result; `choices`: name → title;
    `currency`: of money."""

    name: str
    title: str
    kind: str
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    to: str | None = None
    currency: str = HOME

    @property
    def numeric(self) -> bool:
        """Is it set to the right in a list?"""
        return self.kind in NUMBERS

    @property
    def shape(self) -> str:
        """How its cells are set: numbers to the right, what is short in one line, the rest broken where it must be."""
        return "num" if self.numeric else "short" if self.kind in SHORT else ""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes values in one language and zone, `now` (aware) being the moment of the page."""

    words: Words
    zone: ZoneInfo
    now: datetime

    def value(self, value: Any, column: Column, title: str | None = None) -> str:
        """One value as text; '' for empty. `title`: the other record's, for a link."""
        if value is None or value == "":
            return ""
        if column.kind == "link":
            return title or self.words.gettext("(not visible to you)")
        if column.kind == "attachment" and isinstance(value, list):
            return self.words.ngettext("%(num)s file", "%(num)s files", len(value)) % {"num": len(value)}
        if column.kind == "boolean":
            return self.words.gettext("Yes") if value is True else self.words.gettext("No")
        writers: dict[str, Callable[[Any], str]] = {
            "integer": self.number,
            "decimal": self.number,
            "date": self.day,
            "datetime": self.instant,
            "duration": self.spelled,
            "span": self.duration,
            "phone": self.phone,
        }
        if column.kind == "money":
            return self.money(value, column.currency)
        if column.kind in writers:
            return writers[column.kind](value)
        if isinstance(value, list):
            return self.listed(value, column)
        if isinstance(value, dict):
            return json.dumps(value, ensure_ascii=False)
        return column.choices.get(str(value), title or str(value))

    def listed(self, value: list[Any], column: Column) -> str:
        """One after the other; choices by title, in the order in which they are defined."""
        order = {name: at for at, name in enumerate(column.choices)}
        names = sorted((str(each) for each in value), key=lambda name: order.get(name, len(order)))
        return ("、" if self._chinese else ", ").join(column.choices.get(name, name) for name in names)

    def number(self, value: Any) -> str:
        """Grouped, with the digits it came with."""
        number = _decimal(value)
        if number is None:
            return str(value)
        places = max(0, -int(number.as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return str(format_decimal(number, pattern, locale=self.words.locale))

    def money(self, value: Any, currency: str = HOME) -> str:
        """Grouped, with the sign of the currency and all its places."""
        number = _decimal(value)
        if number is None:
            return str(value)
        minus, sign = "-" if number < 0 else "", self.sign(currency)
        pattern = f"#,##0.{'0' * places(currency)}".rstrip(".")
        space = "\u00a0" if sign[-1:].isalpha() else ""
        return minus + sign + space + str(format_decimal(abs(number), pattern, locale=self.words.locale))

    def sign(self, currency: str) -> str:
        """What stands before an amount: the house's own by its short sign, another by one that cannot be taken for it."""
        if currency == HOME:
            return _SIGN
        found = str(get_currency_symbol(currency, locale=self.words.locale))
        return currency if found == _SIGN else found

    def spelled(self, value: Any) -> str:
        """All of a duration, as it can be typed again."""
        try:
            duration = read_duration(value)
        except ValueProblem:
            return str(value)
        return "" if duration is None else spelled(duration).to(self.words.locale)

    def phone(self, value: Any) -> str:
        """As kept, an extension in words."""
        number, _x, extension = str(value).partition("x")
        return (
            self.words.gettext("%(number)s ext. %(extension)s") % {"number": number, "extension": extension}
            if extension.isdigit()
            else str(value)
        )

    def day(self, value: Any) -> str:
        """`2026-11-22`, or as English writes it."""
        try:
            day = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            return str(value)
        return str(format_date(day, "yyyy-MM-dd" if self._chinese else "d MMM yyyy", locale=self.words.locale))

    def instant(self, value: Any, style: str = "short") -> str:
        """In the organisation's zone. Short: today only the time, this year without the year; `full`: to the second."""
        moment = _moment(value)
        if moment is None:
            return str(value)
        local, today = moment.astimezone(self.zone), self.now.astimezone(self.zone)
        if style == "full":
            pattern = "yyyy-MM-dd HH:mm:ss" if self._chinese else "d MMM yyyy, HH:mm:ss"
        elif local.date() == today.date():
            pattern = "HH:mm"
        elif local.year == today.year:
            pattern = "MM-dd HH:mm" if self._chinese else "d MMM, HH:mm"
        else:
            pattern = "yyyy-MM-dd HH:mm" if self._chinese else "d MMM yyyy, HH:mm"
        return str(format_datetime(local.replace(tzinfo=None), pattern, locale=self.words.locale))

    def field_time(self, value: Any) -> str:
        """For `<input type=datetime-local>`, in the organisation's zone; the shortest form, as browsers write it."""
        moment = _moment(value)
        if moment is None:
            return ""
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        return local.isoformat(timespec="seconds" if local.second else "minutes")

    def duration(self, value: Any) -> str:
        """The two largest units of a number of seconds (or a timedelta)."""
        seconds = value.total_seconds() if isinstance(value, timedelta) else _decimal(value)
        if seconds is None:
            return str(value)
        minutes = int(seconds) // 60
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        if days:
            return self.words.gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
        if hours:
            return self.words.gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
        return self.words.gettext("%(minutes)s min") % {"minutes": rest}

    @property
    def _chinese(self) -> bool:
        return self.words.locale.startswith("zh")


def address_of(value: Any, column: Column) -> str | None:
    """Where a click on a value leads outside the house: web pages and mail; None for anything else, masks too."""
    text = value if isinstance(value, str) else ""
    if column.kind == "url" and text.startswith(_PAGES):
        return text
    return f"mailto:{quote(text, safe='@')}" if column.kind == "email" and "@" in text else None


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
