from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import quote

import pytest

from tests.unit.builder_ui.web_house import APP, WebHouse

LIST = f"{APP}/t/orders"


def names(page: str) -> list[str]:
    return re.findall(r'class="name" href="[^"]+">([^<]+)<', page)


@pytest.fixture(scope="module")
def many(house: WebHouse) -> WebHouse:
    for number in range(60):
        house.order(amount=Decimal(1000 + number))
    return house


def test_columns_are_those_of_the_grid_board_and_all_on_demand(house: WebHouse) -> None:
    browser = house.signed_in("boss")
    few, all_ = browser.get(LIST).text, browser.get(f"{LIST}?all=1").text
    assert "备注" not in few[few.index("<thead") : few.index("</thead")]
    assert "备注" in all_[all_.index("<thead") : all_.index("</thead")]


def test_sorting_is_a_link_and_turns_round(many: WebHouse) -> None:
    browser = many.signed_in("boss")
    page = browser.get(f"{LIST}?sort=amount").text
    assert re.search(r'<th[^>]*aria-sort="ascending"><a href="[^"]*sort=-amount"', page)
    up = re.findall(r"¥([\d,.]+)", page)
    down = re.findall(r"¥([\d,.]+)", browser.get(f"{LIST}?sort=-amount").text)
    assert up == sorted(up, key=lambda t: Decimal(t.replace(",", "")))
    assert down == sorted(down, key=lambda t: Decimal(t.replace(",", "")), reverse=True)


def test_paging_shows_every_record_once(many: WebHouse) -> None:
    browser = many.signed_in("boss")
    seen: list[str] = []
    path: str | None = f"{LIST}?sort=amount"
    while path:
        page = browser.get(path).text
        seen += names(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = found[1].replace("&amp;", "&") if found else None
    assert len(seen) == len(set(seen)) == len(many.world.all("orders"))


def test_a_filter_is_an_expression(many: WebHouse) -> None:
    page = many.signed_in("boss").get(f"{LIST}?where={quote('amount == 1010')}").text
    assert len(names(page)) == 1
    assert "¥1,010.00" in page


def test_a_wrong_filter_is_told_in_place_and_stays_typed(house: WebHouse) -> None:
    answer = house.signed_in("boss").get(f"{LIST}?where={quote('amont > 500')}&search=x")
    assert answer.status_code == 400
    assert 'value="amont &gt; 500"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "amount" in answer.text[answer.text.index("where-wrong") :]
    assert 'value="x"' in answer.text


@pytest.mark.parametrize(
    "where", ["9**9**9", "(" * 5000, "x" * 5000, "cost > 0", "__import__('os')", "status = 'x'", "a'b", "１ < 2"]
)
def test_no_filter_breaks_the_page_or_finds_what_is_hidden(house: WebHouse, where: str) -> None:
    answer = house.signed_in("lin").get(f"{LIST}?where={quote(where)}")
    assert answer.status_code == 400
    assert "where-wrong" in answer.text


@pytest.mark.parametrize("query", ["sort=nope", "cursor=garbage", "sort=cost", "cursor=%00", "sort=-"])
def test_a_broken_address_offers_the_beginning(house: WebHouse, query: str) -> None:
    answer = house.signed_in("lin").get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert f'href="{LIST}"' in answer.text


def test_what_is_masked_is_masked_and_found_by_its_full_text(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    assert "13900139000" not in browser.get(f"{LIST}?all=1").text
    page = browser.get(f"{LIST}?search=13900139000").text
    assert len(names(page)) == 1
    assert names(browser.get(f"{LIST}?search=1390013").text) == []


def test_finding_nothing_offers_to_clear(house: WebHouse) -> None:
    page = house.signed_in("boss").get(f"{LIST}?search=nothing-like-this").text
    assert "没有符合的记录" in page
    assert f'href="{LIST}"' in page


def test_the_grid_board_is_the_list_and_the_kanban_gets_its_data(house: WebHouse) -> None:
    browser = house.signed_in("boss")
    assert "<table" in browser.get(f"{APP}/b/table").text
    board = browser.get(f"{APP}/b/desk").text
    assert '<div data-island="board"></div>\n<script type="application/json">{"board":' in board
    assert 'id="catalogue"' in board
    assert f'href="{LIST}"' in board[board.index("<noscript>") :]
