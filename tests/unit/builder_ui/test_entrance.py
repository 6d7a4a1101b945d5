from __future__ import annotations

import pytest

from tests.unit.builder_ui.web_house import PASSWORD, WebHouse


def test_strangers_are_sent_to_the_door_and_come_back_to_where_they_wanted(house: WebHouse) -> None:
    visitor = house.visitor()
    answer = visitor.get("/a/order_tracking/t/orders?sort=amount")
    assert answer.status_code == 303
    door = answer.headers["Location"]
    assert door.startswith("/sign-in?next=")
    page = visitor.get(door).text
    assert 'name="next" value="/a/order_tracking/t/orders?sort=amount"' in page
    entered = visitor.post("/sign-in", name="lin", password=PASSWORD, next="/a/order_tracking/t/orders?sort=amount")
    assert entered.headers["Location"] == "/a/order_tracking/t/orders?sort=amount"


@pytest.mark.parametrize("wish", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "evil"])
def test_nobody_is_sent_to_another_site(house: WebHouse, wish: str) -> None:
    answer = house.visitor().post("/sign-in", name="lin", password=PASSWORD, next=wish)
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_keeps_the_name_and_says_the_same_as_a_wrong_name(house: WebHouse) -> None:
    wrong = house.visitor().post("/sign-in", name="lin", password="no such password")
    unknown = house.visitor().post("/sign-in", name="nobody", password="no such password")
    assert wrong.status_code == unknown.status_code == 401
    assert "用户名或密码不对" in wrong.text
    assert "用户名或密码不对" in unknown.text
    assert 'value="lin"' in wrong.text


def test_too_many_attempts_are_slowed_down(house: WebHouse) -> None:
    house.person("forgetful")
    visitor = house.visitor()
    answers = [visitor.post("/sign-in", name="forgetful", password="wrong password") for _ in range(8)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_signing_in_needs_the_token_of_the_page(house: WebHouse) -> None:
    answer = house.visitor().client.post("/sign-in", data={"name": "lin", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers or "dajian_session" not in answer.headers["Set-Cookie"]


def test_the_session_cookie_is_for_this_site_and_not_for_scripts(house: WebHouse) -> None:
    answer = house.visitor().post("/sign-in", name="lin", password=PASSWORD)
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("dajian_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_ends_the_session_in_the_database(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    kept = browser.client.get_cookie("dajian_session")
    assert kept is not None
    browser.post("/sign-out")
    again = house.visitor()
    again.client.set_cookie("dajian_session", kept.value)
    assert again.get("/").status_code == 303


def test_a_first_login_link_sets_a_password_once(house: WebHouse) -> None:
    user = house.people.add_user("new", title="新来的")
    code = house.people.first_code(user)
    visitor = house.visitor()
    assert "新来的" in visitor.get(f"/first/{code}").text
    differs = visitor.post(f"/first/{code}", f"/first/{code}", password=PASSWORD, again="something else")
    assert differs.status_code == 422
    assert "两次输入的密码不一样" in differs.text
    short = visitor.post(f"/first/{code}", f"/first/{code}", password="short", again="short")
    assert short.status_code == 422
    assert visitor.post(f"/first/{code}", f"/first/{code}", password=PASSWORD, again=PASSWORD).status_code == 303
    assert visitor.get("/").status_code == 200
    dead = house.visitor().get(f"/first/{code}")
    assert dead.status_code == 404
    assert "这个链接已经失效" in dead.text


def test_a_frozen_person_is_out_at_once(house: WebHouse) -> None:
    leaver = house.person("leaver", "clerk")
    browser = house.signed_in("leaver")
    house.people.freeze(leaver)
    assert browser.get("/").status_code == 303
