"""The pages in a real browser: no overflow, no small print, one main button, a quiet console; and the journeys of an order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.unit.builder_ui.web_house import APP, PASSWORD, WebHouse, filled_house

SIZES = [(1440, 900), (390, 844)]
SMALL_PRINT = """[...document.querySelectorAll('body *')].filter((e) => e.offsetParent
  && parseFloat(getComputedStyle(e).fontSize) < 12
  && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())).length"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    made = filled_house(tmp_path_factory.mktemp("pages"))
    yield made
    made.world.runtime.database.close()


@pytest.fixture(scope="module")
def address(house: WebHouse) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, house.web, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


class Visit:
    """One person in one window. `bad` collects what the console should not hold."""

    def __init__(
        self, browser: Browser, address: str, name: str, size: tuple[int, int] = (1440, 900), locale: str = "zh-CN"
    ) -> None:
        self.address, self.bad = address, list[str]()
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda m: self.bad.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.bad.append(str(error)))
        self.open("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def close(self) -> None:
        self.context.close()
        assert [text for text in self.bad if not text.startswith("Failed to load resource")] == []


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["boss", "lin", "wang"])
def test_every_page_fits_and_is_quiet(
    browser: Browser, house: WebHouse, address: str, name: str, size: tuple[int, int], locale: str
) -> None:
    visit = Visit(browser, address, name, size, locale)
    order = f"{APP}/t/orders/{house.ids['order']}"
    lists = [f"{APP}/t/{t}" for t in ("orders?all=1", "orders?where=wrong", "orders/new", "order_items", "products/new")]
    for path in [
        "/",
        "/market",
        "/market/order_tracking",
        "/inbox",
        "/profile",
        f"{APP}/",
        f"{APP}/b/desk",
        order,
        *lists,
        "/nope",
    ]:
        page = visit.open(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert page.evaluate(SMALL_PRINT) == 0, path
        assert page.locator(".button.primary:visible").count() <= 1, path
        assert page.locator("h1").count() == 1, path
    visit.close()


def test_a_conflict_is_settled_by_keyboard(browser: Browser, house: WebHouse, address: str) -> None:
    order = house.order()
    visit = Visit(browser, address, "lin")
    page = visit.open(f"{APP}/t/orders/{order}")
    house.world.change("orders", order, remark="别人写的")
    page.fill("[name=remark]", "我写的")
    page.locator("[data-save]").press("Enter")
    page.wait_for_selector(".conflict")
    assert page.evaluate("document.activeElement.id") == "problem"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "theirs"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已保存")
    assert house.world.raw("orders", order)["remark"] == "我写的"
    visit.close()


def test_save_becomes_the_main_button_once_something_is_typed(browser: Browser, house: WebHouse, address: str) -> None:
    visit = Visit(browser, address, "boss")
    page = visit.open(f"{APP}/t/orders/{house.order()}")
    assert page.locator(".button.primary:visible").inner_text() == "审核通过"
    page.fill("[name=amount]", "1")
    assert page.locator(".button.primary:visible").inner_text() == "保存"
    page.fill("[name=amount]", page.input_value("[name=was-amount]"))
    assert page.locator(".button.primary:visible").inner_text() == "审核通过"
    visit.close()


def test_rows_are_added_and_removed_in_place(browser: Browser, house: WebHouse, address: str) -> None:
    visit = Visit(browser, address, "lin")
    page = visit.open(f"{APP}/t/orders/new")
    page.select_option("[name=channel]", "phone")
    for row in ("1", "2"):
        page.click("button[name=add]")
        assert page.evaluate("document.activeElement.name") == f"items.{row}.product"
        page.select_option(f'[name="items.{row}.product"]', index=1)
        page.fill(f'[name="items.{row}.quantity"]', row)
        page.fill(f'[name="items.{row}.price"]', "10")
    page.locator("button[name=remove]").first.click()
    page.click("button.primary")
    page.wait_for_selector(".life")
    order = page.url.rsplit("/", 1)[1]
    assert sorted(i["quantity"] for i in house.world.all("order_items") if i["order"] == order) == [1, 2]
    visit.close()


def test_without_a_script_everything_is_there_too(browser: Browser, house: WebHouse, address: str, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("#name", "boss")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    order = house.order()
    page.goto(f"{address}{APP}/t/orders/{order}")
    page.fill("[name=amount]", "123.45")
    page.click("[data-save]")
    assert "¥123.45" in page.inner_text(".life")
    page.click("button:has-text('审核通过')")
    assert house.world.raw("orders", order)["status"] == "approved"
    page.goto(f"{address}{APP}/b/desk")
    assert page.locator("noscript a, .note a").count() >= 1
    context.close()
