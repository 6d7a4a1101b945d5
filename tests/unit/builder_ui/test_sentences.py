from __future__ import annotations

from builder_ui.sentences import alert_sentence, routing_sentences, rule_sentence
from engine.model.text import Text
from tests.unit.builder_ui.web_house import WebHouse


def rule(house: WebHouse, name: str) -> Text:
    return rule_sentence(house.app, next(rule for rule in house.app.rules if rule.name == name))


def test_a_rule_is_one_sentence_in_both_languages(house: WebHouse) -> None:
    text = rule(house, "small_orders_pass")
    assert text.zh.startswith("当新建一条「订单主表」，如果实付金额小于500")
    assert text.zh.endswith("，那么执行「审核通过」")
    assert text.en.startswith("When a record of Orders is created and Amount paid is less than 500")
    assert text.en.endswith(", then Approve")


def test_steps_are_written_out_in_order(house: WebHouse) -> None:
    text = rule(house, "diamond_gets_express")
    assert "那么把「优先级」设为「加急」，再通知仓管员（收件箱）：“加急 {订单号}”" in text.zh
    assert "then set Priority to Express, then tell Warehouse (inbox): “Express {Order no.}”" in text.en


def test_a_rule_without_a_condition_and_a_link_to_the_record_itself(house: WebHouse) -> None:
    assert (
        rule(house, "picking_makes_a_shipment").zh
        == "当「订单主表」进入「拣货中」，新建一条「出库单」，「订单」为这条「订单主表」"
    )
    assert rule(house, "refund_freezes_shipments").zh.endswith("的「出库单」的「已冻结」设为是")


def test_routing_has_a_sentence_for_each_row_and_the_rest(house: WebHouse) -> None:
    lines = routing_sentences(house.app, house.app.routings[0])
    assert len(lines) == 3
    assert lines[0].zh.endswith("，「发货仓」为「佛山仓」")
    assert lines[-1] == Text("否则，「发货仓」为「待人工」", "Otherwise Warehouse is By hand")


def test_an_alert_tells_its_levels_and_its_text(house: WebHouse) -> None:
    text = alert_sentence(house.app, house.app.alerts[0])
    assert "超过 2 小时、4 小时" in text.zh
    assert "{订单号} 已待审 {已过时间}" in text.zh
