"""See-as shows what both one's own roles and the other role show, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.model.change import Actor, Write
from engine.model.problem import Problem
from tests.access.house import House, open_house
from tests.access.matrix import FIELDS, TEXT, Oracle, mask
from tests.access.test_matrix import ROOT, STATES, add, json_of, values
from tests.databases import ON_BOTH
from tests.world import SYSTEM

pytestmark = ON_BOTH

ROLES = ("full", "part", "eyes", "when", "maker", "blind", "seek")


@pytest.fixture(scope="module")
def house(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(Path(tmp_path_factory.mktemp("see_as")), files={"app.yaml": TEXT.encode()}) as house:
        house.fate.begin(1)
        for role in ROLES:
            house.user(role, role, team="x")
        yield house


@pytest.fixture(scope="module")
def kept(house: House) -> dict[str, dict[str, Any]]:
    return dict(add(house, n, STATES[n // 3 % 3]) for n in range(9))


def least(own: str | None, other: str | None) -> str | None:
    return None if None in (own, other) else "mask" if "mask" in (own, other) else "raw"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ROLES)
def test_what_shows_is_what_both_see(house: House, kept: dict[str, dict[str, Any]], name: str, role: str) -> None:
    client = house.api(name)
    own, other = Oracle((name,), "x"), Oracle((role,), "x")
    headers = {"See-As": role}
    answer = client.get(f"{ROOT}/records?limit=500", headers=headers)
    table = all(any(each.names(field) for field in FIELDS) for each in (own, other))
    assert answer.status_code == (200 if table else 404)
    listed = {r["id"]: r for r in (answer.json or {}).get("records", [])}
    assert set(listed) & set(kept) == {id for id, record in kept.items() if table and own.sees(record) and other.sees(record)}
    for id, found in listed.items():
        record = kept[id]
        assert client.get(f"{ROOT}/records/{id}", headers=headers).json == found
        for field in FIELDS:
            how = least(own.shown(record, field), other.shown(record, field))
            wanted = {"raw": json_of(field, record[field]), "mask": mask(record[field])}.get(how or "")
            assert found["values"].get(field) == wanted, (field, record)
            named = own.names(field) is not None and other.names(field) is not None
            assert (field in found["values"]) == named
        can = {f for f in FIELDS if own.edits(record, f) and other.edits(record, f)}
        assert set(found["can"]["edit"]) == can
    for field in FIELDS if table else ():
        named = own.names(field) is not None and other.names(field) is not None
        assert client.get(f"{ROOT}/aggregate?group={field}", headers=headers).status_code == (200 if named else 400)


def test_who_sees_as_a_role_writes_nothing(house: House) -> None:
    id, _ = add(house, 0, "open")
    client, headers = house.api("full"), {"See-As": "full"}
    before = client.get(f"{ROOT}/records/{id}").json
    for method, path, body in (
        ("POST", f"{ROOT}/records", {"values": {"code": "N"}}),
        ("PATCH", f"{ROOT}/records/{id}", {"values": {"code": "N"}}),
        ("POST", f"{ROOT}/records/{id}/transitions/hold", {}),
        ("DELETE", f"{ROOT}/records/{id}", None),
        ("POST", "/api/v1/inbox/x/read", None),
    ):
        answer = client.open(path, method=method, json=body, headers=headers)
        assert (answer.status_code, (answer.json or {})["code"]) == (403, "seen_as")
    assert client.get(f"{ROOT}/records/{id}").json == before
    who = house.actor("full")
    eyes = Actor(who.kind, who.user_id, who.name, who.roles, who.facts, "test", seen_as="full")
    with pytest.raises(Problem):
        house.runtime.write(Write("matrix", "cases", id, {"code": "N"}), eyes)


def test_nobody_finds_by_full_number_with_other_eyes(house: House) -> None:
    house.runtime.write(Write("matrix", "cases", values=values(77, "open")), SYSTEM)
    asked = {"where": "phone == '13800000077'"}
    client = house.api("eyes")
    assert len((client.get(f"{ROOT}/records", query_string=asked).json or {})["records"]) == 1
    assert (client.get(f"{ROOT}/records", query_string=asked, headers={"See-As": "eyes"}).json or {})["records"] == []


@pytest.mark.parametrize("role", ["nonsense", "outside", ""])
def test_only_a_role_of_the_app_can_be_seen_as(house: House, role: str) -> None:
    assert house.api("full").get(f"{ROOT}/records", headers={"See-As": role}).status_code == 400
