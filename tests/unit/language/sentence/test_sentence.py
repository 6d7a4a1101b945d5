from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from engine.language.expression import read_expression
from engine.language.sentence import sentence, value_words
from engine.language.sentence.constants import constant_words
from engine.model.diagnostic import Span
from engine.model.text import Text
from engine.model.types import Children, Scope, TableTypes
from tests.conformance import related, samples
from tests.conformance import values as given_values
from tests.unit.language.sentence.apps import TITLES, app_of

THINGS = app_of({"things": given_values.THINGS}, TITLES, given_values.USER)
ORDERS = app_of(related.TABLES, TITLES)


def said(text: str, *, you: bool = True) -> tuple[str, str]:
    words = sentence(read_expression(text, samples.SCOPE, span=Span(), path=""), THINGS, "things", you=you)
    return words.zh, words.en


def related_words(text: str) -> tuple[str, str]:
    words = sentence(read_expression(text, related.SCOPE, span=Span(), path=""), ORDERS, "orders")
    return words.zh, words.en


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("price < 500", "单价小于 500", "Price is less than 500"),
        ("500 > price", "单价小于 500", "Price is less than 500"),
        ("price != paid", "单价与实付不同", "Price is not the same as Paid"),
        ("level == 'mid'", "级别是「中」", "Level is “Middle”"),
        ("level in ['low', 'mid']", "级别是「低」、「中」之一", "Level is one of “Low”, “Middle”"),
        ("level not in ['low', 'mid']", "级别不是「低」、「中」中的任何一个", "Level is none of “Low”, “Middle”"),
        ("level in ['low']", "级别是「低」", "Level is “Low”"),
        (
            "(level if ok else 'low') == 'mid'",
            "（已确认为「是」时取级别，否则取「低」）是「中」",
            "(Level if Confirmed is yes, otherwise “Low”) is “Middle”",
        ),
        ("name == 'mid'", "品名是「mid」", "Product name is “mid”"),
        ("ok", "已确认为「是」", "Confirmed is yes"),
        ("not ok", "已确认不为「是」", "Confirmed is not yes"),
        ("ok == False", "已确认为「否」", "Confirmed is no"),
        ("price == None", "单价为空", "Price is empty"),
        ("not empty(note)", "备注不为空", "Remark is not empty"),
        ("not (price < 5)", "单价不少于 5（或为空）", "Price is at least 5 (or is empty)"),
        ("not (len(name) < 5)", "品名的长度不少于 5", "the length of Product name is at least 5"),
        ("1 <= whole <= 5", "数量在 1 到 5 之间（含两端）", "Quantity is between 1 and 5 (both included)"),
        ("5 > whole >= 1", "数量在 1 到 5 之间（含 1，不含 5）", "Quantity is between 1 and 5 (5 excluded)"),
        ("at > now() - hours(24)", "付款时间晚于 24 小时前", "Paid at is later than 24 hours ago"),
        ("now() - at > hours(2)", "从付款时间到现在的时长超过 2 小时", "the time since Paid at is more than 2 hours"),
        ("day == date('2026-11-22')", "下单日是 2026年11月22日", "Day ordered is 22 November 2026"),
        ("clock >= time('14:00')", "取货钟点不早于 14:00", "Pick-up time is no earlier than 14:00"),
        (
            "old.level == 'low' and level != old.level",
            "修改前的级别是「低」 且 级别与修改前的级别不同",
            "the previous Level is “Low” and Level is not the same as the previous Level",
        ),
        (
            "ok and (late or empty(day))",
            "已确认为「是」 且 （已逾期为「是」 或 下单日为空）",
            "Confirmed is yes and (Overdue is yes or Day ordered is empty)",
        ),
        (
            "ok and late or empty(day)",
            "（已确认为「是」 且 已逾期为「是」） 或 下单日为空",
            "(Confirmed is yes and Overdue is yes) or Day ordered is empty",
        ),
        ("price * whole - paid > 0", "单价 × 数量 − 实付大于 0", "Price × Quantity − Paid is more than 0"),
        ("price * (whole - paid) > 0", "单价 × （数量 − 实付）大于 0", "Price × (Quantity − Paid) is more than 0"),
        ("'a' in user.roles", "您的角色包含「主管」", "your roles include “Lead”"),
        ("paid <= user.limit", "实付不超过您的额度", "Paid is at most your limit"),
        ("flagged('odd')", "有标记「编号是单数」", "it is flagged “The number is odd”"),
        ("in_region(name, '华东')", "品名在「华东」", "Product name is in “华东”"),
        ("one == this", "主件是本记录", "Main part is this record"),
        ("round(price, 1) == 2", "单价四舍五入到小数点后 1 位等于 2", "Price rounded to 1 decimal place is 2"),
    ],
)
def test_a_condition_reads_as_people_say_it(text: str, zh: str, en: str) -> None:
    assert said(text) == (zh, en)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "any(items, product.fragile)",
            "「订单明细」中有商品的易碎为「是」的记录",
            "there is one among Order items where (Product's Fragile is yes)",
        ),
        (
            "count(orders, phone == this.phone and fee > 5) > 1",
            "全部「订单」中（电话与本记录的电话相同 且 运费大于 5）的记录数大于 1",
            "the number of all Orders where (Phone is the same as this record's Phone and Freight is more than 5)"
            " is more than 1",
        ),
        (
            "sum(items, price * quantity) > 100",
            "「订单明细」中（单价 × 数量）的合计大于 100",
            "the sum of (Price × Quantity) over Order items is more than 100",
        ),
        (
            "find(products, sku == 'a') == best.product",
            "全部「产品」中唯一一条货号是「a」的记录与主推行的商品相同",
            "the only one among all Products where (SKU is “a”) is the same as Best item's Product",
        ),
        (
            "all(items, quantity >= 2)",
            "「订单明细」的每条记录都满足（数量不少于 2）",
            "each of Order items meets (Quantity is at least 2)",
        ),
        (
            "not all(items, quantity >= 2)",
            "「订单明细」中有记录不满足（数量不少于 2）",
            "some of Order items do not meet (Quantity is at least 2)",
        ),
    ],
)
def test_other_records_read_as_people_say_it(text: str, zh: str, en: str) -> None:
    assert related_words(text) == (zh, en)


def test_a_permission_speaks_of_the_user_not_to_them() -> None:
    assert said("paid <= user.limit", you=False) == ("实付不超过操作人的额度", "Paid is at most the user's limit")


def test_an_update_tells_the_record_that_is_changed_from_the_one_around_it() -> None:
    scope = Scope(related.TABLES, "orders", inner="items")
    where = read_expression("order == this and price < this.fee", scope, span=Span(), path="")
    assert sentence(where, ORDERS, "items", inner=True) == Text(
        "所属订单是本记录 且 单价小于本记录的运费", "Order is this record and Price is less than this record's Freight"
    )


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (timedelta(hours=24), "24 小时", "24 hours"),
        (timedelta(days=1, minutes=1), "1 天 1 分钟", "1 day 1 minute"),
        (timedelta(seconds=1.5), "1.5 秒", "1.5 seconds"),
        (timedelta(), "0 秒", "0 seconds"),
        (timedelta(hours=-2), "负 2 小时", "minus 2 hours"),
        (Decimal("500.00"), "500", "500"),
        (Decimal("-0.000001"), "-0.000001", "-0.000001"),
        (Decimal("12500.50"), "12,500.5", "12,500.5"),
        (date(1, 2, 3), "1年2月3日", "3 February 1"),
        (time(14, 0, 30), "14:00:30", "14:00:30"),
        (time(14, 0, 0, 500_000), "14:00:00.5", "14:00:00.5"),
        (datetime(2026, 11, 22, 9, 5), "2026年11月22日 09:05", "22 November 2026 09:05"),
        (True, "「是」", "yes"),
        (None, "空", "empty"),
        ("a」b”\nc", "「a」」b”␊c」", "“a」b””␊c”"),
    ],
)
def test_constants_have_peoples_form(value: object, zh: str, en: str) -> None:
    assert constant_words(value, {}) == Text(zh, en)


HOSTILE = ["{right}", "{left}", "A 且 B", "的", "a's b", "", " ", "x\ny", "「x", "”", "(", "）", "{0|a|b}", "是「否」"]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_within_its_quotation_marks(title: str) -> None:
    app = app_of({"things": given_values.THINGS}, {**TITLES, "price": Text.of(title)})
    words = sentence(read_expression("price < paid", samples.SCOPE, span=Span(), path=""), app, "things")
    shown = title.replace("\n", "␊")
    assert shown.replace("」", "」」") in words.zh
    assert shown.replace("”", "””") in words.en
    assert words.zh.endswith("小于实付")
    assert words.en.endswith(" is less than Paid")


def test_fields_with_the_same_title_are_told_apart_by_name() -> None:
    app = app_of({"things": given_values.THINGS}, {**TITLES, "paid": TITLES["price"], "mid": TITLES["low"]})
    compared = sentence(read_expression("price < paid", samples.SCOPE, span=Span(), path=""), app, "things")
    assert compared == Text("「单价（price）」小于「单价（paid）」", "“Price (price)” is less than “Price (paid)”")
    chosen = sentence(read_expression("level == 'mid'", samples.SCOPE, span=Span(), path=""), app, "things")
    assert chosen.zh == "级别是「低（mid）」"


def test_two_lists_of_one_table_are_told_apart_by_their_links() -> None:
    orders = related.TABLES["orders"]
    tables = {
        **related.TABLES,
        "orders": replace(orders, children={"parts": Children("orders", "parent"), "same": Children("orders", "best")}),
    }
    app = app_of(tables, TITLES)
    words = value_words(read_expression("count(parts)", Scope(tables, "orders"), span=Span(), path=""), app, "orders")
    assert words == Text("「订单」（按上级订单）的记录数", "the number of Orders (by Parent order)")


def test_implicit_fields_have_words() -> None:
    types = TableTypes(
        "things", {**given_values.FIELDS, "waiting": given_values.FIELDS["span"], "created_at": given_values.FIELDS["at"]}
    )
    app = app_of({"things": types}, TITLES)
    scope = Scope({"things": types}, "things")
    words = sentence(read_expression("waiting > hours(2) and created_at < now()", scope, span=Span(), path=""), app, "things")
    assert words == Text(
        "当前状态停留时长超过 2 小时 且 创建时间早于现在",
        "Time in the present state is more than 2 hours and Time created is earlier than now",
    )
