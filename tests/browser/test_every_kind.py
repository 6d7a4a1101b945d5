"""A record with a field of every kind, typed into a real browser and read on form, list and board, in both languages."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from builder_ui.web import make_web
from engine.market.market import Market
from tests.browser.test_pages import SIZES, Visit
from tests.every_kind import FILES, VALUES
from tests.unit.builder_ui.web_house import Settings, WebHouse
from tests.world import TEMPLATE, actor, make_world

pytestmark = pytest.mark.browser
CLERK = actor("clerk", name="小林")
SERVICES = {"zh-CN": ("礼品包装", "贺卡"), "en": ("Gift wrap", "Card")}
SPELLED = {"zh-CN": "1天3小时", "en": "1d 3h"}
AMOUNTS = {"zh-CN": ("US$12.50", "JP¥1,500"), "en": ("$12.50", "JPY\u00a01,500")}
TICKED = ("fragile", "services")
CHOSEN = {"channel": "web", "province": "浙江", "assignee": "小林"}
PICKED = {"wanted": "2026-02-01", "paid": "2017-10-02T10:56:00"}
# The whole page but what is made to be wider, and scrolls by itself.
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    world = make_world(tmp_path_factory.mktemp("kinds"), FILES)
    market = Market(TEMPLATE.parent, world.runtime, world.people)
    made = WebHouse(world, world.people, make_web(world.runtime, world.people, market, Settings()))
    made.person("小林", "clerk")
    yield made
    world.runtime.database.close()


@pytest.fixture(scope="module")
def address(house: WebHouse) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, house.web, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def fill(page: Page, locale: str) -> None:
    for name, (typed, _) in VALUES.items():
        if name in CHOSEN:
            page.select_option(f"[name={name}]", CHOSEN[name])
        elif name not in TICKED:
            page.fill(f"[name={name}]", PICKED.get(name, typed))
    page.check("[name=fragile]")
    for title in SERVICES[locale]:
        page.get_by_label(title, exact=True).check()


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_kind_is_typed_and_shown(
    browser: Browser, house: WebHouse, address: str, size: tuple[int, int], locale: str
) -> None:
    visit = Visit(browser, address, "小林", size, locale)
    page = visit.open("/a/kinds/t/parcels/new")
    assert not page.evaluate(TOO_WIDE)
    fill(page, locale)
    page.locator("form button.primary").click()
    page.wait_for_selector(".life")
    assert not page.evaluate(TOO_WIDE)
    # Nothing is typed yet: Save does not ask to be pressed, and leaving asks nothing.
    assert page.locator(".save.dirty").count() == 0
    values = house.world.get("parcels", page.url.rpartition("/")[2], CLERK)["values"]
    assert {name: values[name] for name in VALUES} == {name: kept for name, (_, kept) in VALUES.items()}
    assert page.input_value("[name=handling]") == SPELLED[locale]
    visit.open("/a/kinds/b/table")
    row = page.locator("tbody tr").first
    # Columns that are many scroll, and do not squeeze their words letter by letter.
    assert row.evaluate("(row) => innerWidth < 721 || row.offsetHeight < 100")
    link = row.locator("a[target=_blank]", has_text="https://example.com/a")
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    joint = "、" if locale == "zh-CN" else ", "
    for text in (joint.join(SERVICES[locale]), joint.join(("VIP", "易碎")), SPELLED[locale], AMOUNTS[locale][0], "小林先生"):
        assert text in row.inner_text()
    visit.open("/a/kinds/b/desk")
    card = page.locator(".kb-card").first
    card.wait_for()
    for text in (joint.join(SERVICES[locale]), joint.join(("VIP", "易碎")), SPELLED[locale], AMOUNTS[locale][1], "小林先生"):
        assert text in card.inner_text()
    visit.close()
