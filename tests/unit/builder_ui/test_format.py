from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from builder_ui.format import Column, Writer, address_of
from builder_ui.i18n import load_words

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ZH = Writer(load_words()["zh_CN"], ZoneInfo("Asia/Shanghai"), NOW)
EN = Writer(load_words()["en"], ZoneInfo("Asia/Shanghai"), NOW)


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        ("money", "1280", "¥1,280.00", "¥1,280.00"),
        ("money", "-0.5", "-¥0.50", "-¥0.50"),
        ("money", "123456789012345678.99", "¥123,456,789,012,345,678.99", "¥123,456,789,012,345,678.99"),
        ("money", "1****0", "1****0", "1****0"),
        ("integer", 12345, "12,345", "12,345"),
        ("decimal", "0.050", "0.050", "0.050"),
        ("decimal", "NaN", "NaN", "NaN"),
        ("boolean", True, "是", "Yes"),
        ("boolean", False, "否", "No"),
        ("date", "2026-11-22", "2026-11-22", "22 Nov 2026"),
        ("date", "tomorrow", "tomorrow", "tomorrow"),
        ("datetime", "2026-11-22T01:30:00Z", "09:30", "09:30"),
        ("datetime", "2026-11-21T16:30:00Z", "00:30", "00:30"),
        ("datetime", "2026-11-21T15:30:00Z", "11-21 23:30", "21 Nov, 23:30"),
        ("datetime", "2025-12-31T16:00:00Z", "01-01 00:00", "1 Jan, 00:00"),
        ("datetime", "2025-12-31T15:59:00Z", "2025-12-31 23:59", "31 Dec 2025, 23:59"),
        ("datetime", "never", "never", "never"),
        ("span", 59.0, "0 分钟", "0 min"),
        ("span", 7380.5, "2 小时 3 分", "2 h 3 min"),
        ("span", 180000, "2 天 2 小时", "2 d 2 h"),
        ("duration", 59, "59秒", "59s"),
        ("duration", 7380.5, "2小时3分0.5秒", "2h 3m 0.5s"),
        ("duration", -180000, "-2天2小时", "-2d 2h"),
        ("duration", "****", "****", "****"),
        ("tags", ["VIP", "易碎"], "VIP、易碎", "VIP, 易碎"),
        ("tags", "****", "****", "****"),
        ("json", {"a": ["中"]}, '{"a": ["中"]}', '{"a": ["中"]}'),
        ("phone", "02161234567x801", "02161234567 转 801", "02161234567 ext. 801"),
        ("phone", "138****1234", "138****1234", "138****1234"),
        ("text", "<b>", "<b>", "<b>"),
        ("text", None, "", ""),
        ("money", "", "", ""),
    ],
)
def test_values_are_written_as_people_write_them(kind: str, value: Any, zh: str, en: str) -> None:
    column = Column("x", "X", kind)
    assert ZH.value(value, column) == zh
    assert EN.value(value, column) == en


def test_choices_and_links_go_by_their_titles() -> None:
    column = Column("channel", "渠道", "choice", {"douyin": "抖音"})
    assert ZH.value("douyin", column) == "抖音"
    assert ZH.value("gone", column) == "gone"
    link = Column("customer", "客户", "link", to="customers")
    assert ZH.value("id1", link, "赵强") == "赵强"
    assert ZH.value("id1", link, None) == "（您看不到）"


@pytest.mark.parametrize(
    ("currency", "value", "zh", "en"),
    [
        ("CNY", "1234.50", "¥1,234.50", "¥1,234.50"),
        ("USD", "1234.50", "US$1,234.50", "$1,234.50"),
        ("JPY", "1234", "JP¥1,234", "JPY\u00a01,234"),
        ("KWD", "-0.125", "-KWD\u00a00.125", "-KWD\u00a00.125"),
        ("EUR", "7.00", "€7.00", "€7.00"),
    ],
)
def test_amounts_bear_the_sign_and_the_places_of_their_currency(currency: str, value: str, zh: str, en: str) -> None:
    column = Column("x", "X", "money", currency=currency)
    assert ZH.value(value, column) == zh
    assert EN.value(value, column) == en


def test_several_choices_stand_in_the_order_of_their_definition() -> None:
    column = Column("x", "X", "choices", {"wrap": "礼品包装", "card": "贺卡"})
    assert ZH.value(["card", "gone", "wrap"], column) == "礼品包装、贺卡、gone"
    assert EN.value(["card", "wrap"], column) == "礼品包装, 贺卡"


@pytest.mark.parametrize(
    ("kind", "value", "address"),
    [
        ("url", "https://example.com/a", "https://example.com/a"),
        ("url", "javascript:alert(1)", None),
        ("url", "htt****.com", None),
        ("email", "wang@example.com", "mailto:wang@example.com"),
        ("email", "a?bcc=x&y@example.com", "mailto:a%3Fbcc%3Dx%26y@example.com"),
        ("email", "wan****.com", None),
        ("text", "https://example.com", None),
        ("url", None, None),
    ],
)
def test_only_whole_addresses_lead_out_of_the_house(kind: str, value: Any, address: str | None) -> None:
    assert address_of(value, Column("x", "X", kind)) == address


def test_a_moment_for_an_input_is_in_the_organisations_zone() -> None:
    assert ZH.field_time("2026-11-21T16:30:05Z") == "2026-11-22T00:30:05"
    assert ZH.field_time("2026-11-21T16:30:00Z") == "2026-11-22T00:30"
    assert ZH.field_time("never") == ""
