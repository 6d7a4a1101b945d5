"""Column types on which Python values and SQL agree: exact decimals, aware times, days, durations, flags.

Here because expressions, storage and views must bind and read a value in the same way. Never a binary float."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Dialect, Numeric, String, Time
from sqlalchemy import Date as SqlDate
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.model.types import JsonText, Type, TypeKind

MAX_UNITS = 2**63 - 1  # as far as arithmetic goes, so that every result can be stored
EARLIEST = -62_135_596_800_000_000  # microseconds from 1970 to 0001-01-01
LATEST = 253_402_300_799_999_999  # the last microsecond of 9999
MICROSECOND = timedelta(microseconds=1)
INSTANT_LENGTH = 26
CLOCK_LENGTH = 15
_NUMERIC = 1700  # in pg_type
_EXACT = Context(prec=80)  # more than any number here has, whatever the thread's own context says


class Number(TypeDecorator[Any]):
    """A decimal of fixed `scale`: integer of 10^-scale units on SQLite, NUMERIC on PostgreSQL; Decimal in Python, int for
    scale 0. Raises ValueError for more than 64 bits of units or more places than the scale."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, scale: int = 0) -> None:
        super().__init__()
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(38, self.scale))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        units = to_units(value, self.scale)
        if abs(units) > MAX_UNITS:
            raise ValueError(f"a number that does not fit 64 bits: {value}")
        return Decimal(units).scaleb(-self.scale) if dialect.name == "postgresql" else units

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        units = to_units(value, self.scale) if isinstance(value, Decimal) else int(value)
        return from_units(units, self.scale)


class Units(TypeDecorator[Any]):
    """A number inside an expression: whole units of 10^-scale on SQLite, the plain decimal on PostgreSQL. Only for binding:
    one past 64 bits goes to SQLite as a float, which compares rightly with anything that fits."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, scale: int = 0) -> None:
        super().__init__()
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return Decimal(value)
        units = to_units(value, self.scale)
        return units if abs(units) <= MAX_UNITS else float(units)


def to_units(value: int | Decimal, scale: int) -> int:
    """A number as a whole count of 10^-scale; ValueError if it has more places than that or is not finite."""
    if isinstance(value, int):
        return value * int(10**scale)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(f"not a decimal number: {value!r}")
    scaled = _EXACT.scaleb(value, scale)
    units = int(scaled)
    if units != scaled:
        raise ValueError(f"more than {scale} decimal places: {value}")
    return units


def from_units(units: int, scale: int) -> int | Decimal:
    """The other way: int for scale 0, else a Decimal with exactly `scale` places."""
    return units if scale == 0 else _EXACT.scaleb(Decimal(units), -scale)


class Instant(TypeDecorator[Any]):
    """An aware datetime, always UTC: text `YYYY-MM-DD HH:MM:SS.ffffff` on SQLite, so text order is time order."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(INSTANT_LENGTH))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        # PostgreSQL answers in the session's zone.
        return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def instant_text(value: datetime) -> str:
    """Fixed width, UTC. ValueError for a naive time."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    moment = value.astimezone(UTC)
    return f"{moment.year:04d}-{moment:%m-%d %H:%M:%S.%f}"


class Day(TypeDecorator[Any]):
    """A date: text `YYYY-MM-DD` on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(SqlDate() if dialect.name == "postgresql" else String(10))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Clock(TypeDecorator[Any]):
    """A time of day: text `HH:MM:SS.ffffff` on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Time() if dialect.name == "postgresql" else String(CLOCK_LENGTH))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return time.fromisoformat(value) if isinstance(value, str) else value


class Seconds(TypeDecorator[Any]):
    """A duration, kept as whole microseconds; timedelta in Python."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else value // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else timedelta(microseconds=int(value))


class Flags(TypeDecorator[Any]):
    """A frozenset of names as a sorted JSON list, `["a","b"]`; nothing set is an empty frozenset."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return json.dumps(sorted(value or ()), separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return frozenset(json.loads(value)) if value else frozenset()


class WordList(TypeDecorator[Any]):
    """A set of words, a sorted tuple in Python, as the JSON list that it is (`["a","b"]`), so that equal sets are equal texts;
    none is NULL."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(words())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return listed(value) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return tuple(json.loads(value)) if value else None


def listed(value: Iterable[str]) -> str:
    """Words as WordList keeps them."""
    return json.dumps(sorted(set(value)), ensure_ascii=False, separators=(",", ":"))


class JsonColumn(TypeDecorator[Any]):
    """A JsonText."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(words())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else value.text

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else JsonText(value)


def reader(type: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a raw value of this type becomes a Python value outside a result of SQLAlchemy's; None: as it is."""
    # The driver's decimals are asked by the number that PostgreSQL has for the column's type.
    return type.dialect_impl(dialect).result_processor(dialect, _NUMERIC)


def words(length: int | None = None) -> TypeEngine[Any]:
    """A text column. Its order is that of the code points, so that an index serves `<` and starts_with."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def sqltype(given: Type) -> TypeEngine[Any]:
    """The column type for a type of the expression language."""
    simple: dict[TypeKind, TypeEngine[Any]] = {
        TypeKind.BOOLEAN: Boolean(),
        TypeKind.DATE: Day(),
        TypeKind.DATETIME: Instant(),
        TypeKind.TIME: Clock(),
        TypeKind.DURATION: Seconds(),
        TypeKind.LIST: WordList(),
        TypeKind.JSON: JsonColumn(),
    }
    return Number(given.scale) if given.kind is TypeKind.NUMBER else simple.get(given.kind, words())
