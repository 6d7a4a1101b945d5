"""Kind by kind: what people write and what it is, and what is refused for which reason. More in test_fields.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kinds.protocols import ValueProblem
from engine.kinds.values.durations import LONGEST, read_duration, spelled
from engine.language.sqltypes import MICROSECOND
from engine.model.types import JsonText
from tests.unit.kinds.making import REGISTRY, field, parse

H, M = timedelta(hours=1), timedelta(minutes=1)
TAKEN: list[tuple[str, Any, Any]] = [
    ("duration", "2h", 2 * H),
    ("duration", "90m", 90 * M),
    ("duration", "1d 3h", 27 * H),
    ("duration", "1天3小时", 27 * H),
    ("duration", "２小时３０分钟", 150 * M),
    ("duration", "1.5h", 90 * M),
    ("duration", "1:30", 90 * M),
    ("duration", "100:00:01", timedelta(seconds=360_001)),
    ("duration", "PT1H30M", 90 * M),
    ("duration", "P1W", timedelta(days=7)),
    ("duration", "2 weeks, 1 day", timedelta(days=15)),
    ("duration", "30秒", timedelta(seconds=30)),
    ("duration", "-2h", -2 * H),
    ("duration", 5400, 90 * M),
    ("duration", 0.25, timedelta(milliseconds=250)),
    ("duration", 0, timedelta()),
    ("choices", ["gold_old", "normal"], ("gold_old", "normal")),
    ("choices", "normal, gold, normal", ("gold", "normal")),
    ("choices", "普通、old gold", ("gold_old", "normal")),
    ("choices", [], None),
    ("choices", " ， ", None),
    ("tags", "VIP, 易碎；VIP", ("VIP", "易碎")),
    ("tags", ["b", " a ", "b", ""], ("a", "b")),
    ("tags", 'a"b\\c', ('a"b\\c',)),
    ("tags", "夜间 配送", ("夜间 配送",)),
    ("tags", "vip VIP\nVip", ("Vip", "vip VIP")),
    ("email", "wang@Example.COM", "wang@example.com"),
    ("email", "mailto:Li.Na+shop@mail.example.cn", "Li.Na+shop@mail.example.cn"),
    ("email", "王伟＠例子.公司", "王伟@例子.公司"),
    ("email", "a@xn--fsqu00a.xn--55qx5d", "a@例子.公司"),
    ("url", "HTTPS://Example.com/A?b=1#c", "https://example.com/A?b=1#c"),
    ("url", "http://例子.公司:8080/商品", "http://例子.公司:8080/商品"),
    ("url", "https://[2001:DB8::1]/x", "https://[2001:db8::1]/x"),
    ("url", "http://127.0.0.1/", "http://127.0.0.1/"),
    ("person", " wangwei ", "wangwei"),
    ("person", "陈晨", "陈晨"),
    ("barcode", "690 1234 56789 2", "6901234567892"),
    ("barcode", "036000291452", "036000291452"),
    ("barcode", "96385074", "96385074"),
    ("barcode", "10614141000415", "10614141000415"),
    ("json", '{"b": 1.50, "a": [true, null, "中"]}', JsonText('{"a":[true,null,"中"],"b":1.5}')),
    ("json", {"b": 1.0, "a": Decimal("0.25")}, JsonText('{"a":0.25,"b":1}')),
    ("json", "[]", JsonText("[]")),
    ("phone", "021-61234567 转 801", "02161234567x801"),
    ("phone", "(021) 6123-4567 ext. 801", "02161234567x801"),
    ("phone", "+86 138 0013 8000", "13800138000"),
    ("date", "2026 年 1 月 2 日", date(2026, 1, 2)),
    ("date", "2026/1/2 0:00:00", date(2026, 1, 2)),
    ("datetime", "2026/1/2 下午2:05", datetime(2026, 1, 2, 6, 5, tzinfo=UTC)),
    ("datetime", "2026-01-02 12:05 AM", datetime(2026, 1, 1, 16, 5, tzinfo=UTC)),
    ("datetime", "2026年1月2日14时05分", datetime(2026, 1, 2, 6, 5, tzinfo=UTC)),
    ("money", "CNY 12元", Decimal("12.00")),
    ("money", "人民币12.5", Decimal("12.50")),
]
REFUSED: list[tuple[str, Any, str]] = [
    ("duration", "90", "needs-unit"),
    ("duration", "1:75", "not-a-duration"),
    ("duration", "2h 1d", "not-a-duration"),
    ("duration", "soon", "not-a-duration"),
    ("duration", "P", "not-a-duration"),
    ("duration", "101年", "not-a-duration"),
    ("duration", "40000d", "too-large"),
    ("duration", 10**30, "too-large"),
    ("duration", "0.0000001s", "too-fine"),
    ("duration", 1e-9, "too-fine"),
    ("duration", True, "wrong-type"),
    ("duration", [1], "wrong-type"),
    ("choices", "normal, gld", "not-a-choice"),
    ("choices", ["黄金"], "ambiguous"),
    ("choices", [["normal"]], "wrong-type"),
    ("choices", {"normal": True}, "wrong-type"),
    ("choices", 1, "wrong-type"),
    ("tags", ["a,b"], "not-a-tag"),
    ("tags", ["a\nb"], "not-a-tag"),
    ("tags", ["x" * 41], "too-long"),
    ("tags", [str(n) for n in range(51)], "too-many"),
    ("tags", ["a\0b"], "control-character"),
    ("tags", {"a": 1}, "wrong-type"),
    ("email", "wang", "not-an-email"),
    ("email", "wang@localhost", "not-an-email"),
    ("email", "a b@example.com", "not-an-email"),
    ("email", "a@b@example.com", "not-an-email"),
    ("email", ".a@example.com", "not-an-email"),
    ("email", "a@-example.com", "not-an-email"),
    ("email", "a@1.2.3.4", "not-an-email"),
    ("email", "x" * 65 + "@example.com", "not-an-email"),
    ("email", 'Wang <"a"@example.com>', "not-an-email"),
    ("url", "www.example.com", "not-a-url"),
    ("url", "javascript:alert(1)", "not-a-url"),
    ("url", "java\tscript:alert(1)", "not-a-url"),
    ("url", "ftp://example.com", "not-a-url"),
    ("url", "https://user:secret@example.com/", "not-a-url"),
    ("url", "https:///x", "not-a-url"),
    ("url", "https:example.com", "not-a-url"),
    ("url", "https://example.com:99999/", "not-a-url"),
    ("url", "https://example.com\\@evil.example/", "not-a-url"),
    ("url", "https://exa mple.com", "not-a-url"),
    ("url", "https://[::1", "not-a-url"),
    ("url", "https://example.com/" + "x" * 2_000, "too-long"),
    ("person", "li na", "not-a-person"),
    ("person", "x" * 41, "not-a-person"),
    ("person", {"name": "x"}, "wrong-type"),
    ("barcode", "6901234567893", "check-digit"),
    ("barcode", "690123456789", "check-digit"),
    ("barcode", "6901234", "not-a-barcode"),
    ("barcode", "69O1234567892", "not-a-barcode"),
    ("barcode", 6901234567892, "wrong-type"),
    ("json", "{", "not-json"),
    ("json", "{'a': 1}", "not-json"),
    ("json", '"text"', "wrong-type"),
    ("json", "12", "wrong-type"),
    ("json", '{"a": NaN}', "not-exact"),
    ("json", '{"a": 1, "a": 2}', "key-twice"),
    ("json", '{"a": 9007199254740993}', "not-exact"),
    ("json", '{"a": 1e400}', "not-exact"),
    ("json", '{"a": 0.12345678901234567890}', "not-exact"),
    ("json", '{"a": "\\u0000"}', "control-character"),
    ("json", '{"a": "\\ud800"}', "broken-character"),
    ("json", "[" * 22 + "]" * 22, "too-deep"),
    ("json", [0] * 5_000, "too-many"),
    ("json", ["x" * 10_001, "x" * 10_001], "too-long"),
    ("phone", "021-61234567 转", "not-a-phone"),
    ("phone", "转801", "not-a-phone"),
    ("date", "10/2/2017", "needs-habit"),
    ("date", "25/12/2017", "needs-habit"),
    ("date", "2026/1/2 8:00", "not-a-date"),
    ("date", "45678", "not-a-date"),
    ("date", "10/2/17", "not-a-date"),
    ("datetime", "10/2/2017 10:56", "needs-habit"),
    ("datetime", "2026-01-02 13:05 PM", "no-such-time"),
    ("datetime", "2026-01-02 上午 9:05 AM", "no-such-time"),
    ("money", "12美元", "other-currency"),
    ("money", "USD 12", "other-currency"),
    ("money", "€12", "other-currency"),
]


@pytest.mark.parametrize(("kind", "raw", "value"), TAKEN)
def test_taken(kind: str, raw: Any, value: Any) -> None:
    got = parse(kind, raw)
    assert got == value
    assert type(got) is type(value)
    assert parse(kind, REGISTRY.fields[kind].to_json(got, field(kind))) == value


@pytest.mark.parametrize(("kind", "raw", "code"), REFUSED, ids=lambda value: repr(value)[:40])
def test_refused(kind: str, raw: Any, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse(kind, raw)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("habit", "raw", "value"),
    [
        ("month_first", "10/2/2017 10:56", datetime(2017, 10, 2, 2, 56, tzinfo=UTC)),
        ("day_first", "10/2/2017 10:56", datetime(2017, 2, 10, 2, 56, tzinfo=UTC)),
        ("day_first", "25-12-2017", datetime(2017, 12, 24, 16, tzinfo=UTC)),
        ("month_first", "12.25.2017 1:00 pm", datetime(2017, 12, 25, 5, tzinfo=UTC)),
        ("month_first", "2017-10-02 10:56", datetime(2017, 10, 2, 2, 56, tzinfo=UTC)),
    ],
)
def test_a_declared_habit_reads_days_whose_year_comes_last(habit: str, raw: str, value: datetime) -> None:
    assert parse("datetime", raw, habit=habit) == value


@pytest.mark.parametrize(("habit", "raw"), [("month_first", "25/12/2017"), ("day_first", "12/25/2017")])
def test_a_day_against_the_habit_is_refused_and_never_turned_round(habit: str, raw: str) -> None:
    for kind in ("date", "datetime"):
        with pytest.raises(ValueProblem) as caught:
            parse(kind, raw, habit=habit)
        assert caught.value.code == "no-such-day"


def test_the_refusal_of_an_ambiguous_day_names_the_remedy() -> None:
    with pytest.raises(ValueProblem) as caught:
        parse("date", "10/2/2017")
    for text in (caught.value.message.zh, caught.value.message.en):
        assert "habit: day_first" in text
        assert "month_first" in text


@pytest.mark.parametrize(
    ("currency", "raw", "value"),
    [
        ("JPY", "￥1,234", Decimal(1234)),
        ("JPY", "1234円", Decimal(1234)),
        ("KWD", "KWD 1.125", Decimal("1.125")),
        ("USD", "$12.5", Decimal("12.50")),
        ("USD", "-US$12.5", Decimal("-12.50")),
        ("USD", "12.50 usd", Decimal("12.50")),
        ("EUR", "€ 7", Decimal("7.00")),
        ("HKD", "HK$8", Decimal("8.00")),
    ],
)
def test_money_of_a_currency_takes_its_own_signs_and_places(currency: str, raw: str, value: Decimal) -> None:
    made = field("money", currency=currency)
    found = parse("money", raw, currency=currency)
    assert (found, made.type.scale) == (value, -int(value.as_tuple().exponent))
    assert REGISTRY.fields["money"].to_json(found, made) == str(value)


@pytest.mark.parametrize(
    ("currency", "raw", "code"),
    [
        ("JPY", "12.5", "not-whole"),
        ("KWD", "1.0625", "too-fine"),
        ("USD", "￥12", "other-currency"),
        ("USD", "12元", "other-currency"),
        ("JPY", "CNY 12", "other-currency"),
        ("EUR", "12 美元", "other-currency"),
    ],
)
def test_money_of_a_currency_refuses_finer_amounts_and_other_currencies(currency: str, raw: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse("money", raw, currency=currency)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("symbology", "raw", "value"),
    [
        ("ean13", "4006381333931", "4006381333931"),
        ("ean8", "73513537", "73513537"),
        ("upc", "036000291452", "036000291452"),
        ("itf14", "10614141000415", "10614141000415"),
        ("code128", "SF-1234 567/x", "SF-1234 567/x"),
    ],
)
def test_bar_codes_of_each_symbology(symbology: str, raw: str, value: str) -> None:
    assert parse("barcode", raw, symbology=symbology) == value


@pytest.mark.parametrize(
    ("symbology", "raw", "code"),
    [("ean13", "73513537", "not-a-barcode"), ("upc", "036000291453", "check-digit"), ("code128", "顺丰1", "not-a-barcode")],
)
def test_bar_codes_of_another_symbology_are_refused(symbology: str, raw: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse("barcode", raw, symbology=symbology)
    assert caught.value.code == code


@given(st.integers(-(LONGEST // MICROSECOND), LONGEST // MICROSECOND))
def test_a_duration_that_is_spelled_is_read_again(micros: int) -> None:
    value = micros * MICROSECOND
    words = spelled(value)
    assert read_duration(words.zh) == read_duration(words.en) == value
    made = field("duration")
    assert parse("duration", REGISTRY.fields["duration"].to_json(value, made)) == value


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-(2**53), 2**53, allow_nan=False)
    | st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc中", max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.text("abc", max_size=3), _JSON, max_size=3))
def test_equal_data_is_one_text(value: dict[str, Any]) -> None:
    kept = parse("json", value)
    made = field("json")
    assert REGISTRY.fields["json"].to_json(kept, made) == value
    assert parse("json", dict(reversed(list(value.items())))) == kept
    assert parse("json", kept.text) == kept
