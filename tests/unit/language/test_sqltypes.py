"""Values go into SQLite and come back as they were, and their order there is their order here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import StatementError
from sqlalchemy.types import TypeEngine

from engine.language import numbers
from engine.language.sqltypes import Clock, Day, Flags, Instant, Number, Seconds, from_units, sqltype, to_units
from engine.model.types import BOOLEAN, MONEY, TEXT, Type, TypeKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
POSTGRESQL, SQLITE = (make_url(f"{name}://").get_dialect()() for name in ("postgresql", "sqlite"))


def _utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def through(kind: TypeEngine[Any], values: list[Any]) -> list[Any]:
    table = Table("t", MetaData(), Column("v", kind))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"v": value} for value in values])
        return list(connection.execute(select(table.c.v).order_by(table.c.v)).scalars())


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Number(2), [Decimal("-0.05"), Decimal("0.00"), Decimal("9999999999999.99")]),
        (Number(0), [-3, 0, 10**17]),
        (Instant(), [_utc("0001-01-01"), _utc("1969-12-31T23:59:59.000005"), _utc("9999-12-31")]),
        (Day(), [date(1, 1, 1), date(2026, 11, 22), date(9999, 12, 31)]),
        (Clock(), [time(0), time(14), time(14, 0, 0, 1)]),
        (Seconds(), [timedelta(microseconds=-1), timedelta(0), timedelta(days=36_500_000)]),
    ],
)
def test_there_and_back_in_order(kind: TypeEngine[Any], values: list[Any]) -> None:
    found = through(kind, list(reversed(values)))
    assert found == values
    assert [type(each) for each in found] == [type(each) for each in values]
    assert through(kind, [None]) == [None]


def test_decimals_keep_their_places() -> None:
    assert str(through(Number(2), [Decimal("5")])[0]) == "5.00"
    assert to_units(Decimal("1.50"), 2) == 150
    assert from_units(-5, 2) == Decimal("-0.05")


def test_instants_are_utc_whatever_the_zone() -> None:
    found = through(Instant(), [datetime(2026, 11, 22, 10, 30, tzinfo=SHANGHAI)])[0]
    assert found == datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Number(2), Decimal("0.001")),
        (Number(2), Decimal("NaN")),
        (Number(2), 0.1),
        (Number(2), Decimal(10**17)),
        (Instant(), datetime(2026, 11, 22)),
    ],
)
def test_what_cannot_be_kept_is_refused(kind: TypeEngine[Any], value: Any) -> None:
    with pytest.raises((StatementError, ValueError)):
        through(kind, [value])


def test_flags() -> None:
    assert through(Flags(), [frozenset({"b", "a"})]) == [frozenset({"a", "b"})]
    assert through(Flags(), [None]) == [frozenset()]
    assert Flags().process_bind_param({"b", "a"}, SQLITE) == '["a","b"]'


def test_postgresql_has_types_of_its_own() -> None:
    assert str(Number(2).compile(dialect=POSTGRESQL)) == "NUMERIC(38, 2)"
    assert str(Instant().compile(dialect=POSTGRESQL)) == "TIMESTAMP WITH TIME ZONE"
    assert Number(2).process_bind_param(Decimal("1.50"), POSTGRESQL) == Decimal("1.50")


def test_the_column_of_a_type() -> None:
    money = sqltype(MONEY)
    assert isinstance(money, Number)
    assert money.scale == 2
    assert isinstance(sqltype(Type(TypeKind.DURATION)), Seconds)
    assert sqltype(TEXT).python_type is str
    assert sqltype(BOOLEAN).python_type is bool


def test_every_result_of_arithmetic_can_be_bound() -> None:
    kind = Number(2)
    largest = numbers.multiply(Decimal("9999999999999.99"), 9223, 2)
    assert kind.process_bind_param(largest, SQLITE) == 999999999999999 * 9223
    assert numbers.multiply(largest, 2, 2) is None
    with pytest.raises(ValueError, match="64 bits"):
        kind.process_bind_param(Decimal(10) ** 17, SQLITE)
