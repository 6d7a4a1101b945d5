from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from engine.market.market import Market
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity, Span
from engine.model.text import Text
from tests.unit.builder_ui.web_house import APP, PASSWORD, WebHouse, make_house
from tests.world import World


def test_home_shows_apps_boards_and_what_waits(house: WebHouse) -> None:
    page = house.signed_in("lin").get("/").text
    assert "订单追踪看板" in page
    assert f'href="{APP}/b/desk"' in page


def test_who_holds_no_role_is_told_so(house: WebHouse) -> None:
    house.person("guest")
    assert "还没有对您开放的应用" in house.signed_in("guest").get("/").text


def test_an_owner_without_a_role_sees_the_app_and_how_to_get_in(house: WebHouse) -> None:
    house.person("owner2", owner=True)
    page = house.signed_in("owner2").get("/").text
    assert "dajian user roles 名字 order_tracking.角色" in page


def test_an_empty_house_offers_the_market(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = house.signed_in("boss")
    monkeypatch.setattr(house.world.runtime, "apps", lambda: ())
    page = browser.get("/").text
    assert "从一个模板开始" in page
    assert "/market/order_tracking" in page
    assert 'class="picture' in page


def test_a_template_shows_its_picture_or_a_sketch(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = house.signed_in("boss")
    monkeypatch.setattr(Market, "picture", lambda self, name: None)
    assert "sketch" in browser.get("/market").text
    assert browser.get("/market/order_tracking/picture").status_code == 404
    monkeypatch.setattr(Market, "picture", lambda self, name: (b"png", "image/png"))
    assert 'src="/market/order_tracking/picture"' in browser.get("/market").text
    assert browser.get("/market/order_tracking/picture").data == b"png"


def test_a_template_that_cannot_be_published_says_where_it_is_wrong(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        place, text = Span("rules.yaml", 12, 3), Text("没有字段 amont", "There is no field amont")
        raise DefinitionError([Diagnostic("unknown-name", Severity.ERROR, "rules.x", place, text)])

    monkeypatch.setattr(Market, "install", broken)
    answer = house.signed_in("boss").post("/market/order_tracking/install")
    assert answer.status_code == 422
    assert "rules.yaml:12:3" in answer.text
    assert "没有字段 amont" in answer.text


def test_the_market_shows_what_a_template_brings(house: WebHouse) -> None:
    page = house.signed_in("boss").get("/market/order_tracking").text
    for text in ("订单主表", "待审 → 已审", "小额自动审核", "当新建一条「订单主表」", "已安装"):
        assert text in page, text


def test_only_the_owner_installs(house: WebHouse) -> None:
    assert house.signed_in("lin").post("/market/order_tracking/install").status_code == 403
    again = house.signed_in("boss").post("/market/order_tracking/install")
    assert again.status_code == 409
    assert "已经装好" in again.text


def test_a_role_that_would_see_nothing_asks_for_what_it_lacks_before_anything_is_installed(house: WebHouse) -> None:
    boss = house.signed_in("boss")
    asked = boss.send("/market/order_tracking/install", {"role": ["clerk", "buyer"], "fact.store": " "})
    assert asked.status_code == 422
    assert "您选的角色少了它什么也看不到" in asked.text
    for role in ("clerk", "buyer"):
        assert re.search(rf'value="{role}" checked', asked.text), "what was ticked stays ticked"
    assert boss.send("/market/order_tracking/install", {"role": ["clerk"], "fact.store": "总店"}).status_code == 409
    assert boss.send("/market/order_tracking/install", {"role": ["buyer"]}).status_code == 409, "a buyer needs no store"


def test_the_app_page_tells_rules_as_sentences_and_what_does_not_run(house: WebHouse) -> None:
    page = house.signed_in("boss").get(f"{APP}/").text
    for text in ("如果", "发货仓为「佛山仓」", "实付金额小于 500", "必须成功", "尚未运行", "rules.yaml:"):
        assert text in page, text


def test_rules_about_what_a_person_may_not_see_are_not_told(house: WebHouse) -> None:
    page = house.signed_in("wang").get(f"{APP}/").text
    assert "小额自动审核" not in page
    assert "rules.yaml:" not in page
    assert "尚未运行" not in page


def send_line(world: World, order: str) -> None:
    """A diamond customer's order with three engine parts tells the pickers."""
    world.move("orders", order, "approve")


def diamond_order(house: WebHouse) -> str:
    customer = house.world.create("customers", name="恒驰", level="diamond").id
    product = house.world.create("products", sku=f"ENG-{customer[-6:]}", category="engine").id
    items = [{"product": product, "quantity": 1, "price": 0} for _ in range(3)]
    values = {"channel": "phone", "store": "x", "customer": customer, "remark": "x"}
    return house.world.create("orders", children={"items": items}, **values).id


def test_the_inbox_lists_links_and_marks(house: WebHouse) -> None:
    order = diamond_order(house)
    send_line(house.world, order)
    browser = house.signed_in("wang")
    assert '<span class="count hot">1</span>' in browser.get("/").text
    page = browser.get("/inbox").text
    assert "加急 SO" in page
    assert f'href="{APP}/t/orders/{order}"' in page
    id = re.search(r'action="/inbox/(\w+)/read"', page)
    assert id is not None
    assert browser.post(f"/inbox/{id[1]}/read").status_code == 303
    assert "没有等您处理的消息" in browser.get("/inbox?only=unread").text
    assert "加急 SO" in browser.get("/inbox").text
    assert "count hot" not in browser.get("/").text
    assert house.signed_in("lin").post(f"/inbox/{id[1]}/read").status_code == 404
    send_line(house.world, diamond_order(house))
    assert browser.post("/inbox/read").status_code == 303
    assert "count hot" not in browser.get("/").text


def test_the_password_is_changed_and_other_devices_are_out(house: WebHouse) -> None:
    house.person("pat", "clerk")
    here, there = house.signed_in("pat"), house.signed_in("pat")
    wrong = here.post("/profile/password", old="not it", new="another password", again="another password")
    assert wrong.status_code == 422
    assert "原密码不对" in wrong.text
    differs = here.post("/profile/password", old=PASSWORD, new="another password", again="another passwort")
    assert "两次输入的密码不一样" in differs.text
    assert here.post("/profile/password", old=PASSWORD, new="another password", again="another password").status_code == 303
    assert here.get("/profile").status_code == 200
    assert there.get("/profile").status_code == 303


def test_a_token_is_shown_once_works_and_dies(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    made = browser.post("/profile/tokens", name="扫码枪")
    token = re.search(r'value="(dj_[\w-]+)"', made.text)
    assert token is not None
    assert token[1] not in browser.get("/profile").text
    assert "扫码枪" in browser.get("/profile").text
    bearer = {"Authorization": f"Bearer {token[1]}"}
    assert house.visitor().get("/api/v1/apps", **bearer).status_code == 200
    taken = browser.post("/profile/tokens", name="扫码枪")
    assert taken.status_code == 409
    assert 'value="扫码枪"' in taken.text
    id = re.search(r'action="/profile/tokens/(\w+)/revoke"', browser.get("/profile").text)
    assert id is not None
    assert house.signed_in("boss").post(f"/profile/tokens/{id[1]}/revoke").status_code == 404
    assert browser.post(f"/profile/tokens/{id[1]}/revoke").status_code == 303
    assert house.visitor().get("/api/v1/apps", **bearer).status_code == 401


def test_another_device_is_signed_out_from_here(house: WebHouse) -> None:
    house.person("quin", "clerk")
    there = house.signed_in("quin")
    house.world.clock.now += timedelta(minutes=1)
    here = house.signed_in("quin")
    id = re.search(r'action="/profile/sessions/(\w+)/end"', here.get("/profile").text)
    assert id is not None
    assert here.post(f"/profile/sessions/{id[1]}/end").status_code == 303
    assert there.get("/profile").status_code == 303
    assert here.get("/profile").status_code == 200


def test_how_a_person_is_called(house: WebHouse) -> None:
    house.person("rita")
    browser = house.signed_in("rita")
    browser.post("/profile", title="丽塔")
    assert "丽塔" in browser.get("/").text


def test_said_cookies_say_only_what_we_say(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    browser.client.set_cookie("dajian_said", "<script>alert(1)</script>")
    assert "alert(1)" not in browser.get("/").text


def test_a_fresh_house_is_used_from_the_link_to_the_board(tmp_path: Path) -> None:
    house = make_house(tmp_path)
    user = house.people.add_user("owner", owner=True)
    visitor = house.visitor()
    code = house.people.first_code(user)
    assert visitor.post(f"/first/{code}", f"/first/{code}", password=PASSWORD, again=PASSWORD).headers["Location"] == "/"
    assert "订单追踪看板" in visitor.get("/market").text
