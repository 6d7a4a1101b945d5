"""The path of the boss on an empty house: from the first sign-in to the first own order on the board, counting each action; and
the two journeys that must go by keyboard alone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from app import open_house
from builder_ui.web import make_web
from engine.commands.kit import House
from engine.commands.settings import Settings
from engine.people.actors import publisher

WORD = "a long enough word"
AT_MOST = 25  # actions: a click, a choice, a field filled

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Empty:
    """A running house in which nothing is installed and the owner has no password yet."""

    house: House
    url: str

    def first(self) -> str:
        owner = self.house.people.owner() or self.house.people.add_user("owner", owner=True)
        return f"{self.url}/first/{self.house.people.first_code(owner)}"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Empty]:
    environ = {"DAJIAN_DATABASE_URL": f"sqlite:///{tmp_path / 'dajian.db'}", "DAJIAN_DATA_DIR": str(tmp_path)}
    house = open_house(Settings.from_env(environ, Path("none")))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, make_web(house.runtime, house.people, house.market, house.settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Empty(house, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    house.database.close()


class Hand:
    """Does what a person does and counts it."""

    def __init__(self, browser: Browser, locale: str) -> None:
        self.actions, self.bad = 0, list[str]()
        self.page: Page = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale).new_page()
        self.page.on("console", lambda m: self.bad.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.bad.append(str(error)))

    def open(self, address: str) -> None:
        self.actions += 1
        self.page.goto(address)

    def click(self, target: Locator) -> None:
        self.actions += 1
        target.click()

    def fill(self, selector: str, text: str) -> None:
        self.actions += 1
        self.page.fill(selector, text)

    def choose(self, selector: str, value: str) -> None:
        self.actions += 1
        self.page.select_option(selector, value)

    def press(self, key: str) -> None:
        self.actions += 1
        self.page.keyboard.press(key)

    def tab_to(self, target: Locator) -> None:
        """By Tab alone, as often as it takes."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        pytest.fail(f"Tab does not reach {target}")

    def close(self) -> None:
        assert self.bad == []
        self.page.context.close()


def enter(hand: Hand, empty: Empty) -> None:
    """The first link: a password of one's own, then the empty home."""
    hand.open(empty.first())
    boxes = hand.page.locator("input[type=password]")
    for index in range(boxes.count()):
        hand.actions += 1
        boxes.nth(index).fill(WORD)
    hand.press("Enter")
    hand.page.wait_for_selector(".offer")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_from_the_first_link_to_the_first_own_order_on_the_board(browser: Browser, empty: Empty, locale: str) -> None:
    hand = Hand(browser, locale)
    page = hand.page
    enter(hand, empty)
    hand.click(page.locator(".offer .button.primary"))
    expect(page.locator("input[name=role][value=clerk]")).to_be_checked()
    hand.fill("[name='fact.store']", "总店")
    hand.click(page.locator("form .button.primary"))
    hand.click(page.locator(".tile").first)
    hand.click(page.locator(".top .button.primary"))
    hand.choose("[name=channel]", "phone")
    hand.fill("[name=amount]", "680")
    hand.fill("[name=remark]", "第一单")
    hand.click(page.locator("button[name=remove]"))
    hand.click(page.locator("form .button.primary").last)
    page.wait_for_selector(".life")
    number = page.locator("h1").first.inner_text()
    hand.click(page.locator(".top .segments a").first)
    expect(page.locator('[data-column="pending"] .kb-card')).to_have_count(1)
    expect(page.locator('[data-column="pending"] .kb-number')).to_have_text(number)
    assert hand.actions <= AT_MOST, hand.actions
    hand.close()


def test_a_template_is_installed_by_keyboard_alone(browser: Browser, empty: Empty) -> None:
    hand = Hand(browser, "zh-CN")
    page = hand.page
    enter(hand, empty)
    hand.tab_to(page.locator(".offer .button.primary"))
    hand.press("Enter")
    page.wait_for_selector("input[name=role]")
    buyer = page.locator("input[name=role][value=buyer]")
    hand.tab_to(buyer)
    hand.press("Space")
    expect(buyer).to_be_checked()
    hand.tab_to(page.locator("form .button.primary"))
    hand.press("Enter")
    store = page.locator("input[name='fact.store']")
    expect(store).to_be_focused()  # the clerk's role was ticked, and sees nothing without a store
    assert empty.house.runtime.apps() == ()
    hand.bad.remove(next(text for text in hand.bad if "status of 422" in text))  # the browser's own note on that answer
    page.keyboard.type("总店")
    hand.tab_to(page.locator("form .button.primary"))
    hand.press("Enter")
    page.wait_for_selector(".tile")
    assert empty.house.runtime.apps() == ("order_tracking",)
    hand.close()


def test_a_card_is_moved_by_keyboard_alone(browser: Browser, empty: Empty) -> None:
    hand = Hand(browser, "zh-CN")
    page = hand.page
    enter(hand, empty)
    owner = empty.house.people.owner()
    assert owner is not None
    empty.house.market.install("order_tracking", publisher(owner, channel="test"), roles=("clerk", "buyer"))
    empty.house.people.set_fact(owner, empty.house.runtime.program("order_tracking").app, "store", "总店")
    page.goto(f"{empty.url}/a/order_tracking/t/orders/new")
    page.select_option("[name=channel]", "phone")
    page.fill("[name=amount]", "680")
    page.fill("[name=remark]", "第一单")
    page.locator("button[name=remove]").click()
    page.locator("form .button.primary").last.click()
    page.wait_for_selector(".life")
    page.goto(f"{empty.url}/a/order_tracking/b/desk")
    page.wait_for_selector(".kb[data-drag]")
    hand.tab_to(page.locator(".kb-body").first)
    hand.press("m")
    hand.press("Enter")
    expect(page.locator('[data-column="approved"] .kb-body')).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("已到「已审」")
    hand.close()
