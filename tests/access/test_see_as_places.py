"""See-As where many apps are asked at once, and of apps that are not there for who asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.change import Write
from tests.access.house import House, open_house
from tests.access.matrix import TEXT
from tests.access.test_matrix import values
from tests.databases import ON_BOTH
from tests.world import OWNER, SYSTEM

pytestmark = ON_BOTH

OTHER = """
app: payroll
title: Payroll
version: 1.0.0
roles:
  accountant: {title: Accountant}
tables:
  wages:
    title: Wages
    fields: {name: {type: text}}
permissions:
  accountant: {wages: {read: {all: true}}}
"""
PATHS = (
    "",
    "/changes",
    "/tables/wages/records",
    "/tables/wages/records/x",
    "/tables/wages/aggregate",
    "/tables/wages/export.csv",
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, files={"app.yaml": TEXT.encode()}) as house:
        house.fate.begin(1)
        house.user("full", "full", team="x")
        house.fate.begin(2)
        house.runtime.publish({"app.yaml": OTHER.encode()}, OWNER)
        yield house


@pytest.mark.parametrize("role", ["accountant", "nonsense", "full"])
def test_no_app_out_of_sight_tells_that_it_is_there_or_what_roles_it_has(house: House, role: str) -> None:
    client = house.api("full")
    for path in PATHS:
        hidden, none = (client.get(f"/api/v1/apps/{app}{path}", headers={"See-As": role}) for app in ("payroll", "nothing"))
        assert (hidden.status_code, hidden.data) == (none.status_code, none.data), path
        assert hidden.status_code == 404


def test_an_app_without_the_role_is_left_out_of_what_asks_all_apps(house: House) -> None:
    user, app = house.users["full"], house.runtime.program("payroll").app
    house.people.grant(user, app, "accountant")
    client, headers = house.api("full"), {"See-As": "full"}
    cursor = (client.get("/api/v1/changes", headers=headers).json or {})["cursor"]
    house.fate.begin(3)
    house.runtime.write(Write("matrix", "cases", values=values(1, "open")), SYSTEM)
    answer = client.get(f"/api/v1/changes?since={cursor}", headers=headers)
    assert answer.status_code == 200
    assert [change["app"] for change in (answer.json or {})["changes"]] == ["matrix"]
    assert [app["name"] for app in (client.get("/api/v1/apps", headers=headers).json or {})["apps"]] == ["matrix"]
    assert client.get("/api/v1/inbox", headers=headers).status_code == 200
    assert client.get("/api/v1/apps/payroll", headers=headers).status_code == 400
