from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask, request

from builder_ui.static_files import Shelf
from tests.unit.builder_ui.web_house import WebHouse


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").write_text("body{}" * 500)
    (tmp_path / "b.js").write_text("x")
    return tmp_path


def test_the_hash_changes_with_any_file(folder: Path) -> None:
    before = Shelf(folder).hash
    assert Shelf(folder).hash == before
    (folder / "b.js").write_text("y")
    assert Shelf(folder).hash != before


def test_a_wrong_name_is_found_at_once(folder: Path) -> None:
    with pytest.raises(KeyError):
        Shelf(folder).url("css/b.css")


def test_right_hash_for_ever_else_asked_again(folder: Path) -> None:
    shelf = Shelf(folder)
    with Flask("x").test_request_context(headers={"Accept-Encoding": "gzip"}):
        kept = shelf.answer(f"v-{shelf.hash}/css/a.css", request)
        old = shelf.answer("v-000000000000/css/a.css", request)
        plain = shelf.answer("css/a.css", request)
    assert kept is not None
    assert old is not None
    assert plain is not None
    assert "immutable" in kept.headers["Cache-Control"]
    assert old.headers["Cache-Control"] == plain.headers["Cache-Control"] == "no-cache"
    assert gzip.decompress(kept.get_data()) == b"body{}" * 500
    assert kept.content_type == "text/css; charset=utf-8"


def test_small_files_and_old_browsers_get_it_unpacked(folder: Path) -> None:
    shelf = Shelf(folder)
    with Flask("x").test_request_context():
        plain = shelf.answer("css/a.css", request)
    with Flask("x").test_request_context(headers={"Accept-Encoding": "gzip"}):
        small = shelf.answer("b.js", request)
    assert plain is not None
    assert small is not None
    assert "Content-Encoding" not in plain.headers
    assert small.get_data() == b"x"
    assert small.content_type == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("name", ["../secret", "v-000000000000/../../x", "%2e%2e/x", "css", "", "/etc/passwd", "..%5cx"])
def test_nothing_outside_the_folder(house: WebHouse, name: str) -> None:
    assert house.visitor().get(f"/static/{name}").status_code in (308, 404)


def test_what_a_browser_has_is_not_sent_again(house: WebHouse) -> None:
    visitor = house.visitor()
    first = visitor.get("/static/css/base.css")
    again = visitor.get("/static/css/base.css", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_pages_are_packed_for_slow_lines(house: WebHouse) -> None:
    answer = house.signed_in("boss").get("/", **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(answer.data).lower()
