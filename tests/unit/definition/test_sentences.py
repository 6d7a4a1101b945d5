from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from connectors.catalogue import load as load_catalogue
from engine.definition.load import load
from engine.definition.read import read_folder
from engine.definition.sentences import (
    alert_sentence,
    check_sentence,
    permission_sentences,
    routing_sentences,
    rule_sentence,
    transition_sentences,
)
from engine.model.app import App
from engine.model.text import Text
from tests.unit.definition.loading import REGISTRY, app_of

TEMPLATE = Path(__file__).parents[3] / "templates_market" / "order_tracking"


@cache
def orders() -> App:
    app = load(read_folder(TEMPLATE), load_catalogue(), REGISTRY).app
    assert app is not None
    return app


def rule(name: str) -> Text:
    return rule_sentence(orders(), next(rule for rule in orders().rules if rule.name == name), REGISTRY)


def test_a_rule_is_one_sentence_in_both_languages() -> None:
    assert rule("small_orders_pass") == Text(
        "当新建一条「订单主表」，如果实付金额小于 500 且 备注为空"
        " 且 没有标记「金额与单价×数量+运费−优惠不符」，那么执行「审核通过」",
        "When a record of Orders is created, if Amount paid is less than 500 and Remark is empty and it is not flagged"
        " “The amount does not add up”, then do “Approve”",
    )


def test_steps_are_told_in_order() -> None:
    text = rule("diamond_gets_express")
    assert text.zh.endswith("那么把优先级设为「加急」，再通知仓管员（收件箱）：“加急 {订单号}”")
    assert text.en.endswith("then set Priority to “Express”, then tell Warehouse (inbox): “Express {Order no.}”")


def test_steps_on_other_records_tell_them_from_the_record_itself() -> None:
    assert rule("picking_makes_a_shipment") == Text(
        "当「订单主表」进入「拣货中」，新建一条「出库单」：订单为本记录",
        "When a record of Orders becomes “Picking”, create a record of Shipments with Order set to this record",
    )
    assert rule("refund_freezes_shipments") == Text(
        "当「订单主表」进入「已退款」，在满足（订单是本记录）的每条「出库单」里把已冻结设为「是」",
        "When a record of Orders becomes “Refunded”, in every record of Shipments where (Order is this record)"
        " set Frozen to yes",
    )


def test_routing_has_a_sentence_for_each_row_and_the_rest() -> None:
    lines = routing_sentences(orders(), orders().routings[0])
    assert lines[0] == Text(
        "如果「订单明细」中有商品的易碎为「是」的记录，发货仓为「佛山仓」",
        "If there is one among Order items where (Product's Fragile is yes), Warehouse is “Foshan”",
    )
    assert len(lines) == 3
    assert lines[-1] == Text("否则，发货仓为「待人工」", "Otherwise Warehouse is “By hand”")


def test_an_alert_tells_its_levels_whom_they_reach_and_its_text() -> None:
    alerts = {alert.name: alert_sentence(orders(), alert, REGISTRY) for alert in orders().alerts}
    assert alerts["not_reviewed"].zh.startswith(
        "只要「订单主表」的状态是「待审」，满 2 小时就通知采购主管（收件箱、team_chat）："
    )
    assert "；满 4 小时就通知运营总监（收件箱）：“{订单号} 已待审 {已过时长}”" in alerts["not_reviewed"].zh
    assert alerts["not_signed"].en == (
        "While for a record of Orders State is “Shipped”: after 3 days create a record of Tickets"
        " with Order set to this record, Kind set to “Carrier trouble”"
    )


def test_a_check_tells_what_must_hold() -> None:
    table = orders().tables["orders"]
    assert check_sentence(orders(), table, table.checks["amount_adds_up"]) == Text(
        "每条「订单主表」都应满足（实付金额与货款 + 运费 − 优惠相同），否则打上标记「金额与单价×数量+运费−优惠不符」",
        "Every record of Orders should meet (Amount paid is the same as Goods + Freight − Discount);"
        " otherwise it is flagged “The amount does not add up”",
    )


def test_a_transition_tells_who_and_what_must_hold() -> None:
    table = orders().tables["orders"]
    assert table.flow is not None
    said = {name: transition_sentences(orders(), table, move) for name, move in table.flow.transitions.items()}
    assert [line.en for line in said["refund"]] == [
        "“Refund” takes Orders from “Pending”, “Approved”, “Picking” to “Refunded”",
        "It is done by Customer service",
        "If Amount paid is empty or Amount paid is at least 1000, it needs the approval of 2 people from Finance",
        "If Amount paid is less than 1000, it needs the approval of 1 person from Finance",
    ]
    assert "条件是发货仓不是「待人工」" in [line.zh for each in said.values() for line in each]
    assert "要先填运单号" in [line.zh for each in said.values() for line in each]


def test_permissions_tell_the_scope_and_what_is_seen_made_and_changed() -> None:
    clerk = permission_sentences(orders(), orders().permissions["clerk"]["orders"])
    assert clerk[0].zh == "客服的范围是满足（门店与操作人的门店相同）的「订单主表」"
    assert "It sees Phone masked, and finds records by the full value" in [line.en for line in clerk]
    assert clerk[-2:] == [
        Text("可以改备注、期望送达", "It changes Remark, Wanted by"),
        Text("在（状态是「待审」）时可以改实付金额", "It changes Amount paid while (State is “Pending”)"),
    ]
    picker = permission_sentences(orders(), orders().permissions["picker"]["order_items"])
    assert picker[1].zh == "除了平台行号、单价，看得到全部字段"


BASE = """
app: notes
title: 便签
version: 1.0.0
roles: {clerk: {title: "%s"}}
tables:
  notes:
    title: {zh: 便签, en: Notes}
    fields:
      body: {type: text, title: "%s"}
      kind: {type: choice, title: 类型, choices: {a: "%s", b: 乙}}
      state: {type: state, title: 状态}
    flow:
      field: state
      states: {new: {title: "%s", initial: true}, done: {title: 完成, final: true}}
      transitions: {finish: {from: new, to: done, by: [clerk, system], title: "%s"}}
permissions:
  clerk:
    notes: {read: {all: true, body: "kind == 'a'"}, edit: {body: "kind == 'a'", kind: "kind == 'a'"}}
rules:
  one:
    when: {%s}
    then: [{set: {body: "'{fields}'"}}, {transition: finish}]
"""
TRIGGERS = {
    "created: notes": "当新建一条「便签」",
    "updated: notes": "当「便签」有字段被改动",
    "updated: {of: notes, fields: [body, kind]}": "当「便签」的{body}、类型被改动",
    "enters: notes.new": "当「便签」进入「{state}」",
    "leaves: notes.new": "当「便签」离开「{state}」",
}


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_trigger_begins_a_sentence_and_titles_with_braces_stay_as_they_are(trigger: str) -> None:
    app = app_of(BASE % ("{role}", "{body}", "{value}", "{state}", "{steps}", trigger))
    said = rule_sentence(app, app.rules[0], REGISTRY).zh
    assert said == f"{TRIGGERS[trigger]}，把{{body}}设为「{{fields}}」，再执行「{{steps}}」"
    assert [line.zh for line in permission_sentences(app, app.permissions["clerk"]["notes"])] == [
        "{role}的范围是全部「便签」",
        "看得到类型、状态",
        "在（类型是「{value}」）时看得到{body}",
        "在（类型是「{value}」）时可以改{body}、类型",
    ]


def test_a_deletion_begins_a_sentence() -> None:
    app = app_of(
        (BASE % ("客服", "正文", "甲", "新", "完成", "deleted: notes")).split("    then:")[0]
        + ("    then: [{notify: {to: [role.clerk], by: [inbox], text: 少了一条}}]\n")
    )
    assert rule_sentence(app, app.rules[0], REGISTRY).zh == "当删除一条「便签」，通知客服（收件箱）：“少了一条”"
