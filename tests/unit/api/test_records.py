"""Records over REST: what is asked of the runtime and how its answers are written."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.model.change import Mode, Outcome, Write
from engine.model.problem import Fault, Problem, invalid, refused
from engine.model.text import Text
from tests.unit.api.fakes import FakeRuntime

RECORDS = "/api/v1/apps/shop/tables/orders/records"


def test_a_list_passes_its_question_on(client: FlaskClient, runtime: FakeRuntime) -> None:
    url = f"{RECORDS}?where=amount+%3E+1&sort=-amount,no&fields=amount&search=x&limit=500&cursor=c&count=exact"
    answer = client.get(url)
    assert answer.json is not None
    assert answer.json["count"] == 1
    read = runtime.reads[0]
    assert (read.where, read.sort, read.fields, read.search) == ("amount > 1", ("-amount", "no"), ("amount",), "x")
    assert (read.limit, read.cursor, read.count) == (500, "c", True)


@pytest.mark.parametrize(
    ("question", "path", "code"),
    [
        ("limit=0", "limit", "bad_limit"),
        ("limit=501", "limit", "bad_limit"),
        ("limit=x", "limit", "bad_limit"),
        ("limit=%EF%BC%95", "limit", "bad_limit"),
        ("count=yes", "count", "bad_count"),
        ("filter=amount", "filter", "unknown_parameter"),
        ("where=a&where=b", "where", "duplicate_parameter"),
        ("where=%00", "where", "bad_text"),
    ],
)
def test_a_question_not_understood_is_refused(client: FlaskClient, question: str, path: str, code: str) -> None:
    answer = client.get(f"{RECORDS}?{question}")
    assert answer.status_code == 422
    assert [(e["path"], e["code"]) for e in (answer.json or {})["errors"]] == [(path, code)]


def test_a_new_record_is_answered_with_its_place(client: FlaskClient, runtime: FakeRuntime) -> None:
    answer = client.post(RECORDS, json={"values": {"amount": "1"}, "children": {"items": [{"quantity": 2}]}})
    assert (answer.status_code, answer.headers["Location"], answer.headers["ETag"]) == (201, f"{RECORDS}/r1", '"1"')
    assert (answer.json or {})["values"]["amount"] == "1.00"
    assert runtime.writes == [Write("shop", "orders", values={"amount": "1"}, children={"items": [{"quantity": 2}]})]


def test_minimal_answers_on_request(client: FlaskClient) -> None:
    answer = client.post(RECORDS, json={}, headers={"Prefer": "return=minimal"})
    assert answer.json == {"id": "r1", "version": 1}
    assert answer.headers["Preference-Applied"] == "return=minimal"


def test_each_row_of_a_list_succeeds_or_fails_alone(client: FlaskClient, runtime: FakeRuntime) -> None:
    def judge(write: Write) -> Outcome:
        if write.values["amount"] == "x":
            raise invalid((Fault("values.amount", "bad_number", Text("不是数", "Not a number")),))
        return Outcome("r" + write.values["amount"], 1, created=True)

    runtime.answer = judge
    answer = client.post(RECORDS, json=[{"values": {"amount": a}} for a in ("1", "x", "3")])
    assert answer.status_code == 207
    results = (answer.json or {})["results"]
    assert [(r["index"], r["status"]) for r in results] == [(0, 201), (1, 422), (2, 201)]
    assert results[2]["location"] == f"{RECORDS}/r3"
    assert results[1]["problem"]["errors"][0]["path"] == "values.amount"


def test_a_list_is_bounded(client: FlaskClient, runtime: FakeRuntime) -> None:
    answer = client.post(RECORDS, json=[{}] * 1001)
    assert (answer.status_code, (answer.json or {})["code"]) == (413, "too_many_rows")
    assert runtime.writes == []


def test_if_match_becomes_the_expected_version(client: FlaskClient, runtime: FakeRuntime) -> None:
    for header, version in (('"7"', 7), ('W/"8"', 8), ("*", None)):
        assert client.patch(f"{RECORDS}/r1", json={"values": {}}, headers={"If-Match": header}).status_code == 200
        assert runtime.writes[-1].expected_version == version
    client.patch(f"{RECORDS}/r1", json={"values": {}})
    assert runtime.writes[-1].expected_version is None
    bad = client.patch(f"{RECORDS}/r1", json={"values": {}}, headers={"If-Match": "7"})
    assert (bad.status_code, (bad.json or {})["code"]) == (400, "bad_if_match")


def test_a_patch_without_values_is_refused(client: FlaskClient) -> None:
    assert client.patch(f"{RECORDS}/r1", json={}).status_code == 422


def test_removing_answers_nothing(client: FlaskClient, runtime: FakeRuntime) -> None:
    runtime.answer = lambda write: Outcome(write.id or "", 2, deleted=True)
    answer = client.delete(f"{RECORDS}/r1")
    assert (answer.status_code, answer.data, runtime.writes[0].delete) == (204, b"", True)


def test_a_transition_takes_values_or_no_body(client: FlaskClient, runtime: FakeRuntime) -> None:
    assert client.post(f"{RECORDS}/r1/transitions/ship", json={"values": {"no": "SF1"}}).status_code == 200
    assert client.post(f"{RECORDS}/r1/transitions/ship").status_code == 200
    assert runtime.writes == [
        Write("shop", "orders", "r1", {"no": "SF1"}, transition="ship"),
        Write("shop", "orders", "r1", transition="ship"),
    ]


def test_what_was_carried_out_of_sight_is_gone(client: FlaskClient, runtime: FakeRuntime) -> None:
    runtime.answer = lambda write: Outcome("r1", 5, gone=True)
    assert client.post(f"{RECORDS}/r1/transitions/ship").json == {"id": "r1", "version": 5, "gone": True}


def test_a_refusal_speaks_the_callers_language(client: FlaskClient, runtime: FakeRuntime) -> None:
    def refuse(write: Write) -> Outcome:
        raise refused("not_editable", Text("已审后不能改", "Not once approved"), path="amount")

    runtime.answer = refuse
    for language, detail in (("en-GB,zh;q=0.5", "Not once approved"), ("zh-CN", "已审后不能改"), ("fr", "已审后不能改")):
        answer = client.patch(f"{RECORDS}/r1", json={"values": {"amount": 1}}, headers={"Accept-Language": language})
        assert (answer.status_code, (answer.json or {})["detail"]) == (403, detail)


def test_facts_of_a_problem_are_members_of_its_document(client: FlaskClient, runtime: FakeRuntime) -> None:
    def conflict(write: Write) -> Outcome:
        by = {"changed": [{"field": "amount", "by": "li", "what": Text("金额", "Amount")}], "status": "not overwritten"}
        raise Problem(412, "changed", Text("已被改过", "Changed"), Text("已被改过", "Changed"), facts=by)

    runtime.answer = conflict
    said = client.patch(f"{RECORDS}/r1", json={"values": {"amount": 1}}).json or {}
    assert said["changed"] == [{"field": "amount", "by": "li", "what": "金额"}]
    assert said["status"] == 412


@pytest.mark.parametrize(
    ("question", "match", "mode"),
    [
        ("", (), Mode.CREATE),
        ("?match=no", ("no",), Mode.UPSERT),
        ("?match=shop,no&on_duplicate=update", ("shop", "no"), Mode.UPSERT),
        ("?match=no&on_duplicate=skip", ("no",), Mode.SKIP),
        ("?match=no&on_duplicate=refuse", ("no",), Mode.CREATE),
    ],
)
def test_a_key_may_name_the_record(
    client: FlaskClient, runtime: FakeRuntime, question: str, match: tuple[str, ...], mode: Mode
) -> None:
    assert client.post(f"{RECORDS}{question}", json={"values": {"no": "1"}}).status_code == 201
    assert client.post(f"{RECORDS}{question}", json=[{"values": {"no": "1"}}]).status_code == 207
    assert runtime.writes == [Write("shop", "orders", values={"no": "1"}, match=match, mode=mode)] * 2


def test_a_record_that_was_there_is_answered_200(client: FlaskClient, runtime: FakeRuntime) -> None:
    runtime.answer = lambda write: Outcome("r1", 3, skipped=True)
    assert client.post(f"{RECORDS}?match=no&on_duplicate=skip", json={"values": {"no": "1"}}).status_code == 200
    answer = client.post(f"{RECORDS}?match=no&on_duplicate=skip", json=[{"values": {"no": "1"}}])
    assert (answer.json or {})["results"] == [
        {"index": 0, "status": 200, "location": f"{RECORDS}/r1", "id": "r1", "version": 3, "skipped": True}
    ]


@pytest.mark.parametrize(
    ("question", "path", "code"),
    [
        ("match=no&on_duplicate=maybe", "on_duplicate", "bad_on_duplicate"),
        ("on_duplicate=skip", "match", "required"),
        ("matches=no", "matches", "unknown_parameter"),
    ],
)
def test_how_to_match_is_read_strictly(client: FlaskClient, runtime: FakeRuntime, question: str, path: str, code: str) -> None:
    answer = client.post(f"{RECORDS}?{question}", json={})
    assert answer.status_code == 422
    assert [(e["path"], e["code"]) for e in (answer.json or {})["errors"]] == [(path, code)]
    assert runtime.writes == []


def test_many_records_are_changed_each_for_itself(client: FlaskClient, runtime: FakeRuntime) -> None:
    rows = [{"id": "r1", "version": 4, "values": {"amount": "1"}}, {"id": "r2", "values": {"amount": "2"}}]
    answer = client.patch(RECORDS, json=rows)
    assert [(r["index"], r["status"], r["id"]) for r in (answer.json or {})["results"]] == [(0, 200, "r1"), (1, 200, "r2")]
    assert runtime.writes == [
        Write("shop", "orders", "r1", {"amount": "1"}, expected_version=4),
        Write("shop", "orders", "r2", {"amount": "2"}),
    ]
    client.patch(f"{RECORDS}?match=no", json=[{"version": 2, "values": {"no": "1"}}])
    assert runtime.writes[-1] == Write(
        "shop", "orders", values={"no": "1"}, expected_version=2, match=("no",), mode=Mode.UPDATE
    )


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ({"id": "r1"}, ""),
        ([{"values": {}}], "[0].id"),
        ([{"id": 7}], "[0].id"),
        ([{"id": "r1", "version": True}], "[0].version"),
        ([{"id": "r1", "version": "3"}], "[0].version"),
        ([{"id": "r1", "version": 0}], "[0].version"),
        ([{"id": "r1"}, {"id": "r2", "value": {}}], "[1].value"),
        ([{"id": "r1", "values": []}], "[0].values"),
    ],
)
def test_a_list_of_changes_that_cannot_be_read_changes_nothing(
    client: FlaskClient, runtime: FakeRuntime, rows: Any, path: str
) -> None:
    answer = client.patch(RECORDS, json=rows)
    assert answer.status_code == 422
    assert [e["path"] for e in (answer.json or {})["errors"]] == [path]
    assert runtime.writes == []
