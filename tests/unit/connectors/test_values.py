"""From JSON to typed values."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors import values
from connectors.manifest import Selector
from engine.model.connector import SourceError
from engine.model.types import BOOLEAN, DATETIME, INTEGER, MONEY, TEXT, Type


def selector(path: str, kind: Type = TEXT, *, empty: bool = False, pattern: str | None = None) -> Selector:
    paths = tuple(tuple(one.split(".")) for one in path.split("|"))
    return Selector("x", paths, kind, empty, re.compile(pattern) if pattern else None)


def read(data: Any, field: Selector) -> Any:
    return values.row(data, (field,), "orders[3]")["x"]


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        (TEXT, "", ""),
        (TEXT, "无锡", "无锡"),
        (BOOLEAN, False, False),
        (INTEGER, -3, -3),
        (INTEGER, 2**63 - 1, 2**63 - 1),
        (MONEY, "12", Decimal("12.00")),
        (MONEY, "-0.5", Decimal("-0.50")),
        (MONEY, "999999999999999.99", Decimal("999999999999999.99")),
        (MONEY, "1.5000", Decimal("1.50")),
        (DATETIME, "2026-11-22T10:00:00+08:00", datetime(2026, 11, 22, 2, tzinfo=UTC)),
        (DATETIME, "2026-11-22T02:00:00.123456789Z", datetime(2026, 11, 22, 2, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_values_that_fit(kind: Type, given: Any, value: Any) -> None:
    found = values.convert(given, kind, "p")
    assert found == value
    assert str(found) == str(value)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (TEXT, 5),
        (TEXT, None),
        (TEXT, "x" * 100_001),
        (BOOLEAN, 1),
        (BOOLEAN, "true"),
        (INTEGER, True),
        (INTEGER, 1.0),
        (INTEGER, "1"),
        (INTEGER, 2**63),
        (MONEY, 12.5),
        (MONEY, 12),
        (MONEY, "12.505"),
        (MONEY, "12,5"),
        (MONEY, "1e3"),
        (MONEY, " 1"),
        (MONEY, "１"),
        (MONEY, "NaN"),
        (MONEY, ""),
        (MONEY, "1234567890123456"),
        (DATETIME, "2026-11-22T10:00:00"),
        (DATETIME, "2026-11-22"),
        (DATETIME, "2026-02-30T10:00:00Z"),
        (DATETIME, "2026-11-22T25:00:00Z"),
        (DATETIME, "0001-01-01T00:00:00+08:00"),
        (DATETIME, 1763776800),
    ],
)
def test_values_that_do_not_fit_name_their_place(kind: Type, given: Any) -> None:
    with pytest.raises(SourceError) as caught:
        values.convert(given, kind, "orders[3].total")
    assert caught.value.code == "bad_value"
    assert "orders[3].total" in caught.value.message.zh
    assert "orders[3].total" in caught.value.message.en


def test_a_path_into_objects() -> None:
    assert read({"a": {"b": {"c": "d"}}}, selector("a.b.c")) == "d"


@pytest.mark.parametrize(("data", "path"), [({}, "a"), ({"a": {}}, "a.b"), ({"a": []}, "a.b"), ({"a": "text"}, "a.b")])
def test_a_missing_field_is_an_error_even_where_empty_is_allowed(data: Any, path: str) -> None:
    for empty in (False, True):
        with pytest.raises(SourceError) as caught:
            read(data, selector("a.b", empty=empty))
        assert caught.value.code == "missing_field"
        assert caught.value.facts["path"] == f"orders[3].{path}"


def test_null_is_empty_only_where_it_is_allowed() -> None:
    for data in ({"a": None}, {"a": {"b": None}}):
        assert read(data, selector("a.b", empty=True)) is None
    with pytest.raises(SourceError) as caught:
        read({"a": {"b": None}}, selector("a.b"))
    assert caught.value.code == "bad_value"


def test_the_first_of_several_places_that_is_not_null() -> None:
    field = selector("a|b.c", empty=True)
    assert read({"a": "1", "b": {"c": "2"}}, field) == "1"
    assert read({"a": None, "b": {"c": "2"}}, field) == "2"
    assert read({"a": None, "b": None}, field) is None


def test_a_pattern_takes_its_group_and_refuses_the_rest() -> None:
    field = selector("id", pattern=r"gid://shop/Order/(\d+)")
    assert read({"id": "gid://shop/Order/77"}, field) == "77"
    with pytest.raises(SourceError) as caught:
        read({"id": "gid://shop/Draft/77"}, field)
    assert caught.value.code == "bad_value"


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_a_row_that_is_none(data: Any) -> None:
    with pytest.raises(SourceError):
        values.row(data, (), "orders[3]")
