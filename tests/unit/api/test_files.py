from __future__ import annotations

import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builder_ui.web import make_web
from engine.market.market import Market
from tests.pictures import PDF, SECRET, photo
from tests.unit.runtime.filing import depot
from tests.world import TEMPLATE, World

TABLE = "/api/v1/apps/depot/tables/orders"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return depot(tmp_path)


def program(world: World, name: str, role: str) -> FlaskClient:
    settings: Any = SimpleNamespace(locale="en", timezone="Asia/Shanghai", base_url=None)
    web = make_web(world.runtime, world.people, Market(TEMPLATE.parent, world.runtime, world.people), settings)
    user = world.people.add_user(name)
    world.people.grant(user, world.runtime.program("depot").app, role)
    client = web.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {world.people.issue_token(user, 'test')[1]}"
    return client


@pytest.fixture
def client(world: World) -> FlaskClient:
    return program(world, "ann", "keeper")


def upload(client: FlaskClient, data: bytes, name: str, field: str = "papers") -> TestResponse:
    return client.post(f"{TABLE}/files?field={field}", data={"file": (io.BytesIO(data), name)})


def attached(client: FlaskClient, data: bytes, name: str) -> str:
    file = upload(client, data, name).get_json()["id"]
    record = client.post(f"{TABLE}/records", json={"values": {"papers": [file]}}).get_json()["id"]
    return f"{TABLE}/records/{record}/files/{file}"


def test_what_is_sent_back_can_do_nothing_in_a_browser(client: FlaskClient) -> None:
    for data, name in ((b"<script>alert(1)</script>", "a.html"), (PDF, "a.pdf"), (photo(), "a.jpg")):
        answer = client.get(attached(client, data, name))
        assert answer.data == data
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["Cache-Control"].startswith("private, no-cache")


def test_only_pictures_of_our_own_drawing_are_shown_in_place(client: FlaskClient) -> None:
    address = attached(client, photo(), "a.jpg")
    shown = client.get(f"{address}?as=show")
    assert shown.headers["Content-Disposition"].startswith("inline; ")
    assert SECRET not in shown.data
    assert client.get(f"{attached(client, PDF, 'a.pdf')}?as=show").status_code == 404
    assert client.get(f"{address}?as=other").status_code == 422


def test_names_are_kept_in_the_form_of_rfc_6266(client: FlaskClient) -> None:
    answer = client.get(attached(client, PDF, "合同 A%.pdf"))
    name = re.search(r"filename=\"([^\"]*)\"; filename\*=UTF-8''(\S+)$", answer.headers["Content-Disposition"])
    assert name is not None
    assert (name[1], name[2]) == ("__ A_.pdf", "%E5%90%88%E5%90%8C%20A%25.pdf")


def test_a_part_of_a_file_can_be_asked_for_and_an_unchanged_one_is_not_sent_again(client: FlaskClient) -> None:
    address = attached(client, PDF, "a.pdf")
    part = client.get(address, headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.data) == (206, b"%PDF-")
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_an_unchanged_file_is_not_there_for_who_may_not_see_it(world: World, client: FlaskClient) -> None:
    address = attached(client, PDF, "a.pdf")
    tag = client.get(address).headers["ETag"]
    stranger = program(world, "eve", "guest")
    assert stranger.get(address, headers={"If-None-Match": tag}).status_code == 304
    client.patch(address.rpartition("/files/")[0], json={"values": {"papers": None}})
    assert stranger.get(address, headers={"If-None-Match": tag}).status_code == 404


def test_the_files_of_a_record_are_listed_with_what_they_are(client: FlaskClient) -> None:
    address = attached(client, photo(), "a.jpg")
    (found,) = client.get(address.rpartition("/")[0]).get_json()["files"]
    assert (found["name"], found["field"], found["picture"], found["width"]) == ("a.jpg", "papers", True, 60)


@pytest.mark.parametrize(
    ("path", "data", "kind", "status"),
    [
        ("", b"x", "multipart/form-data; boundary=x", 422),
        ("?field=nothing", b"x", "multipart/form-data; boundary=x", 422),
        ("?field=papers&field=papers", b"x", "multipart/form-data; boundary=x", 422),
        ("?field=papers", b"{}", "application/json", 415),
        ("?field=papers", b"x", "multipart/form-data", 415),
        ("?field=papers", b"x", "multipart/form-data; boundary=" + "x" * 5_000, 415),
        ("?field=papers", b"", "multipart/form-data; boundary=x", 422),
        ("?field=papers", b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        ("?field=papers", b"--x\r\n\r\n\r\n--x--\r\n", "multipart/form-data; boundary=x", 400),
        (
            "?field=papers",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
def test_an_upload_that_cannot_be_read_is_a_problem_with_words(
    client: FlaskClient, path: str, data: bytes, kind: str, status: int
) -> None:
    answer = client.post(f"{TABLE}/files{path}", data=data, content_type=kind)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["detail"]


def test_two_files_at_once_and_a_file_too_large_leave_nothing(client: FlaskClient, world: World) -> None:
    two = {"file": (io.BytesIO(PDF), "a.pdf"), "more": (io.BytesIO(PDF), "b.pdf")}
    assert client.post(f"{TABLE}/files?field=papers", data=two).status_code == 422
    answer = upload(client, b"x" * 1_100_000, "a.jpg", "photos")
    assert answer.status_code == 413, answer.text
    assert answer.get_json()["max_bytes"] == 1024 * 1024
    folder = world.runtime.core.blobs.folder
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_value_that_is_no_list_of_files_is_refused_with_its_place(client: FlaskClient) -> None:
    values: tuple[Any, ...] = ("x", 5, {"a": 1}, [1], ["../../etc/passwd"], [["a"]], True, "[[[[", "x" * 100_000)
    for value in values:
        answer = client.post(f"{TABLE}/records", json={"values": {"papers": value}})
        assert (answer.status_code, answer.get_json()["errors"][0]["path"]) == (422, "papers"), value
