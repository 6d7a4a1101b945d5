"""What every kind of field takes, and what it refuses with a word about what it would take."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.kinds.protocols import ValueProblem
from engine.kinds.registry import Registry
from tests.unit.kinds.making import REGISTRY, field, parse

TAKEN: list[tuple[str, Any, Any]] = [
    ("text", "  顺丰 ", "顺丰"),
    ("text", "0012", "0012"),
    ("text", "   ", None),
    ("long_text", "a\r\nb\rc\n", "a\nb\nc"),
    ("integer", 12, 12),
    ("integer", "１２", 12),
    ("integer", " 1,200 ", 1200),
    ("integer", "-3", -3),
    ("integer", "12.00", 12),
    ("integer", Decimal("7.0"), 7),
    ("integer", "999999999999999", 999_999_999_999_999),
    ("decimal", "1.5", Decimal("1.50")),
    ("decimal", 0.1, Decimal("0.10")),
    ("decimal", "１．５", Decimal("1.50")),
    ("decimal", "-0", Decimal("0.00")),
    ("money", "￥1,234.50", Decimal("1234.50")),
    ("money", "¥ 1234.5", Decimal("1234.50")),
    ("money", "-￥12", Decimal("-12.00")),
    ("money", "1234.5元", Decimal("1234.50")),
    ("money", "rmb 12", Decimal("12.00")),
    ("money", ".5", Decimal("0.50")),
    ("money", 19.99, Decimal("19.99")),
    ("money", "9999999999999.99", Decimal("9999999999999.99")),
    ("boolean", True, True),
    ("boolean", "是", True),
    ("boolean", "No", False),
    ("boolean", "on", True),
    ("date", "2026-01-02", date(2026, 1, 2)),
    ("date", "2026/1/2", date(2026, 1, 2)),
    ("date", "2026.1.2", date(2026, 1, 2)),
    ("date", "2026年1月2日", date(2026, 1, 2)),
    ("date", "２０２６／１／２", date(2026, 1, 2)),
    ("date", "20260102", date(2026, 1, 2)),
    ("date", datetime(2026, 1, 1, 16, 30, tzinfo=UTC), date(2026, 1, 2)),
    ("datetime", "2026-01-02T06:05:09Z", datetime(2026, 1, 2, 6, 5, 9, tzinfo=UTC)),
    ("datetime", "2026-01-02T14:05:09.25+08:00", datetime(2026, 1, 2, 6, 5, 9, 250_000, tzinfo=UTC)),
    ("datetime", "2026/1/2 14:05", datetime(2026, 1, 2, 6, 5, tzinfo=UTC)),
    ("datetime", "2026年1月2日14:05", datetime(2026, 1, 2, 6, 5, tzinfo=UTC)),
    ("datetime", "2026-01-02", datetime(2026, 1, 1, 16, tzinfo=UTC)),
    ("choice", "gold", "gold"),
    ("choice", " 普通 ", "normal"),
    ("choice", "OLD GOLD", "gold_old"),
    ("state", "normal", "normal"),
    ("state", "Normal", "normal"),
    ("link", "01JD0000000000000000000000", "01JD0000000000000000000000"),
    ("serial", " SO260102-00001 ", "SO260102-00001"),
    ("phone", "138 0013 8000", "13800138000"),
    ("phone", "+86-138-0013-8000", "13800138000"),
    ("phone", "008613800138000", "13800138000"),
    ("phone", "（０２１）６１２３-４５６７", "02161234567"),
    ("phone", "+1 (202) 555-0123", "+12025550123"),
    ("region", "浙江省", "浙江"),
    ("region", "Zhejiang", "浙江"),
    ("formula", None, None),
]

HUGE = "9" * 5_000
REFUSED: list[tuple[str, Any, str]] = [
    ("text", 12, "wrong-type"),
    ("text", ["a"], "wrong-type"),
    ("text", "a\x00b", "control-character"),
    ("text", "\ud800", "broken-character"),
    ("text", "a\nb", "one-line"),
    ("text", "x" * 1_001, "too-long"),
    ("text", "x" * 10_000_000, "too-long"),
    ("long_text", {"a": 1}, "wrong-type"),
    ("long_text", "a\x00", "control-character"),
    ("long_text", "x" * 20_001, "too-long"),
    ("integer", True, "wrong-type"),
    ("integer", "1.5", "not-whole"),
    ("integer", "1,5", "not-a-number"),
    ("integer", "1e3", "not-a-number"),
    ("integer", "0x10", "not-a-number"),
    ("integer", "1²", "not-a-number"),
    ("integer", "一百", "not-a-number"),
    ("integer", HUGE, "too-large"),
    ("integer", int("9" * 4_000), "too-large"),
    ("integer", 10**15, "too-large"),
    ("integer", float("nan"), "not-a-number"),
    ("integer", [], "wrong-type"),
    ("decimal", "1.234", "too-fine"),
    ("decimal", Decimal("1E+400000"), "too-large"),
    ("decimal", Decimal("1E-400000"), "too-fine"),
    ("decimal", "0." + "0" * 5_000 + "1", "too-fine"),
    ("decimal", False, "wrong-type"),
    ("money", "NaN", "not-a-number"),
    ("money", "Infinity", "not-a-number"),
    ("money", float("inf"), "not-a-number"),
    ("money", Decimal("NaN"), "not-a-number"),
    ("money", Decimal("sNaN"), "not-a-number"),
    ("money", "12.345", "too-fine"),
    ("money", "￥", "not-a-number"),
    ("money", "1.2万", "not-a-number"),
    ("money", "$12", "other-currency"),
    ("money", "10000000000000", "too-large"),
    ("money", HUGE, "too-large"),
    ("money", True, "wrong-type"),
    ("money", "1\x002", "control-character"),
    ("boolean", 1, "wrong-type"),
    ("boolean", "maybe", "not-yes-or-no"),
    ("date", 20260102, "wrong-type"),
    ("date", "1/2/2026", "needs-habit"),
    ("date", "2026-01/02", "not-a-date"),
    ("date", "2026-02-30", "no-such-day"),
    ("date", "0001-01-01", "year-out-of-range"),
    ("date", "2026-01-02T00:00:00Z", "not-a-date"),
    ("datetime", "2026-01-02 25:00", "no-such-time"),
    ("datetime", "2026-01-02T00:00:00+99:99", "no-such-time"),
    ("datetime", "14:05", "not-a-time"),
    ("datetime", "0001-01-01T00:00:00+08:00", "year-out-of-range"),
    ("datetime", 1767312000, "wrong-type"),
    ("choice", "glod", "not-a-choice"),
    ("choice", "黄金", "ambiguous"),
    ("choice", 1, "wrong-type"),
    ("state", "x", "not-a-choice"),
    ("link", "a b", "not-an-id"),
    ("link", {"id": "x"}, "wrong-type"),
    ("link", "x" * 65, "not-an-id"),
    ("serial", 5, "wrong-type"),
    ("serial", "x" * 61, "too-long"),
    ("phone", 13800138000, "wrong-type"),
    ("phone", "138****8000", "masked"),
    ("phone", "1234", "not-a-phone"),
    ("phone", HUGE, "not-a-phone"),
    ("phone", "call me", "not-a-phone"),
    ("region", "Zhejang", "not-a-region"),
    ("region", True, "wrong-type"),
    ("formula", 12, "computed"),
]


@pytest.mark.parametrize(("kind", "raw", "value"), TAKEN)
def test_taken(kind: str, raw: Any, value: Any) -> None:
    got = parse(kind, raw)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("kind", "raw", "code"), REFUSED, ids=lambda value: repr(value)[:30] if not isinstance(value, int) else "n"
)
def test_refused(kind: str, raw: Any, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse(kind, raw)
    assert caught.value.code == code
    for text in (caught.value.message.zh, caught.value.message.en):
        assert 0 < len(text) < 200
        assert "{" not in text
        text.encode("utf-8")


@pytest.mark.parametrize("kind", sorted(REGISTRY.fields))
def test_empty_is_none(kind: str) -> None:
    assert parse(kind, None) is None
    if kind != "formula":
        assert parse(kind, "") is None
        assert parse(kind, " \u3000") is None


@pytest.mark.parametrize(("kind", "raw"), [("integer", "0"), ("integer", "11"), ("money", "0.99"), ("decimal", "10.01")])
def test_bounds(kind: str, raw: str) -> None:
    assert parse(kind, "1", min=1, max=10) == 1
    assert parse(kind, "10", min=1, max=10) == 10
    with pytest.raises(ValueProblem) as caught:
        parse(kind, raw, min=1, max=10)
    assert caught.value.code in {"too-small", "too-large"}


def test_scale_and_length_are_options() -> None:
    assert parse("decimal", "1.2345", scale=4) == Decimal("1.2345")
    with pytest.raises(ValueProblem):
        parse("text", "abcd", max=3)


def test_a_message_names_the_nearest_choice() -> None:
    with pytest.raises(ValueProblem) as caught:
        parse("choice", "norml")
    assert "普通" in caught.value.message.zh
    assert "normal" in caught.value.message.en


def test_json() -> None:
    def shown(kind: str, value: Any) -> Any:
        return REGISTRY.fields[kind].to_json(value, field(kind))

    assert shown("money", Decimal("12.5")) == "12.50"
    assert shown("money", Decimal("0.005")) == "0.01"
    assert shown("decimal", Decimal("1234567890123.45")) == "1234567890123.45"
    assert shown("integer", 3) == 3
    assert shown("date", date(2026, 1, 2)) == "2026-01-02"
    assert shown("datetime", datetime(2026, 1, 2, 14, tzinfo=timezone(timedelta(hours=8)))) == "2026-01-02T06:00:00Z"
    assert shown("formula", timedelta(minutes=2)) == 120
    assert shown("formula", frozenset({"b", "a"})) == ["a", "b"]


def test_clocks_stand_in_the_organisations_zone() -> None:
    abroad = Registry.load(ZoneInfo("Europe/Berlin"))
    moment = abroad.fields["datetime"].parse("2026-07-01 12:00", field("datetime"))
    assert moment == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert abroad.fields["date"].parse(datetime(2026, 7, 1, 23, tzinfo=UTC), field("date")) == date(2026, 7, 2)


@pytest.mark.parametrize("kind", sorted(REGISTRY.fields))
def test_a_kind_offers_what_the_protocol_asks(kind: str) -> None:
    made = REGISTRY.fields[kind]
    assert made.name == kind
    assert made.widget
    assert isinstance(dict(made.schema), dict)
    assert len([name for name in vars(type(made)) if not name.startswith("_")]) <= 9
    assert made.column(field(kind)) is not None
