"""The kanban board in a real browser: what one does with mouse, menu and keyboard, what others do meanwhile, bad answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.board_page import Desk, Order, Server, problem, sample_orders

POLL = 6_000  # milliseconds in which a change on the server must be on the page

pytestmark = pytest.mark.browser


@pytest.fixture
def desk() -> Desk:
    return Desk(sample_orders(24))


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    yield from open_page(browser, desk, width=1440, height=900)


@pytest.fixture
def phone(browser: Browser, desk: Desk) -> Iterator[Page]:
    yield from open_page(browser, desk, width=390, height=844, touch=True)


def open_page(browser: Browser, desk: Desk, *, width: int, height: int, touch: bool = False) -> Iterator[Page]:
    """The board in a fresh context; nothing may stand in the console afterwards but network errors that the test caused."""
    bad: list[str] = []
    with Server(desk) as server:
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch)
        page = context.new_page()
        page.on("console", lambda message: bad.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: bad.append(str(error)))
        page.goto(server.url)
        page.wait_for_selector("[data-ready]")
        if not touch:
            page.wait_for_selector(".kb[data-drag]")
        yield page
        context.close()
    assert [text for text in bad if not text.startswith("Failed to load resource")] == []
    assert desk.reports == []


def card(page: Page, order: str) -> Locator:
    return page.locator(f'[data-card="{order}"]')


def column(page: Page, state: str) -> Locator:
    return page.locator(f'[data-column="{state}"]')


def drag(page: Page, order: str, state: str, *, drop: bool = True) -> None:
    """Real mouse input, so that the browser's own drag and drop runs."""
    start, end = card(page, order).bounding_box(), column(page, state).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 60, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 80, start["y"] + 40, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 200, steps=8)
    page.wait_for_selector(".kb-offer")
    if drop:
        page.mouse.up()


def test_a_dropped_card_is_moved_by_its_transition_with_version_and_key(page: Page, desk: Desk) -> None:
    drag(page, "o0", "approved")
    expect(column(page, "approved").locator('[data-card="o0"]')).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("已到「已审」")
    record, name, body, headers = desk.asked[0]
    assert (record, name, body) == ("o0", "approve", {"values": {}})
    assert headers["If-Match"] == '"1"'
    assert headers["X-Csrf-Token"] == "test-token"
    assert re.fullmatch(r"[0-9a-f]{32}", headers["Idempotency-Key"])
    assert desk.orders["o0"].state == "approved"
    expect(column(page, "pending").locator(".kb-count")).to_have_text("4")


def test_a_held_card_shows_which_columns_would_take_it_and_nothing_is_sent_before_the_drop(page: Page, desk: Desk) -> None:
    drag(page, "o0", "approved", drop=False)
    expect(column(page, "approved").locator('[data-offer="yes"]')).to_contain_text("审核通过")
    expect(column(page, "shipped").locator('[data-offer="no"]')).to_contain_text("不能从「待审」直接到这里")
    expect(column(page, "refunded").locator('[data-offer="yes"]')).to_contain_text("之后没有退回的一步")
    assert desk.asked == []
    page.keyboard.press("Escape")
    page.mouse.up()


def test_a_drop_where_no_step_leads_comes_back_and_offers_what_works(page: Page, desk: Desk) -> None:
    drag(page, "o0", "shipped")
    toast = page.locator(".toast.bad")
    expect(toast).to_contain_text("不能从「待审」直接到「已发货」")
    expect(toast).to_contain_text("状态流转里没有这一步")
    assert desk.asked == []
    toast.get_by_role("button", name="审核通过 → 已审").click()
    expect(column(page, "approved").locator('[data-card="o0"]')).to_be_visible()
    expect(toast).to_have_count(0)


def test_a_refusal_of_the_server_takes_the_move_back_and_says_why(page: Page, desk: Desk) -> None:
    remedies = [{"kind": "transition", "name": "refund", "title": "改为退款"}]
    desk.fault = problem(403, "rule", "不能这样做", "要先由采购主管看过金额。", remedies=remedies)
    drag(page, "o0", "approved")
    toast = page.locator(".toast.bad")
    expect(toast).to_contain_text("要先由采购主管看过金额。")
    expect(column(page, "pending").locator('[data-card="o0"]')).to_be_visible()
    expect(column(page, "pending").locator(".kb-count")).to_have_text("5")
    page.wait_for_timeout(2_500)
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="改为退款").click()
    expect(page.locator(".toast")).to_contain_text("已到「已退款」")
    expect(card(page, "o0")).to_have_count(0)  # refunded is folded at this width
    assert desk.orders["o0"].state == "refunded"


def test_a_step_that_is_closed_says_the_reason_word_for_word(page: Page, desk: Desk) -> None:
    desk.orders["o1"].closed["pick"] = "仓库还是「待人工」。"
    desk.orders["o1"].state = "approved"
    expect(column(page, "approved").locator('[data-card="o1"]')).to_be_visible(timeout=POLL)
    page.reload()
    page.wait_for_selector(".kb[data-drag]")
    drag(page, "o1", "picking")
    expect(page.locator(".toast.bad")).to_contain_text("仓库还是「待人工」。")
    assert desk.asked == []


def test_the_menu_moves_and_explains_what_is_closed(page: Page, desk: Desk) -> None:
    desk.orders["o0"].closed["refund"] = "只有客服可以退款。"
    page.reload()
    card(page, "o0").locator(".kb-more").click()
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="退款")).to_have_attribute("aria-disabled", "true")
    expect(menu).to_contain_text("只有客服可以退款。")
    menu.get_by_role("menuitem", name="退款").click(force=True)
    assert desk.asked == []
    menu.get_by_role("menuitem", name="审核通过").click()
    expect(column(page, "approved").locator('[data-card="o0"]')).to_be_visible()


def test_the_keyboard_alone_finds_and_moves_a_card_and_keeps_the_focus_on_it(page: Page, desk: Desk) -> None:
    page.locator('.kb-card [tabindex="0"]').first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    focused = page.evaluate("document.activeElement.closest('[data-card]').dataset.card")
    assert focused == "o0"
    page.keyboard.press("m")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(column(page, "approved").locator('[data-card="o0"] .kb-body')).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("已到「已审」")
    assert desk.orders["o0"].state == "approved"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.closest('[data-column]').dataset.column") == "pending"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/a/order_tracking/t/orders/o"))


def test_missing_values_are_asked_for_first(page: Page, desk: Desk) -> None:
    order = next(order for order in desk.orders.values() if order.state == "picking")
    card(page, order.id).locator(".kb-more").click()
    page.get_by_role("menuitem", name="发货").click()
    dialog = page.get_by_role("dialog", name="发货")
    expect(dialog.get_by_label("运单号")).to_be_focused()
    page.keyboard.press("Escape")
    assert desk.asked == []
    drag(page, order.id, "shipped")
    dialog.get_by_label("运单号").fill("SF1024")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("已到「已发货」")
    expect(column(page, "shipped").locator(f'[data-card="{order.id}"]')).to_be_visible()
    assert desk.asked[0][2] == {"values": {"tracking_no": "SF1024"}}


def test_wrong_values_bring_the_dialog_back_with_what_was_typed(page: Page, desk: Desk) -> None:
    order = next(order for order in desk.orders.values() if order.state == "picking")
    errors = [{"path": "tracking_no", "code": "pattern", "message": "运单号是 12 到 15 位。"}]
    desk.fault = problem(422, "invalid", "有值不对", "运单号是 12 到 15 位。", errors=errors)
    drag(page, order.id, "shipped")
    field = page.get_by_label("运单号")
    field.fill("SF1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("运单号是 12 到 15 位。")
    expect(field).to_have_value("SF1")


def test_a_lost_answer_is_tried_again_under_the_same_key(page: Page, desk: Desk) -> None:
    page.route("**/transitions/**", lambda route: route.abort())
    drag(page, "o0", "approved")
    toast = page.locator(".toast.bad")
    expect(toast).to_contain_text("连不上服务器")
    page.unroute("**/transitions/**")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.headers.get("idempotency-key", "")))
    toast.get_by_role("button", name="再试一次").click()
    expect(column(page, "approved").locator('[data-card="o0"]')).to_be_visible()
    assert len(desk.asked) == 1
    assert desk.asked[0][3]["Idempotency-Key"] in sent


def test_approval_asked_leaves_the_card_where_it_is(page: Page, desk: Desk) -> None:
    answer = problem(202, "", "", "")
    desk.fault = answer
    drag(page, "o0", "approved")
    expect(page.locator(".toast")).to_contain_text("已提交审批")
    expect(column(page, "pending").locator('[data-card="o0"]')).to_be_visible()


def test_what_others_do_appears_without_taking_focus_scroll_or_menu(page: Page, desk: Desk) -> None:
    card(page, "o0").locator(".kb-body").focus()
    page.keyboard.press("m")
    other = next(order for order in desk.orders.values() if order.state == "pending" and order.id != "o0")
    desk.move(other, "approve", {})
    desk.orders["new"] = Order("new", "pending", {**other.values, "order_no": "SO-NEW"}, other.titles, other.since)
    expect(card(page, "new")).to_contain_text("SO-NEW", timeout=POLL)
    expect(column(page, "approved").locator(f'[data-card="{other.id}"]')).to_be_visible()
    expect(page.get_by_role("menuitem").first).to_be_focused()
    desk.move(desk.orders["o0"], "approve", {})
    expect(page.get_by_role("menuitem").first).to_contain_text("退回待审", timeout=POLL)


def test_a_focused_card_that_someone_else_moves_keeps_the_focus(page: Page, desk: Desk) -> None:
    card(page, "o0").locator(".kb-body").focus()
    desk.move(desk.orders["o0"], "approve", {})
    expect(column(page, "approved").locator('[data-card="o0"] .kb-body')).to_be_focused(timeout=POLL)


def test_a_broken_connection_is_said_and_taken_back(page: Page, desk: Desk) -> None:
    status = page.locator(".kb-connection")
    expect(status).to_be_empty()
    desk.down = True
    expect(status).to_contain_text("重连中", timeout=12_000)
    desk.down = False
    expect(status).to_be_empty(timeout=12_000)


def test_a_session_that_ended_keeps_the_page(page: Page, desk: Desk) -> None:
    desk.fault = problem(401, "signed_out", "请登录", "")
    drag(page, "o0", "approved")
    expect(page.locator(".toast.bad")).to_contain_text("您已退出登录")
    expect(page.get_by_role("link", name="登录")).to_have_attribute("href", "/sign-in")
    expect(column(page, "pending").locator('[data-card="o0"]')).to_be_visible()


def test_text_from_people_is_text(page: Page, desk: Desk) -> None:
    hostile = '"><img src=x onerror=alert(1)><script>document.title="owned"</script>{{7*7}}'
    order = desk.orders["o0"]
    order.values = {**order.values, "order_no": hostile, "goods": hostile}
    order.titles = {**order.titles, "customer": hostile}
    order.flags = [{"name": "x", "message": hostile}]
    order.closed["approve"] = hostile
    page.reload()
    expect(card(page, "o0")).to_contain_text('onerror=alert(1)><script>document.title="owned"')
    assert card(page, "o0").locator("img, script").count() == 0
    drag(page, "o0", "approved")
    expect(page.locator(".toast.bad")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".toast img").count() == 0
    assert page.title() == "订单看板"


def test_the_address_keeps_the_selected_card(page: Page) -> None:
    card(page, "o0").locator(".kb-body").focus()
    assert page.url.endswith("#card=o0&column=pending")
    page.reload()
    expect(card(page, "o0").locator(".kb-body")).to_be_focused()


def test_a_phone_shows_one_column_with_tabs_and_moves_by_the_menu(phone: Page, desk: Desk) -> None:
    tabs = phone.get_by_role("navigation", name="各列")
    expect(tabs.locator('[aria-current="true"]')).to_contain_text("待审")
    tabs.get_by_role("button", name="拣货中").tap()
    expect(tabs.locator('[aria-current="true"]')).to_contain_text("拣货中")
    expect(column(phone, "picking")).to_be_in_viewport(ratio=0.9)
    assert "column=picking" in phone.url
    tabs.get_by_role("button", name="待审").tap()
    expect(column(phone, "pending")).to_be_in_viewport(ratio=0.9)
    card(phone, "o0").locator(".kb-more").tap()
    phone.get_by_role("menuitem", name="审核通过").tap()
    expect(phone.locator(".toast")).to_contain_text("已到「已审」")
    assert desk.orders["o0"].state == "approved"
