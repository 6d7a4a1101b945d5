from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.builder_ui.web_house import APP, PASSWORD, Settings, WebHouse, make_house

PAGES = [
    "/",
    "/market",
    "/market/order_tracking",
    "/inbox",
    "/profile",
    f"{APP}/",
    f"{APP}/b/desk",
    f"{APP}/b/table",
    f"{APP}/t/orders",
]


def test_every_answer_carries_the_headers(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    for path in [*PAGES, "/sign-in", "/nope", "/api/v1/apps", "/healthz"]:
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self' 'wasm-unsafe-eval';" in policy
        assert "frame-ancestors 'none'" in policy
        assert re.search(r"style-src-elem 'self' 'nonce-[\w-]{16,}'", policy)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_have_no_inline_script_or_style(house: WebHouse) -> None:
    browser = house.signed_in("boss")
    for path in PAGES:
        page = browser.get(path).text
        assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", page), path
        assert "<style" not in page
        assert not re.search(r"<[^>]*\son\w+=", page)
        assert "javascript:" not in page


def test_the_nonce_is_new_each_time_and_stands_in_the_page(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    answers = [browser.get("/") for _ in range(2)]
    nonces = [re.search(r"'nonce-([\w-]+)'", a.headers["Content-Security-Policy"])[1] for a in answers]  # type: ignore[index]
    assert nonces[0] != nonces[1]
    assert f'content="{nonces[1]}"' in answers[1].text


def test_the_csrf_token_looks_different_on_each_page_and_works_all_the_same(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    first, second = browser.token(), browser.token()
    assert first != second
    for token in (first, second):
        assert browser.client.post("/profile", data={"csrf": token, "title": "林"}).status_code == 303


WRITES = [
    "/sign-out",
    "/language",
    "/profile",
    "/profile/password",
    "/profile/tokens",
    "/profile/tokens/x/revoke",
    "/profile/sessions/x/end",
    "/inbox/read",
    "/inbox/x/read",
    "/market/order_tracking/install",
    f"{APP}/t/orders/new",
    f"{APP}/t/orders/x",
    f"{APP}/t/orders/x/move/approve",
    f"{APP}/t/orders/x/delete",
    "/api/v1/apps/order_tracking/tables/orders/records",
]


@pytest.mark.parametrize("token", ["", "0" * 128, "zz", "é", "0" * 64])
def test_no_write_by_cookie_without_the_token(house: WebHouse, token: str) -> None:
    browser = house.signed_in("boss")
    for path in WRITES:
        answer = browser.client.post(path, data={"csrf": token})
        assert answer.status_code == 403, path
        assert "csrf" in answer.text or "这一页太旧了" in answer.text


def test_every_page_that_writes_is_in_the_list_above(house: WebHouse) -> None:
    rules = {r.rule for r in house.web.url_map.iter_rules() if "POST" in (r.methods or ()) and not r.rule.startswith("/api/")}
    covered = set(WRITES) | {"/sign-in", "/first/<code>"}
    patterns = [re.compile(re.sub(r"<[^>]+>", "[^/]+", rule)) for rule in rules]
    assert all(any(p.fullmatch(path) for path in covered) for p in patterns), rules


def test_another_persons_token_does_not_do(house: WebHouse) -> None:
    token = house.signed_in("lin").token()
    assert house.signed_in("boss").client.post("/profile", data={"csrf": token, "title": "x"}).status_code == 403


def test_with_a_bearer_token_cookies_count_for_nothing(house: WebHouse) -> None:
    browser = house.signed_in("lin")
    answer = browser.get("/profile", Authorization="Bearer dj_wrong")
    assert answer.status_code == 303


def test_on_https_cookies_are_secure_and_browsers_are_told_to_stay(tmp_path: Path) -> None:
    house = make_house(tmp_path, Settings(base_url="https://orders.example"))
    answer = house.visitor().post("/sign-in", name="boss", password=PASSWORD)
    assert all("Secure" in line for line in answer.headers.getlist("Set-Cookie"))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_pages_are_not_kept_by_caches(house: WebHouse) -> None:
    assert house.signed_in("lin").get("/").headers["Cache-Control"] == "private, no-store"
