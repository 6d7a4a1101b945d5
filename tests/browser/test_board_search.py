"""The search box of the board, in the real house: what fits stays, the address keeps the words, live goes on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.model.change import Write
from tests.browser.test_board_island import POLL, card, column
from tests.browser.test_board_journey import APP, Shop, bad, shop, sign_in
from tests.world import SYSTEM, actor

__all__ = ["bad", "shop"]  # fixtures of the journey's house

pytestmark = pytest.mark.browser

BOX = "[data-board-search]"


def cards(page: Page) -> list[str]:
    return [str(element.get_attribute("data-card")) for element in page.locator("[data-card]").all()]


def test_slash_leads_to_the_box_and_only_what_fits_stays(browser: Browser, shop: Shop, bad: list[str]) -> None:
    wanted, other = shop.order(remark="要刻字"), shop.order()
    page = sign_in(browser, shop, "老周", bad)
    page.keyboard.press("/")
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.type("刻字")
    expect(card(page, other)).to_have_count(0, timeout=POLL)
    assert cards(page) == [wanted]
    assert "search=%E5%88%BB%E5%AD%97" in page.url
    page.keyboard.press("Enter")
    expect(card(page, wanted).locator(".kb-body")).to_be_focused()
    page.reload()
    page.wait_for_selector("[data-card]")
    assert cards(page) == [wanted]
    expect(page.locator(BOX)).to_have_value("刻字")
    page.locator(BOX).press("Escape")
    expect(card(page, other)).to_be_visible(timeout=POLL)
    assert "search" not in page.url
    page.context.close()


def test_new_orders_that_fit_come_in_and_others_do_not(browser: Browser, shop: Shop, bad: list[str]) -> None:
    page = sign_in(browser, shop, "老周", bad)
    page.fill(BOX, "live-word")
    expect(page.locator(".kb-found")).to_contain_text("没有符合“live-word”的", timeout=POLL)
    other, fits = shop.order(remark="别的"), shop.order(remark="a LIVE-WORD here")
    expect(card(page, fits)).to_be_visible(timeout=POLL)
    expect(card(page, other)).to_have_count(0)
    shop.move(fits, "approve")
    expect(column(page, "approved").locator(f'[data-card="{fits}"]')).to_be_visible(timeout=POLL)
    page.context.close()


def test_an_empty_result_says_so_and_leads_back(browser: Browser, shop: Shop, bad: list[str]) -> None:
    order = shop.order()
    page = sign_in(browser, shop, "老周", bad)
    for words in ("nothing like it", "nor this"):  # the second answer is the same as the first
        page.fill(BOX, words)
        expect(page.locator(".kb-found")).to_contain_text(f"没有符合“{words}”的", timeout=POLL)
    expect(column(page, "pending")).to_contain_text("这里没有符合搜索的")
    page.get_by_role("button", name="清除搜索").click()
    expect(page.locator(BOX)).to_be_focused()
    expect(card(page, order)).to_be_visible(timeout=POLL)
    page.context.close()


def test_a_phone_turns_to_the_column_that_holds_what_was_found(browser: Browser, shop: Shop, bad: list[str]) -> None:
    order = shop.order(remark="手机上找")
    shop.move(order, "approve")
    page = sign_in(browser, shop, "老周", bad)
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.fill(BOX, "手机上找")
    expect(page.locator(".kb-tabs [aria-current]")).to_have_text(re.compile("已审"), timeout=POLL)
    expect(card(page, order)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    box = page.locator(BOX).bounding_box()
    assert box is not None
    assert box["width"] >= 120
    page.context.close()


def test_a_folded_end_opens_for_what_was_searched(browser: Browser, shop: Shop, bad: list[str]) -> None:
    order = shop.order(remark="签收过的", province="浙江", tracking_no="SF1")
    for step, who in (
        ("approve", SYSTEM),
        ("pick", actor("picker")),
        ("ship", SYSTEM),
        ("sign", actor("clerk", store="online")),
    ):
        shop.house.runtime.write(Write(APP, "orders", order, {}, transition=step), who)
    page = sign_in(browser, shop, "老周", bad)
    page.get_by_role("button", name="收起「已签收」").click()
    expect(card(page, order)).to_have_count(0)
    page.fill(BOX, "签收过的")
    expect(card(page, order)).to_be_visible(timeout=POLL)
    page.context.close()
