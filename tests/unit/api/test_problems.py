"""Everything under /api that is not done is a problem document, and never a stack trace."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from engine.model.change import Outcome, Write
from engine.model.problem import Problem
from engine.model.text import Text
from engine.people.fresh import csrf_of
from tests.unit.api.fakes import FakeRuntime, make_client

RECORDS = "/api/v1/apps/shop/tables/orders/records"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v2", 404),
        ("GET", "/api", 404),
        ("POST", "/api/v1/apps", 405),
        ("PUT", f"{RECORDS}/r1", 405),
        ("GET", "/api/v1/apps/other", 404),
        ("GET", "/api/v1/apps/other/tables/orders/records", 404),
        ("POST", "/api/v1/inbox/none/read", 404),
        ("GET", f"{RECORDS}/none", 404),
    ],
)
def test_what_is_not_there_is_a_problem_document(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert {"type", "title", "status", "code", "detail", "errors"} <= set(answer.json or {})
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_other_pages_keep_their_own_errors(client: FlaskClient) -> None:
    assert client.get("/nothing").mimetype == "text/html"


def test_a_bug_is_a_plain_500(client: FlaskClient, runtime: FakeRuntime) -> None:
    def broken(write: Write) -> Outcome:
        raise RuntimeError("secret inner thing")

    runtime.answer = broken
    answer = client.post(RECORDS, json={})
    assert (answer.status_code, (answer.json or {})["code"]) == (500, "internal")
    assert b"secret inner thing" not in answer.data


def test_a_busy_database_asks_to_come_again(client: FlaskClient, runtime: FakeRuntime) -> None:
    def busy(write: Write) -> Outcome:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))

    runtime.answer = busy
    answer = client.post(RECORDS, json={})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_limit_says_when_to_come_again(client: FlaskClient, runtime: FakeRuntime) -> None:
    def limited(write: Write) -> Outcome:
        raise Problem(429, "too_many", Text("太多", "Too many"), Text("太多", "Too many"), facts={"retry_after": 12.5})

    runtime.answer = limited
    answer = client.post(RECORDS, json={})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "12")


@pytest.mark.parametrize("header", ["Bearer bad", "Bearer", "Basic Z29vZA==", "good", ""])
def test_a_bad_token_is_refused(client: FlaskClient, header: str) -> None:
    answer = client.get("/api/v1/apps", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_nobody_is_asked_to_sign_in(client: FlaskClient) -> None:
    client.environ_base.pop("HTTP_AUTHORIZATION")
    answer = client.get("/api/v1/apps")
    assert (answer.status_code, (answer.json or {})["remedies"][0]["kind"]) == (401, "sign_in")


def test_a_cookie_writes_only_with_its_csrf_header(tmp_path: Path) -> None:
    client, runtime = make_client(tmp_path, session=True)
    assert client.get("/api/v1/apps").status_code == 200
    assert client.post(RECORDS, json={}).status_code == 403
    assert client.post(RECORDS, json={}, headers={"X-CSRF-Token": "wrong"}).status_code == 403
    assert runtime.writes == []
    assert client.post(RECORDS, json={}, headers={"X-CSRF-Token": csrf_of("a session")}).status_code == 201
    runtime.database.close()
