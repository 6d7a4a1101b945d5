from __future__ import annotations

import re
from decimal import Decimal

from tests.unit.builder_ui.web_house import APP, STORE, WebHouse


def address(id: str) -> str:
    return f"{APP}/t/orders/{id}"


def form_of(page: str) -> dict[str, str]:
    """What a browser would send from the record's form, unchanged."""
    form = page[page.index('id="fields"') :]
    form = form[: form.index("</form>")]
    found = dict(re.findall(r'<input [^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    return {name: value for name, value in found.items() if name != "csrf"}


def test_what_may_not_be_edited_is_shown_with_the_reason(house: WebHouse) -> None:
    page = house.signed_in("wang").get(address(house.ids["order"])).text
    assert "只有在状态是「拣货中」时可以改" in page
    assert 'name="tracking_no"' not in page
    assert 'name="remark"' not in page


def test_three_fields_held_for_one_reason_share_one_sentence(house: WebHouse) -> None:
    page = house.signed_in("lin").get(address(house.ids["order"])).text
    assert page.count("您的角色不能改") == 1
    assert 'name="amount"' in page


def test_what_is_withheld_is_nowhere_and_what_is_masked_is_masked(house: WebHouse) -> None:
    page = house.signed_in("lin").get(address(house.ids["order"])).text
    assert "成本" not in page
    assert "毛利" not in page
    assert "13900139000" not in page
    assert "139****9000" in page


def test_saving_writes_only_what_was_changed(house: WebHouse) -> None:
    order = house.order()
    browser = house.signed_in("lin")
    form = form_of(browser.get(address(order)).text)
    # Meanwhile somebody changes another field of the same form.
    house.world.change("orders", order, amount=Decimal(900))
    saved = browser.send(address(order), form | {"remark": "先打电话"})
    assert saved.status_code == 303
    record = house.world.raw("orders", order)
    assert record["remark"] == "先打电话"
    assert record["amount"] == Decimal(900)
    assert "已保存" in browser.get(address(order)).text
    assert "已保存" not in browser.get(address(order)).text


def test_saving_nothing_writes_nothing(house: WebHouse) -> None:
    order = house.order()
    browser = house.signed_in("lin")
    version = house.world.raw("orders", order)["version"]
    assert browser.send(address(order), form_of(browser.get(address(order)).text)).status_code == 303
    assert house.world.raw("orders", order)["version"] == version


def test_a_conflict_names_field_person_and_both_values_and_keeps_what_was_typed(house: WebHouse) -> None:
    order = house.order(remark="原来的")
    browser = house.signed_in("lin")
    form = form_of(browser.get(address(order)).text)
    boss = house.people.actor(house.people.user("boss"), house.app, channel="page")
    house.world.change("orders", order, boss, amount="910")
    mine = form | {"amount": "950", "remark": "我的备注"}
    answer = browser.send(address(order), mine)
    assert answer.status_code == 412
    for text in ("实付金额", "boss", "¥910.00", "¥950.00", 'value="950"', "我的备注", "用我的", "用对方的"):
        assert text in answer.text, text
    assert house.world.raw("orders", order)["amount"] == Decimal(910)
    again = form_of(answer.text) | {"conflict": "amount"}
    theirs = browser.send(address(order), again | {"take": "theirs"})
    assert theirs.status_code == 303
    record = house.world.raw("orders", order)
    assert (record["amount"], record["remark"]) == (Decimal(910), "我的备注")


def test_using_mine_after_a_conflict_writes_it(house: WebHouse) -> None:
    order = house.order()
    browser = house.signed_in("lin")
    form = form_of(browser.get(address(order)).text)
    house.world.change("orders", order, remark="别人的")
    answer = browser.send(address(order), form | {"remark": "我的"})
    assert answer.status_code == 412
    assert browser.send(address(order), form_of(answer.text) | {"take": "mine", "conflict": "remark"}).status_code == 303
    assert house.world.raw("orders", order)["remark"] == "我的"


def test_a_bad_value_is_told_beside_its_field_and_stays_typed(house: WebHouse) -> None:
    order = house.order()
    browser = house.signed_in("lin")
    form = form_of(browser.get(address(order)).text)
    answer = browser.send(address(order), form | {"amount": "abc", "remark": "也留着"})
    assert answer.status_code == 422
    assert 'value="abc"' in answer.text
    assert "也留着" in answer.text
    assert 'aria-invalid="true" aria-describedby="f-amount-w"' in answer.text
    assert 'href="#f-amount"' in answer.text


def test_a_field_that_may_not_be_written_cannot_be_smuggled_in(house: WebHouse) -> None:
    order = house.order()
    browser = house.signed_in("lin")
    form = form_of(browser.get(address(order)).text) | {"warehouse": "hz", "was-warehouse": "", "cost": "1", "was-cost": ""}
    browser.send(address(order), form)
    record = house.world.raw("orders", order)
    assert record["warehouse"] == "manual"
    assert record["cost"] is None


def test_refused_moves_stand_there_disabled_with_the_reason(house: WebHouse) -> None:
    page = house.signed_in("wang").get(address(house.ids["order"])).text
    assert re.search(r"<button[^>]*disabled[^>]*>审核通过</button>", page)
    assert "「审核通过」由采购主管来做" in page


def test_only_one_button_is_the_main_one(house: WebHouse) -> None:
    for name in ("boss", "lin", "wang"):
        page = house.signed_in(name).get(address(house.ids["order"])).text
        assert page.count('button primary"') <= 1


def test_a_move_is_made_and_its_effects_stand_below_it(house: WebHouse) -> None:
    order = house.order(province="江苏", warehouse="hz")
    browser = house.signed_in("boss")
    assert browser.post(f"{address(order)}/move/approve").status_code == 303
    picker = house.signed_in("wang")
    assert picker.post(f"{address(order)}/move/pick").status_code == 303
    page = picker.get(address(order)).text
    assert "拣货中" in page
    assert re.search(r'<li class="depth-1 by-rule">.*?拣货生成出库单', page, re.DOTALL)


def test_a_move_asks_for_what_it_needs(house: WebHouse) -> None:
    order = house.order(province="江苏")
    for move in ("approve", "pick"):
        house.world.change("orders", order, warehouse="hz")
        house.world.move("orders", order, move) if move == "approve" else house.signed_in("wang").post(
            f"{address(order)}/move/pick"
        )
    browser = house.signed_in("wang")
    assert '<label for="m-ship-tracking_no">' in browser.get(address(order)).text
    refused = browser.post(f"{address(order)}/move/ship")
    assert refused.status_code in (403, 409, 422)
    assert 'class="note danger"' in refused.text
    assert browser.post(f"{address(order)}/move/ship", tracking_no="SF1234567890").status_code == 303
    assert house.world.raw("orders", order)["status"] == "shipped"


def test_a_refused_move_says_why(house: WebHouse) -> None:
    answer = house.signed_in("wang").post(f"{address(house.ids['order'])}/move/approve")
    assert answer.status_code == 403
    assert "由采购主管来做" in answer.text


def test_child_records_stand_in_place_with_links(house: WebHouse) -> None:
    page = house.signed_in("lin").get(address(house.ids["order"])).text
    assert "订单明细" in page
    assert "OIL-5W30" in page
    assert "¥400.00" in page
    assert f"/t/order_items/new?order={house.ids['order']}" in page


def test_a_record_out_of_scope_is_not_there(house: WebHouse) -> None:
    elsewhere = house.order(store="别的店")
    assert house.signed_in("lin").get(address(elsewhere)).status_code == 404
    assert house.signed_in("lin").send(address(elsewhere), {"remark": "x", "was-remark": ""}).status_code == 404


def test_the_life_line_says_who_when_from_where_before_and_after(house: WebHouse) -> None:
    order = house.order(store=STORE, remark="原来的")
    browser = house.signed_in("lin")
    browser.send(address(order), form_of(browser.get(address(order)).text) | {"remark": "改过的"})
    page = browser.get(address(order)).text
    line = page[page.index('class="life"') :]
    assert "lin 修改了备注" in line
    assert "网页" in line
    assert "127.0.0.1" in line
    assert "<del>原来的</del>" in line
    assert "<ins>改过的</ins>" in line
