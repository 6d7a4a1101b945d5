"""Strict JSON: each bad body is refused with its status, code and place, whatever its size."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from builder_ui.api.bodies import MAX_BYTES, parse
from engine.model.problem import Problem
from tests.unit.api.fakes import FakeRuntime

RECORDS = "/api/v1/apps/shop/tables/orders/records"

BAD = [
    (b'{"values": {"amount": NaN}}', 400, "not_a_number", "values.amount"),
    (b'{"values": {"amount": -Infinity}}', 400, "not_a_number", "values.amount"),
    (b'{"values": {"a": 1, "a": 2}}', 400, "duplicate_name", "values.a"),
    (b'{"values": {}, "values": {}}', 400, "duplicate_name", "values"),
    (b'{"values": {"amount": ' + b"9" * 5000 + b"}}", 400, "number_too_long", "values.amount"),
    (b'{"values": {"amount": 0.' + b"9" * 5000 + b"}}", 400, "number_too_long", "values.amount"),
    (b'{"values": {"amount": 1e999999999}}', 400, "number_too_long", "values.amount"),
    (b'{"values": {"list": [1, "\\ud800"]}}', 422, "bad_text", "values.list[1]"),
    (b'{"values": {"remark": "a\\u0000b"}}', 422, "bad_text", "values.remark"),
    (b'{"values": {"\\udc00": 1}}', 422, "bad_text", "values.'\\udc00'"),
    (b"[" * 50_000, 400, "too_deep", None),
    (b'{"a":' * 40 + b"1" + b"}" * 40, 400, "too_deep", None),
    (b'{"values": {"remark": "\xff"}}', 400, "not_utf8", None),
    (b"{'values': 1}", 400, "not_json", None),
    (b"", 400, "not_json", None),
    (b"null", 422, "not_an_object", ""),
    (b'"text"', 422, "not_an_object", ""),
    (b'{"value": {}}', 422, "unknown_member", "value"),
    (b'{"values": []}', 422, "not_an_object", "values"),
    (b'{"values": null}', 422, "not_an_object", "values"),
    (b'{"children": {"items": {}}}', 422, "not_a_list", "children.items"),
    (b'{"children": {"items": [{}, 3]}}', 422, "not_an_object", "children.items[1]"),
    (b'[{"values": {}}, {"valves": {}}]', 422, "unknown_member", "[1].valves"),
    (b'{"values": {"x": "' + b"y" * MAX_BYTES + b'"}}', 413, "too_large", None),
]


@pytest.mark.parametrize(("body", "status", "code", "path"), BAD, ids=[str(n) for n in range(len(BAD))])
def test_a_bad_body_is_refused_with_its_place(
    house: tuple[FlaskClient, FakeRuntime], body: bytes, status: int, code: str, path: str | None
) -> None:
    client, runtime = house
    answer = client.post(RECORDS, data=body, content_type="application/json")
    said = json.loads(answer.data)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    if status == 422:
        assert said["errors"][0]["code"] == code
    else:
        assert said["code"] == code
    if path is not None:
        assert said["errors"][0]["path"] == path
    assert runtime.writes == []


def test_numbers_are_never_binary_floats() -> None:
    value = parse('{"a": 0.1, "b": 10, "c": 1e2, "d": true}')
    assert value == {"a": Decimal("0.1"), "b": 10, "c": Decimal("1e2"), "d": True}
    assert isinstance(value["a"], Decimal)
    assert isinstance(value["b"], int)


def test_a_form_is_no_json(client: FlaskClient) -> None:
    assert client.post(RECORDS, data={"values": "1"}).status_code == 415


def test_quotes_and_brackets_in_text_are_no_depth() -> None:
    text = json.dumps({"a": '[{"' * 100 + "\\"})
    assert parse(text) == {"a": '[{"' * 100 + "\\"}


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=9)
)
def test_what_json_writes_is_read_back_or_refused(value: object) -> None:
    with suppress(Problem):
        assert parse(json.dumps(value)) == value


@given(st.text(alphabet='[]{}",:0123456789.eE+-tfnNaInIy\\u', max_size=60))
def test_any_text_is_a_value_or_a_problem(text: str) -> None:
    with suppress(Problem):
        parse(text)
