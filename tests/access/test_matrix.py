"""Role × field × state × verb: what the house does is what the YAML says, worked out by another way (matrix.py)."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.model.change import Write
from tests.access.house import House, open_house
from tests.access.matrix import BY_FLOW, FIELDS, FLOW, IMPLICIT, PEOPLE, SEARCHED, STAMPS, STATES, TEXT, Oracle, mask
from tests.databases import ON_BOTH
from tests.world import SYSTEM, actor

pytestmark = ON_BOTH

ROOT = "/api/v1/apps/matrix/tables/cases"
NEW: Mapping[str, Any] = {
    "code": "N", "team": "y", "amount": "7.00", "phone": "13900000000", "note": "other", "grade": "b", "size": 5, "paid": False,
}  # fmt: skip
MOVES: Mapping[str, tuple[str, ...]] = {"open": (), "held": ("hold",), "done": ("close",)}
MOVER = actor("full")
Kept = dict[str, dict[str, Any]]


def values(n: int, state: str) -> dict[str, Any]:
    """Sizes let a record come to its state and out of it, or not."""
    return {
        "code": f"K{n:02d}",
        "team": ("x", "y", None)[n % 3],
        "amount": f"{n * 10 + 5}.50",
        "phone": f"1380000{n:04d}",
        "note": f"geheim{n:02d}",
        "grade": ("a", "b")[n % 2],
        "size": 2 + n % 3 if state == "done" else n % 4,
        "paid": (True, False)[n // 2 % 2],
    }


@pytest.fixture(scope="module")
def house(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(Path(tmp_path_factory.mktemp("matrix")), files={"app.yaml": TEXT.encode()}) as house:
        house.fate.begin(1)
        for name, roles in PEOPLE.items():
            house.user(name, *roles, team=team_of(name))
        yield house


def add(house: House, n: int, state: str) -> tuple[str, dict[str, Any]]:
    """A record as it is in this state, `amount` as a number for conditions."""
    given = values(n, state)
    id = house.runtime.write(Write("matrix", "cases", values=given), SYSTEM).id
    for move in MOVES[state]:
        house.runtime.write(Write("matrix", "cases", id, transition=move), MOVER)
    return id, {**given, "stat": state, "amount": Decimal(given["amount"])}


@pytest.fixture(scope="module")
def kept(house: House) -> Kept:
    """Records that nothing changes: three teams in three states and more."""
    return dict(add(house, n, STATES[n // 3 % 3]) for n in range(12))


everybody = pytest.mark.parametrize("name", PEOPLE)


def who(house: House, name: str) -> tuple[FlaskClient, Oracle]:
    return house.api(name), Oracle(PEOPLE[name], team_of(name))


def team_of(name: str) -> str | None:
    return None if name.endswith("nowhere") else "x"


def json_of(field: str, value: Any) -> Any:
    return f"{value:.2f}" if field == "amount" else value


def visible(oracle: Oracle, record: Mapping[str, Any], field: str) -> Any:
    how = oracle.shown(record, field)
    value = json_of(field, record[field])
    return value if how == "raw" else mask(record[field]) if how == "mask" else None


@everybody
def test_read(house: House, kept: Kept, name: str) -> None:
    client, oracle = who(house, name)
    listed = {r["id"]: r for r in (client.get(f"{ROOT}/records?limit=500").json or {}).get("records", [])}
    for id, record in kept.items():
        one = client.get(f"{ROOT}/records/{id}")
        assert one.status_code == (200 if oracle.sees(record) else 404)
        assert (id in listed) == oracle.sees(record)
        if one.status_code == 200:
            found = one.json or {}
            assert found == listed[id]
            for field in FIELDS:
                assert (field in found["values"]) == (oracle.names(field) is not None), field
                assert found["values"].get(field) == visible(oracle, record, field), (record, field)
            for stamp in STAMPS:
                seen = oracle.shown(record, "stat") == "raw"
                assert (stamp in found["values"]) == (oracle.names("stat") is not None)
                assert found["values"].get(stamp) is None or seen, stamp
            moves = {move["name"] for move in found["moves"] if move["allowed"]}
            assert moves == (set(oracle.moves(record)) if oracle.shown(record, "stat") == "raw" else set())
            assert set(found["can"]["edit"]) == {f for f in FIELDS if oracle.edits(record, f)}
            assert found["can"]["delete"] == oracle.deletes(record)


@everybody
def test_what_a_form_names(house: House, name: str) -> None:
    client, oracle = who(house, name)
    answer = client.get("/api/v1/apps/matrix")
    table = any(oracle.names(field) for field in FIELDS)
    assert answer.status_code == (200 if table else 404)
    if table:
        (told,) = (answer.json or {})["tables"]
        given = {field for grant in oracle.grants() for field in FIELDS if field in str(grant.get("create", ""))}
        assert {field["name"] for field in told["fields"]} == {f for f in FIELDS if oracle.names(f) or f in given}
        assert {f["name"] for f in told["fields"] if f["can"]["read"]} == {f for f in FIELDS if oracle.names(f)}
        schema = (client.get("/openapi.json").json or {})["components"]["schemas"]["matrix.cases.values"]["properties"]
        assert set(schema) == {f for f in FIELDS if oracle.names(f)}


def literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


@everybody
def test_filter_and_search(house: House, kept: Kept, name: str) -> None:
    client, oracle = who(house, name)
    table = any(oracle.names(field) for field in FIELDS)
    for field in (*FIELDS, *STAMPS):
        answer = client.get(f"{ROOT}/records", query_string={"where": f"empty({field})", "limit": 500})
        by = "stat" if field in STAMPS else field
        assert answer.status_code == (404 if not table else 200 if oracle.names(by) else 400), field
    for field, (at, sample) in ((field, each) for field in FIELDS for each in kept.items() if sampled(each)):
        value = sample[field]
        asked = [{"where": f"{field} == {literal(value)}"}] if value is not None and oracle.names(field) == "raw" else []
        asked += [{"where": f"{field} == '{value}'"}] if oracle.names(field) == "mask" and field in SEARCHED else []
        asked += [{"search": value}] if field in SEARCHED and value is not None and len(value) > 1 and table else []
        for question in asked:
            found = {
                r["id"] for r in (client.get(f"{ROOT}/records", query_string={**question, "limit": 500}).json or {})["records"]
            }
            wanted = {
                id
                for id, record in kept.items()
                if record[field] == value and oracle.sees(record) and found_by(oracle, record, field, question)
            }
            assert found & set(kept) == wanted, (question, at)


def sampled(each: tuple[str, dict[str, Any]]) -> bool:
    return each[1]["code"] in ("K00", "K01", "K04", "K06", "K10")


def found_by(oracle: Oracle, record: Mapping[str, Any], field: str, question: Mapping[str, str]) -> bool:
    """A search passes over a field that may show masked, unless it is found exactly; a filter compares what shows."""
    exact = oracle.exact(record, field)
    if "search" in question and oracle.names(field) == "mask":
        return exact or (
            oracle.shown(record, field) == "raw" and any(isinstance(g["read"].get(field), dict) for g in oracle.grants())
        )
    return oracle.shown(record, field) == "raw" or exact


@everybody
def test_sort_group_and_export(house: House, kept: Kept, name: str) -> None:
    client, oracle = who(house, name)
    table = any(oracle.names(field) for field in FIELDS)
    for field in (*FIELDS, *IMPLICIT):
        wanted = 404 if not table else 200 if field in IMPLICIT or oracle.names(field) else 400
        answers = [client.get(f"{ROOT}/records?sort={field}&limit=500"), client.get(f"{ROOT}/aggregate?group={field}"),
                   client.get(f"{ROOT}/export.csv?fields=id,{field}")]  # fmt: skip
        assert [answer.status_code for answer in answers] == [wanted] * 3, field
        if wanted != 200 or field in IMPLICIT:
            continue
        ordered = [r["values"][field] for r in (answers[0].json or {})["records"]]
        mixed = oracle.names(field) == "mask" and any(value not in (None, "****") for value in ordered)
        assert mixed or ordered == sorted(
            ordered, key=lambda v: (v is not None, _number(v) if oracle.names(field) == "raw" else v)
        ), field
        counts = {g["values"][field]: g["measures"]["count"] for g in (answers[1].json or {})["groups"]}
        assert counts == Counter(ordered), field
        rows = {row[0]: row[1] for row in csv.reader(io.StringIO(answers[2].data.decode("utf-8-sig"), newline=""))}
        for id, record in kept.items():
            if oracle.sees(record):
                assert (rows[id] != "") == (visible(oracle, record, field) is not None), field


def _number(value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) and value.replace(".", "").isdigit() else value


@everybody
@pytest.mark.parametrize("state", STATES)
def test_edit(house: House, name: str, state: str) -> None:
    client, oracle = who(house, name)
    # One of the person's own team, one of another's, and one more of theirs.
    for n, field in ((n, field) for field in FIELDS if field not in BY_FLOW for n in (3, 4, 6)):
        id, record = add(house, n, state)
        answer = client.patch(f"{ROOT}/records/{id}", json={"values": {field: NEW[field]}})
        after = {**record, field: Decimal(NEW[field]) if field == "amount" else NEW[field]}
        editors = oracle.edits(record, field)
        if not oracle.sees(record):
            wanted = 404
        elif not oracle.knows(field):
            wanted = 422
        else:
            wanted = 200 if any(oracle.scoped(grant, after) for grant in editors) else 403
        assert answer.status_code == wanted, (field, record, answer.text)
        if wanted == 403:
            hidden = [other for other in FIELDS if other != field and oracle.names(other) is None]
            assert not any(other in (answer.json or {})["detail"] for other in hidden), answer.text
            assert (answer.json or {})["errors"][0]["rule"].startswith("app.yaml:"), answer.text


@everybody
def test_create(house: House, name: str) -> None:
    client, oracle = who(house, name)
    for base in ({}, {"team": "x"}, {"team": "x", "amount": "7.00"}, {"team": "y", "amount": "7.00"}):
        for field in FIELDS:
            if field in BY_FLOW:
                continue
            given: dict[str, Any] = {field: NEW[field], **base}
            new = {**dict.fromkeys(FIELDS), **given, "stat": "open"}
            new["amount"] = Decimal(new["amount"]) if new["amount"] is not None else None
            answer = client.post(f"{ROOT}/records", json={"values": given})
            allowed = oracle.creates(new)
            if not any(oracle.names(f) or g.get("create") for g in oracle.grants() for f in FIELDS):
                wanted = 404
            elif not any(grant.get("create") for grant in oracle.grants()):
                wanted = 403
            elif not all(oracle.knows(given_name) for given_name in given):
                wanted = 422
            else:
                wanted = 201 if set(given) <= allowed else 403
            assert answer.status_code == wanted, (given, answer.text)
            if wanted == 201:
                assert (answer.json or {}).get("gone", False) == (not oracle.sees(new))


@everybody
@pytest.mark.parametrize("state", STATES)
def test_transition_and_delete(house: House, name: str, state: str) -> None:
    client, oracle = who(house, name)
    for n in range(4):
        for move in FLOW["transitions"]:
            id, record = add(house, n, state)
            answer = client.post(f"{ROOT}/records/{id}/transitions/{move}", json={})
            mine = bool(set(FLOW["transitions"][move]["by"]) & set(oracle.roles))
            if not oracle.sees(record) or not (mine or oracle.shown(record, "stat") == "raw"):
                wanted = {404}
            else:
                wanted = {200} if move in oracle.moves(record) else {403, 409}
            assert answer.status_code in wanted, (move, record, answer.text)
            if oracle.shown(record, "stat") != "raw" and answer.status_code >= 400:
                assert not any(title in answer.text for title in ("Open", "Held", "Done")), answer.text
        id, record = add(house, n, state)
        answer = client.delete(f"{ROOT}/records/{id}")
        assert answer.status_code == (404 if not oracle.sees(record) else 204 if oracle.deletes(record) else 403)
