"""The board in the real house: sign in, move an order by mouse and by keyboard, be refused, watch what others do."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from app import open_house
from builder_ui.web import make_web
from engine.commands.kit import House
from engine.commands.settings import Settings
from engine.model.change import Write
from tests.browser.test_board_island import POLL, card, column, drag
from tests.world import SYSTEM, actor

APP = "order_tracking"
WORD = "a long enough word"

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Shop:
    """A running house with three people and nothing on its board."""

    house: House
    url: str

    def order(self, **values: object) -> str:
        """A new order in `pending`; gives its id."""
        filled = {"channel": "phone", "amount": "900.00", "store": "online", "remark": "急用", **values}
        outcome = self.house.runtime.write(Write(APP, "orders", None, filled, {}), SYSTEM)
        return str(outcome.id)

    def move(self, order: str, step: str) -> None:
        self.house.runtime.write(Write(APP, "orders", order, {}, transition=step), SYSTEM)

    def state(self, order: str) -> str:
        return str(self.house.runtime.record(APP, "orders", order, actor("director"))["values"]["status"])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("house")
    environ = {"DAJIAN_DATABASE_URL": f"sqlite:///{folder / 'dajian.db'}", "DAJIAN_DATA_DIR": str(folder)}
    house = open_house(Settings.from_env(environ, Path("none")))
    owner = house.people.add_user("owner", owner=True)
    house.market.install(APP, actor(name=owner.name), roles=())
    app = house.runtime.program(APP).app
    for name, role in (("老周", "buyer"), ("阿强", "picker")):
        user = house.people.add_user(name)
        house.people.set_password(user, WORD)
        house.people.grant(user, app, role)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, make_web(house.runtime, house.people, house.market, house.settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Shop(house, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    house.database.close()


@pytest.fixture
def bad(browser: Browser) -> Iterator[list[str]]:
    """Console errors and policy reports of the test's pages; there must be none."""
    found: list[str] = []
    yield found
    assert [text for text in found if "status of 40" not in text] == []


def sign_in(browser: Browser, shop: Shop, name: str, bad: list[str]) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    page.on("console", lambda message: bad.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: bad.append(str(error)))
    fill_in(page, shop, name)
    page.goto(f"{shop.url}/a/{APP}/b/desk")
    page.wait_for_selector(".kb[data-drag]")
    return page


def fill_in(page: Page, shop: Shop, name: str) -> None:
    page.goto(f"{shop.url}/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[type=password]", WORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.wait_for_load_state()


def test_a_purchasing_lead_drags_an_order_through_and_is_told_what_is_not_theirs(
    browser: Browser, shop: Shop, bad: list[str]
) -> None:
    order = shop.order()
    page = sign_in(browser, shop, "老周", bad)
    drag(page, order, "shipped")
    expect(page.locator(".toast.bad")).to_contain_text("不能从「待审」直接到「已发货」")
    page.get_by_role("button", name="审核通过 → 已审").click()
    expect(page.locator(".toast")).to_contain_text("已到「已审」")
    assert shop.state(order) == "approved"
    drag(page, order, "picking")
    expect(page.locator(".toast.bad")).to_contain_text("现在不能到「拣货中」")
    assert shop.state(order) == "approved"
    page.context.close()


def test_a_picker_ships_by_keyboard_and_is_asked_for_the_tracking_number(browser: Browser, shop: Shop, bad: list[str]) -> None:
    order = shop.order(province="浙江")
    shop.move(order, "approve")
    page = sign_in(browser, shop, "阿强", bad)
    card(page, order).locator(".kb-body").focus()
    page.keyboard.press("m")
    page.get_by_role("menuitem", name="开始拣货").press("Enter")
    expect(column(page, "picking").locator(f'[data-card="{order}"] .kb-body')).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("已到「拣货中」")
    page.keyboard.press("m")
    page.get_by_role("menuitem", name="发货").press("Enter")
    page.get_by_role("dialog").get_by_role("textbox").fill("SF1024")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("已到「已发货」")
    assert shop.state(order) == "shipped"
    page.context.close()


def test_orders_that_come_in_and_move_elsewhere_show_by_themselves(browser: Browser, shop: Shop, bad: list[str]) -> None:
    page = sign_in(browser, shop, "老周", bad)
    order = shop.order()
    expect(column(page, "pending").locator(f'[data-card="{order}"]')).to_be_visible(timeout=POLL)
    shop.move(order, "approve")
    expect(column(page, "approved").locator(f'[data-card="{order}"]')).to_be_visible(timeout=POLL)
    page.context.close()


def test_signing_in_again_elsewhere_lets_the_open_board_go_on(browser: Browser, shop: Shop, bad: list[str]) -> None:
    order = shop.order()
    page = sign_in(browser, shop, "老周", bad)
    page.context.clear_cookies()
    expect(page.locator(".toast.bad")).to_contain_text("您已退出登录", timeout=POLL)
    other = page.context.new_page()
    fill_in(other, shop, "老周")
    expect(page.locator(".toast.bad")).to_have_count(0, timeout=2 * POLL)
    drag(page, order, "approved")
    expect(page.locator(".toast")).to_contain_text("已到「已审」")
    assert shop.state(order) == "approved"
    page.context.close()
