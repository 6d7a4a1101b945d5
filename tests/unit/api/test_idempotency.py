"""The same key and body: done once, answered alike; another body: refused."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from builder_ui.api.idempotency import REPLAYED
from engine.model.change import Outcome, Write
from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text
from tests.unit.api.fakes import FakeRuntime

RECORDS = "/api/v1/apps/shop/tables/orders/records"
KEY = {"Idempotency-Key": "k1"}


def test_the_first_answer_comes_again(client: FlaskClient, runtime: FakeRuntime) -> None:
    first = client.post(RECORDS, json={"values": {"amount": 1}}, headers=KEY)
    runtime.writes.append(Write("shop", "orders"))  # the record would look different now
    again = client.post(RECORDS, json={"values": {"amount": 1}}, headers=KEY)
    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert (REPLAYED in first.headers, again.headers[REPLAYED]) == (False, "true")
    assert len(runtime.writes) == 2


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", RECORDS, {"values": {"amount": 2}}),
        ("POST", RECORDS, [{"values": {"amount": 1}}]),
        ("PATCH", f"{RECORDS}/r1", {"values": {"amount": 1}}),
        ("POST", f"{RECORDS}/r1/transitions/ship", {"values": {"amount": 1}}),
    ],
)
def test_another_request_under_the_key_is_refused(client: FlaskClient, method: str, path: str, body: object) -> None:
    client.post(RECORDS, json={"values": {"amount": 1}}, headers=KEY)
    answer = client.open(path, method=method, json=body, headers=KEY)
    assert (answer.status_code, (answer.json or {})["code"]) == (422, "idempotency_key_reused")


def test_a_refusal_is_the_answer_too(client: FlaskClient, runtime: FakeRuntime) -> None:
    def refuse(write: Write) -> Outcome:
        raise invalid((Fault("amount", "bad", Text("不行", "No")),))

    was, runtime.answer = runtime.answer, refuse
    first = client.post(RECORDS, json={}, headers=KEY)
    runtime.answer = was
    again = client.post(RECORDS, json={}, headers=KEY)
    assert (first.status_code, again.status_code, again.data, again.mimetype) == (422, 422, first.data, first.mimetype)


def test_what_broke_here_may_be_tried_again(client: FlaskClient, runtime: FakeRuntime) -> None:
    def busy(write: Write) -> Outcome:
        raise Problem(429, "busy", Text("忙", "Busy"), Text("忙", "Busy"), facts={"retry_after": 1})

    was, runtime.answer = runtime.answer, busy
    assert client.post(RECORDS, json={}, headers=KEY).status_code == 429
    runtime.answer = was
    assert client.post(RECORDS, json={}, headers=KEY).status_code == 201


def test_a_bulk_goes_on_where_it_was_killed(client: FlaskClient, runtime: FakeRuntime) -> None:
    def killed(write: Write) -> Outcome:
        if len(runtime.writes) == 2:
            raise SystemExit
        return Outcome("r" + write.values["n"], 1, created=True)

    body = [{"values": {"n": str(n)}} for n in range(4)]
    runtime.answer = killed
    with pytest.raises(SystemExit):
        client.post(RECORDS, json=body, headers=KEY)
    other = client.post(RECORDS, json=body[:3], headers=KEY)
    assert (other.status_code, len(runtime.writes)) == (422, 2)
    runtime.answer = lambda write: Outcome("r" + write.values["n"], 1, created=True)
    answer = client.post(RECORDS, json=body, headers=KEY)
    assert [row["id"] for row in (answer.json or {})["results"]] == ["r0", "r1", "r2", "r3"]
    assert len(runtime.writes) == 4
    assert client.post(RECORDS, json=body, headers=KEY).data == answer.data


@pytest.mark.parametrize("key", ["", "x" * 201, "schlüssel"])
def test_a_bad_key_is_refused(client: FlaskClient, key: str) -> None:
    answer = client.post(RECORDS, json={}, headers={"Idempotency-Key": key})
    assert (answer.status_code, (answer.json or {})["code"]) == (400, "bad_idempotency_key")
