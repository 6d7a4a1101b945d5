"""Routing tables: overlaps, gaps, shadowed rows, and what is not decided."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.definition.load import Loaded
from engine.definition.prove import routing
from engine.model.diagnostic import Diagnostic, Severity
from tests.unit.definition.loading import load_text

HEAD = """
app: shop
title: Shop
version: 1.0.0
roles: {clerk: {title: Clerk}}
tables:
  items:
    title: {zh: 明细, en: Items}
    fields:
      order: {type: link, to: orders, inverse: items}
      fragile: {type: boolean}
  customers:
    title: {zh: 客户, en: Customers}
    fields:
      level: {type: choice, choices: {normal: {zh: 普通, en: Normal}, gold: {zh: 金牌, en: Gold}}, title: {zh: 等级, en: Level}}
  orders:
    title: {zh: 订单, en: Orders}
    fields:
      channel:
        type: choice
        required: true
        title: {zh: 渠道, en: Channel}
        choices: {douyin: {zh: 抖音, en: Douyin}, pos: {zh: 门店, en: Shop}}
      customer: {type: link, to: customers, title: {zh: 客户, en: Customer}}
      amount: {type: money, required: true, title: {zh: 实付金额, en: Amount paid}}
      cost: {type: money}
      province: {type: region, title: {zh: 省份, en: Province}}
      warehouse: {type: choice, choices: {hz: 杭州仓, fs: 佛山仓, manual: 待人工}}
      status: {type: state}
    flow:
      field: status
      states:
        new: {initial: true, title: New}
        done: {final: true, title: Done}
      transitions:
        end: {from: new, to: done, by: [clerk, system]}
permissions:
  clerk: {orders: {read: {all: true}}, items: {read: {all: true}}, customers: {read: {all: true}}}
"""


def routed(
    *rows: str, policy: str = "only", otherwise: str | None = None, when: str = "created: orders", rules: str = ""
) -> tuple[Loaded, list[Diagnostic]]:
    """What check says of a routing table with these conditions."""
    lines = "\n".join(f'      - {{if: "{row}", then: {"hz" if n % 2 else "fs"}}}' for n, row in enumerate(rows))
    last = f"    otherwise: {otherwise}\n" if otherwise else ""
    head = f"routing:\n  pick:\n    of: orders\n    when: {{{when}}}\n    decides: warehouse\n    policy: {policy}\n"
    table = f"{head}    rows:\n{lines}\n"
    loaded = load_text(HEAD + rules + table + last)
    return loaded, [each for each in loaded.diagnostics if each.severity is not Severity.PENDING]


def said(found: Sequence[Diagnostic]) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in found]


def test_an_overlap_sets_the_table_aside_and_shows_a_record() -> None:
    loaded, found = routed("amount >= 500", "amount < 1000 and channel == 'douyin'", otherwise="manual")
    assert said(found) == [("routing-overlap", "routing.pick.rows[1]")]
    assert found[0].severity is Severity.ERROR
    assert found[0].witness == (("amount", "500.00"), ("channel", "douyin"))
    assert "第 1 条" in found[0].message.zh
    assert "第 2 条" in found[0].message.zh
    assert "实付金额=500，渠道=抖音" in found[0].message.zh
    assert "Amount paid=500, Channel=Douyin" in found[0].message.en
    assert loaded.app is not None
    assert loaded.app.routings == ()


def test_regions_that_share_a_province_overlap() -> None:
    _, found = routed("in_region(province, '华东')", "province in ['浙江', '广东']", otherwise="manual")
    assert said(found) == [("routing-overlap", "routing.pick.rows[1]")]
    assert found[0].witness == (("province", "浙江"),)


def test_regions_apart_do_not() -> None:
    regions = ("华北", "东北", "华东", "华中", "华南", "西南", "西北", "港澳台")
    assert routed(*(f"in_region(province, '{each}')" for each in regions), otherwise="manual")[1] == []


def test_all_regions_leave_only_those_without_a_province() -> None:
    regions = ("华北", "东北", "华东", "华中", "华南", "西南", "西北", "港澳台")
    rows = [f"in_region(province, '{each}')" for each in regions]
    _, found = routed(*rows)
    assert said(found) == [("routing-gap", "routing.pick")]
    assert found[0].severity is Severity.WARNING
    assert found[0].witness == (("province", None),)
    assert "省份=空" in found[0].message.zh
    assert routed(*rows, "empty(province)")[1] == []


def test_a_path_and_its_words() -> None:
    _, found = routed("customer.level == 'gold'", "customer.level != 'normal'", otherwise="manual")
    assert found[0].witness == (("customer.level", "gold"),)
    assert "客户的等级=金牌" in found[0].message.zh
    assert "Customer's Level=Gold" in found[0].message.en


def test_fields_compared_with_each_other() -> None:
    assert routed("amount > cost", "amount < cost", "amount == cost", "empty(cost)")[1] == []
    _, found = routed("amount > cost", "amount <= cost")
    assert found[0].witness == (("cost", None),)


def test_what_refuses_and_what_is_required_is_taken_into_account() -> None:
    assert routed("amount < 500", "amount >= 500")[1] == []


def test_shadowed_rows_name_the_rows_before() -> None:
    _, found = routed("amount < 10", "cost > 3", "amount >= 10", "province == '上海'", policy="first")
    assert said(found) == [("row-shadowed", "routing.pick.rows[3]")]
    assert "第 1 条（" in found[0].message.zh
    assert "第 3 条（" in found[0].message.zh
    assert "第 2 条（" not in found[0].message.zh


def test_a_row_that_can_never_hold_is_said_once() -> None:
    for policy in ("only", "first", "all"):
        _, found = routed("amount < 10 and amount > 10", "amount >= 10", otherwise="manual", policy=policy)
        assert said(found) == [("row-never-holds", "routing.pick.rows[0]")]


def test_rows_may_overlap_where_all_of_them_count() -> None:
    assert routed("amount < 10", "amount < 20", otherwise="manual", policy="all")[1] == []
    assert said(routed("amount < 10", "amount < 20", policy="all")[1]) == [("routing-gap", "routing.pick")]


def test_what_cannot_be_looked_into_is_noted_with_its_rows() -> None:
    _, found = routed("any(items, fragile)", "amount > 500", "amount <= 500 and not any(items, fragile)", otherwise="manual")
    assert [each.code for each in found] == ["overlap-undecided"]
    assert found[0].severity is Severity.NOTE
    assert "any(items, fragile)" in found[0].message.zh
    assert "第 1 条" in found[0].message.zh
    assert "第 2 条" in found[0].message.zh
    assert "第 3 条" not in found[0].message.zh


def test_the_same_construct_on_both_sides_is_decided() -> None:
    rows = ("any(items, fragile)", "in_region(province, '华东') and not any(items, fragile)")
    assert routed(*rows, otherwise="manual")[1] == []
    assert routed("count(items) > 3", "count(items) <= 3")[1] == []


def test_many_constructs_make_one_note() -> None:
    _, found = routed(*(f"count(items, fragile == {n % 2 == 0}) > {n}" for n in range(6)), otherwise="manual")
    assert {each.code for each in found} == {"overlap-undecided"}
    _, found = routed(*(f"any(customers, level == 'gold' and '{n}' in level)" for n in range(9)), otherwise="manual")
    assert [each.code for each in found] == ["overlap-undecided"]
    assert "any(customers," in found[0].message.en


@pytest.mark.parametrize("when", ["created: orders", "enters: orders.new"])
def test_the_state_at_that_moment_is_known(when: str) -> None:
    _, found = routed("status == 'done'", "status == 'new'", when=when)
    assert said(found) == [("row-never-holds", "routing.pick.rows[0]")]


def test_a_rule_that_moves_the_record_on_makes_the_state_uncertain() -> None:
    rule = 'rules:\n  quick:\n    when: {created: orders}\n    if: "amount < 5"\n    then: [{transition: end}]\n'
    assert routed("status == 'done'", "status == 'new'", rules=rule)[1] == []


def test_two_hundred_rows() -> None:
    places = ("北京", "天津", "上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "广东")
    rows = [
        f"amount >= {n * 100} and amount < {n * 100 + 100} and province == '{place}'" for n in range(20) for place in places
    ]
    assert routed(*rows, otherwise="manual")[1] == []
    _, found = routed(*rows, "amount == 1999.99 and province == '广东'", otherwise="manual")
    assert said(found) == [("routing-overlap", "routing.pick.rows[200]")]


def test_a_table_that_would_take_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the number of parts, so that it says the same on every machine."""
    assert "routing-overlap" in [each.code for each in routed("amount < 5", "amount < 9")[1]]
    monkeypatch.setattr(routing, "MOST_PARTS", 5)
    loaded, found = routed("amount < 5", "amount < 9")
    assert said(found) == [("routing-too-large", "routing.pick")]
    assert loaded.app is not None
    assert [each.name for each in loaded.app.routings] == ["pick"]
