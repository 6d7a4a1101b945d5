from __future__ import annotations

import pytest

from tests.unit.builder_ui.web_house import APP, WebHouse


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/a/nope/",
        f"{APP}/b/nope",
        f"{APP}/t/nope",
        f"{APP}/t/orders/nope",
        "/market/nope",
        "/market/nope/picture",
        "/static/nope.css",
    ],
)
def test_what_is_not_there_says_so_in_the_readers_language(house: WebHouse, path: str) -> None:
    browser = house.signed_in("boss")
    assert "没有" in browser.get(path).text
    answer = browser.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_a_stranger_gets_error_pages_too(house: WebHouse) -> None:
    answer = house.visitor().get("/nope", **{"Accept-Language": "en-GB,en"})
    assert answer.status_code == 404
    assert "Not found" in answer.text
    assert "Sign in" in answer.text


def test_a_wrong_method_names_the_right_ones(house: WebHouse) -> None:
    browser = house.signed_in("boss")
    answer = browser.post("/market")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "这里不能这样做" in answer.text


def test_too_large_a_form_says_so(house: WebHouse) -> None:
    browser = house.signed_in("boss")
    answer = browser.post("/profile", title="x" * (17 * 1024 * 1024))
    assert answer.status_code == 413
    assert "内容太大" in answer.text


def test_what_breaks_inside_shows_a_reference_and_no_trace(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError("the secret inside")

    browser = house.signed_in("boss")
    monkeypatch.setattr(house.world.runtime, "describe", broken)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "这里出错了" in answer.text
    assert "请把这个编号告诉管理员" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_even_when_the_session_cannot_be_asked_the_answer_is_a_page(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("database is away")

    browser = house.signed_in("boss")
    monkeypatch.setattr(house.people, "session", broken)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "这里出错了" in answer.text


def test_for_programs_errors_are_problem_documents(house: WebHouse) -> None:
    answer = house.visitor().get("/api/v1/nope")
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == answer.status_code


def test_health(house: WebHouse) -> None:
    assert house.visitor().get("/healthz").status_code == 200
    assert house.visitor().get("/readyz").status_code == 200


@pytest.mark.parametrize("path", [APP, "/a//order_tracking/"])
def test_moving_on_is_never_to_the_host_that_was_asked_for(house: WebHouse, path: str) -> None:
    answer = house.visitor().get(path, **{"Host": "evil.example"})
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{APP}/"
