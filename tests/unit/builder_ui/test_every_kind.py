"""Forms, pages and lists of a record with a field of every kind, and what a browser sends back of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from builder_ui.web import make_web
from engine.market.market import Market
from tests.every_kind import FILES, VALUES
from tests.unit.builder_ui.web_house import Browser, Settings, WebHouse
from tests.world import TEMPLATE, actor, make_world

TYPED = {name: typed for name, (typed, _) in VALUES.items() if name not in ("fragile", "services", "wanted", "paid")}
CLERK = actor("clerk", name="小林")


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    world = make_world(tmp_path_factory.mktemp("kinds"), FILES)
    market = Market(TEMPLATE.parent, world.runtime, world.people)
    house = WebHouse(world, world.people, make_web(world.runtime, world.people, market, Settings()))
    house.person("小林", "clerk")
    house.person("zhao", "clerk")
    yield house
    world.runtime.database.close()


@pytest.fixture(scope="module")
def browser(kinds: WebHouse) -> Browser:
    return kinds.signed_in("小林")


@pytest.fixture
def parcel(kinds: WebHouse) -> str:
    return kinds.world.create("parcels", CLERK, **{name: typed for name, (typed, _) in VALUES.items()}).id


def page_of(parcel: str) -> str:
    return f"/a/kinds/t/parcels/{parcel}"


def drawn(text: str) -> dict[str, list[str]]:
    """What a browser would send of the form that saves the fields, if nothing were touched."""
    form = text[text.index('id="fields"') :].split("</form>", 1)[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(plain((re.search(r'value="([^"]*)"', tag) or ["", ""])[1]))
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = [plain(chosen[1]) if chosen else ""]
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = [plain(body)]
    return found


def plain(text: str) -> str:
    return text.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_a_new_record_is_made_of_what_is_typed(kinds: WebHouse, browser: Browser) -> None:
    form = {**TYPED, "fragile": "yes", "services": ["card", "wrap"], "wanted": "2026-02-01", "paid": "2017-10-02T10:56"}
    answer = browser.post("/a/kinds/t/parcels/new", **form, **{"was-fragile": "", "was-services": "wrap"})
    assert answer.status_code == 303, answer.text
    values = kinds.world.get("parcels", answer.headers["Location"].rpartition("/")[2], CLERK)["values"]
    assert {name: values[name] for name in VALUES} == {name: kept for name, (_, kept) in VALUES.items()}


def test_saving_an_untouched_form_changes_nothing(kinds: WebHouse, browser: Browser, parcel: str) -> None:
    before = kinds.world.get("parcels", parcel, CLERK)
    sent = drawn(browser.get(page_of(parcel)).text)
    assert sent["services"] == ["wrap", "card"]
    assert sent["handling"] == ["1天3小时"]
    assert browser.post(page_of(parcel), **sent).status_code == 303
    assert kinds.world.get("parcels", parcel, CLERK) == before


def test_what_is_changed_is_saved_and_no_more(kinds: WebHouse, browser: Browser, parcel: str) -> None:
    sent = drawn(browser.get(page_of(parcel)).text)
    changed = {"services": ["photo"], "tags": ["B2B；急"], "handling": ["45分"], "assignee": ["zhao"], "raw": ['{"b": 2}']}
    assert browser.post(page_of(parcel), **{**sent, **changed}).status_code == 303
    history = kinds.world.runtime.history("kinds", "parcels", parcel, CLERK)
    told = {change["field"]: change["after"] for change in history[-1]["changes"]}
    marks = told.pop("marks", None)
    assert marks == 3 or marks is None
    assert told == {"services": ["photo"], "tags": ["B2B", "急"], "handling": 2_700, "assignee": "zhao先生", "raw": {"b": 2}}


def test_ticking_all_off_empties_several_choices(kinds: WebHouse, browser: Browser, parcel: str) -> None:
    sent = drawn(browser.get(page_of(parcel)).text)
    del sent["services"]
    assert browser.post(page_of(parcel), **sent).status_code == 303
    assert kinds.world.get("parcels", parcel, CLERK)["values"]["services"] is None


def test_what_is_wrong_stands_beside_its_field_and_stays_typed(browser: Browser, parcel: str) -> None:
    sent = drawn(browser.get(page_of(parcel)).text)
    wrong = {"handling": "90", "duty": "￥5", "barcode": "6901234567893", "site": "www.example.com", "raw": '{"a": NaN}'}
    answer = browser.post(page_of(parcel), **{**sent, **wrong, "services": ["photo"]})
    assert answer.status_code == 422
    again = drawn(answer.text)
    assert {name: again[name] for name in wrong} == {name: [typed] for name, typed in wrong.items()}
    assert again["services"] == ["photo"]
    for said in ("没有单位", "这里只收 USD", "校验位不对", "以 https:// 或 http:// 开头", "不是谁都能读准"):
        assert said in answer.text


def test_a_person_is_picked_from_those_of_the_app(kinds: WebHouse, browser: Browser, parcel: str) -> None:
    kinds.people.add_user("outsider", title="外人")
    text = browser.get(page_of(parcel)).text
    options = re.search(r'<select[^>]*name="assignee".*?</select>', text, re.S)
    assert options is not None
    assert re.findall(r'<option value="([^"]+)"', options[0]) == ["zhao", "小林"]
    assert "外人" not in text


def test_web_pages_and_mail_are_links_that_lead_out_safely(browser: Browser, parcel: str) -> None:
    assert (
        '<a href="https://example.com/a" target="_blank" rel="noopener noreferrer nofollow">'
        in browser.get(page_of(parcel)).text
    )
    text = browser.get("/a/kinds/b/table").text
    assert (
        '<a href="https://example.com/a" target="_blank" rel="noopener noreferrer nofollow">https://example.com/a</a>' in text
    )
    assert '<a href="mailto:Wang@example.com"' in text


def test_a_move_asks_with_the_control_of_each_kind(kinds: WebHouse, browser: Browser) -> None:
    bare = kinds.world.create("parcels", CLERK, services=None).id
    text = browser.get(page_of(bare)).text
    assert re.search(r'<select id="m-finish-assignee"[^>]*required', text)
    moved = browser.post(f"{page_of(bare)}/move/finish", assignee="zhao", services=["card", "photo"])
    assert moved.status_code == 303, moved.text
    values = kinds.world.get("parcels", bare, CLERK)["values"]
    assert (values["status"], values["assignee"], values["services"]) == ("done", "zhao", ["card", "photo"])


def test_a_board_says_lists_people_and_currencies(kinds: WebHouse, browser: Browser, parcel: str) -> None:
    board = kinds.world.runtime.board("kinds", "desk", CLERK)
    card = next(card for card in board["columns"][0]["cards"] if card["id"] == parcel)
    assert card["titles"] == {"services": "礼品包装、贺卡", "assignee": "小林先生"}
    assert card["values"]["tags"] == ["VIP", "易碎"]
    assert board["columns"][0]["sum_currency"] == "JPY"
    assert {field["name"]: field.get("currency") for field in board["card_fields"]}["deposit"] == "JPY"


def test_openapi_says_what_each_kind_looks_like(kinds: WebHouse, browser: Browser) -> None:
    found = browser.get("/openapi.json").json
    assert found is not None
    shown = found["components"]["schemas"]["kinds.parcels.values"]["properties"]
    assert shown["tags"]["type"] == shown["services"]["type"] == ["array", "null"]
    assert shown["raw"]["type"] == ["object", "array", "null"]
    assert shown["handling"]["type"] == ["number", "null"]
    assert shown["email"]["format"] == "idn-email"
    assert shown["pieces"]["type"] == ["integer", "null"]
    assert shown["deposit"]["type"] == shown["total"]["type"] == ["string", "null"]
