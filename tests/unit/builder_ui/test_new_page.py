from __future__ import annotations

import re
from typing import Any

from tests.unit.builder_ui.web_house import APP, Browser, WebHouse

NEW = f"{APP}/t/orders/new"


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def filled(house: WebHouse, browser: Browser, **more: Any) -> dict[str, Any]:
    return {
        "key": key_of(browser.get(NEW).text),
        "channel": "phone",
        "store": "南京江宁店",
        "amount": "800",
        "freight": "0.00",
        "coupon": "0.00",
        "items.0.product": house.ids["product"],
        "items.0.quantity": "2",
        "items.0.price": "400",
        **more,
    }


def test_the_form_offers_just_what_may_be_given_and_fills_in_what_is_clear(house: WebHouse) -> None:
    page = house.signed_in("lin").get(NEW).text
    assert 'value="南京江宁店"' in page
    assert 'name="channel"' in page
    assert 'name="cost"' not in page
    assert 'name="status"' not in page
    assert 'name="items.0.product"' in page
    assert 'name="items.0.order"' not in page
    assert "OIL-5W30" in page


def test_who_may_not_create_is_told(house: WebHouse) -> None:
    answer = house.signed_in("wang").get(NEW)
    assert answer.status_code == 403
    assert "您的角色不能新建「订单主表」" in answer.text


def test_a_record_is_made_with_its_rows(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    rows = {"items.3.product": house.ids["product"], "items.3.quantity": "1", "items.3.price": "5", "amount": "805"}
    answer = browser.send(NEW, filled(house, browser) | rows)
    assert answer.status_code == 303, answer.text
    id = answer.headers["Location"].rsplit("/", 1)[1]
    items = [i for i in house.world.all("order_items") if i["order"] == id]
    assert sorted(i["quantity"] for i in items) == [1, 2]
    assert "已创建" in browser.get(answer.headers["Location"]).text


def test_an_error_stands_at_its_place_and_everything_typed_stays(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    wrong = browser.send(NEW, filled(house, browser, amount="x"))
    assert 'href="#f-amount"' in wrong.text
    assert 'value="x"' in wrong.text
    answer = browser.send(NEW, filled(house, browser, **{"items.0.quantity": "zero", "remark": "别丢"}))
    assert answer.status_code == 422
    for text in ('value="zero"', "别丢", 'value="400"', 'href="#f-items-0-quantity"', "订单明细 1 · 数量"):
        assert text in answer.text, text
    assert re.search(r'name="items\.0\.quantity"[^>]*aria-invalid="true"', answer.text)


def test_a_wrong_row_is_pointed_at_whatever_its_number_in_the_form(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    row = {"items.7.product": house.ids["product"], "items.7.quantity": "many", "items.7.price": "1"}
    answer = browser.send(NEW, filled(house, browser) | row)
    assert 'href="#f-items-7-quantity">订单明细 2 · 数量' in answer.text
    assert re.search(r'name="items\.7\.quantity"[^>]*aria-invalid="true"', answer.text)


def test_sending_twice_makes_one_record(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    form = filled(house, browser)
    first, second = browser.send(NEW, form), browser.send(NEW, form)
    assert first.headers["Location"] == second.headers["Location"]


def test_after_a_refusal_the_corrected_form_goes_through(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    form = filled(house, browser, amount="x")
    refused = browser.send(NEW, form)
    assert browser.send(NEW, form | {"amount": "800", "key": key_of(refused.text)}).status_code == 303


def test_rows_are_added_and_removed_without_a_script(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    form = filled(house, browser)
    more = browser.send(NEW, form | {"add": "items"})
    assert more.status_code == 200
    assert 'name="items.1.product"' in more.text
    assert 'value="400"' in more.text
    assert 'name="channel"' in more.text
    less = browser.send(NEW, form | {"items.1.quantity": "7", "remove": "items.0"})
    assert 'name="items.0.quantity"' not in less.text
    assert re.search(r'name="items\.1\.quantity"[^>]*value="7"', less.text)


def test_an_untouched_row_is_no_row(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    form = filled(house, browser) | {f"items.0.{name}": "" for name in ("product", "quantity", "price")}
    answer = browser.send(NEW, form)
    assert answer.status_code == 303
    id = answer.headers["Location"].rsplit("/", 1)[1]
    assert [i for i in house.world.all("order_items") if i["order"] == id] == []


def test_the_parent_comes_from_the_address_and_the_way_back_too(house: WebHouse) -> None:
    order = house.order()
    browser = house.signed_in("lin")
    back = f"{APP}/t/orders/{order}"
    path = f"{APP}/t/order_items/new?order={order}&next={back}"
    page = browser.get(path).text
    assert re.search(rf'<option value="{order}" selected>', page)
    form = {"order": order, "product": house.ids["product"], "quantity": "1", "price": "800", "next": back, "key": key_of(page)}
    assert browser.send(path, form).headers["Location"] == back
