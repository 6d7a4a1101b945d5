from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builder_ui.web import make_web
from engine.market.market import Market
from tests.pictures import PDF, photo
from tests.unit.builder_ui.web_house import PASSWORD, Browser, Settings
from tests.unit.runtime.filing import depot
from tests.world import TEMPLATE, World, actor

HERE = "/a/depot/t/orders"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return depot(tmp_path)


@pytest.fixture
def browser(world: World) -> FlaskClient:
    web = make_web(world.runtime, world.people, Market(TEMPLATE.parent, world.runtime, world.people), Settings(locale="en"))
    user = world.people.add_user("ann")
    world.people.set_password(user, PASSWORD)
    world.people.grant(user, world.runtime.program("depot").app, "keeper")
    client = web.test_client()
    assert Browser(client).post("/sign-in", name="ann", password=PASSWORD).status_code == 303
    return client


def send(client: FlaskClient, path: str, page: str, **values: Any) -> TestResponse:
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get(page).text)
    assert token is not None
    return client.post(path, data={"csrf": token[1], **values}, content_type="multipart/form-data")


def test_files_come_and_go_with_the_form_alone(browser: FlaskClient, world: World) -> None:
    files = [(io.BytesIO(photo()), "a.jpg"), (io.BytesIO(PDF), "b.pdf")]
    answer = send(browser, f"{HERE}/new", f"{HERE}/new", **{"no": "1", "add-photos": files})
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.headers["Location"]).text
    assert re.findall(r'class="file-name"><a [^>]*>([^<]+)<', page) == ["a.jpg", "b.pdf"]
    small = re.search(r'<img src="([^"]+as=small)"', page)
    assert small is not None
    assert browser.get(small[1]).mimetype == "image/jpeg"
    (record,) = world.all("orders")
    first, second = record["photos"]
    kept = json.dumps([first, second])
    address = f"{HERE}/{record['id']}"
    answer = send(browser, address, address, **{"version": "1", "photos": kept, "was-photos": kept, "drop-photos": first})
    assert answer.status_code == 303, answer.text
    assert world.all("orders")[0]["photos"] == (second,)


def test_a_file_that_is_not_taken_is_told_beside_its_field_and_the_others_stay(browser: FlaskClient, world: World) -> None:
    files = [(io.BytesIO(b"just text"), "a.txt"), (io.BytesIO(PDF), "b.pdf")]
    answer = send(browser, f"{HERE}/new", f"{HERE}/new", **{"no": "1", "add-photos": files})
    assert answer.status_code == 422
    assert "Photos does not take such a file" in answer.text
    kept = re.search(r'name="photos" value="([^"]+)"', answer.text)
    assert kept is not None
    assert "b.pdf" in answer.text
    assert world.all("orders") == []
    ids = kept[1].replace("&#34;", '"')
    assert send(browser, f"{HERE}/new", f"{HERE}/new", no="1", photos=ids).status_code == 303
    assert len(world.all("orders")[0]["photos"]) == 1


def test_a_list_tells_how_many_files_there_are(browser: FlaskClient) -> None:
    send(browser, f"{HERE}/new", f"{HERE}/new", **{"add-papers": [(io.BytesIO(PDF), "b.pdf")]})
    assert ">1 file<" in browser.get(HERE).text


def test_a_transition_can_ask_for_a_file(browser: FlaskClient, world: World) -> None:
    record = world.create("orders", actor(kind="system"), no="1").id
    address = f"{HERE}/{record}"
    assert 'name="add-photos"' in browser.get(address).text
    photos = [(io.BytesIO(photo()), "a.jpg")]
    answer = send(browser, f"{address}/move/finish", address, **{"version": "1", "add-photos": photos})
    assert answer.status_code == 303, answer.text
    assert world.all("orders")[0]["status"] == "done"


@pytest.mark.parametrize("typed", ["[", "5", "{}", "[5]", '["x"]', "null", "[" * 5_000, '"a"'])
def test_what_a_form_cannot_mean_is_refused_in_words(browser: FlaskClient, typed: str) -> None:
    answer = send(browser, f"{HERE}/new", f"{HERE}/new", photos=typed)
    assert answer.status_code in (303, 422)
