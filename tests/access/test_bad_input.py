"""Whatever is sent to the whole house, the answer is never 5xx and never a stack trace, and refusals are problem documents."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.access.house import House, open_house
from tests.access.paths import API

STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    10**40,
    "",
    " ",
    "x" * 5_000,
    "-0",
    "1e999",
    "NaN",
    "0x10",
    "１２３",
    "9" * 59,
    "2026-02-30",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "\u202e\u200b",
    "'; DROP TABLE orders; --",
    [],
    {},
    [1],
    {"id": 1},
    [[[[[]]]]],
)
EXPRESSIONS = (
    "9**9**9",
    "'a' * 1000000000",
    "__import__('os')",
    "().__class__",
    "status = 'x'",
    "status == 'x' or True",
    "not" * 200 + " True",
    "(" * 300 + "1" + ")" * 300,
    "amount > " + "9" * 100,
    "amount / 0 > 1",
    "amount > 1 and" * 150,
    "аmount > 1",
    "[x for x in items]",
    "lambda: 1",
    "f'{amount}'",
    "amount if",
    "\n\n",
    "count(orders, count(orders, count(orders, True) > 0) > 0) > 0",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("bad")
    with open_house(folder) as house:
        house.user("ann", "clerk", "buyer", "picker", "finance", store="s1")
        yield house


def test_no_value_of_any_field_breaks_a_write(house: House) -> None:
    client, wrong = house.api("ann"), []
    house.fate.live = True
    made = client.post(f"{API}/tables/orders/records", json={"values": {"channel": "pos", "store": "s1"}})
    assert made.status_code == 201
    record = f"{API}/tables/orders/records/{_id(made)}"
    for table, definition in house.app.tables.items():
        for name in [*definition.fields, "id", "version", "items", "nonsense"]:
            for value in STRANGE:
                for method, path in (("POST", f"{API}/tables/{table}/records"), ("PATCH", record)):
                    answer = client.open(path, method=method, json={"values": {name: value}})
                    if answer.status_code >= 500 or (
                        answer.status_code >= 400 and not (answer.mimetype or "").endswith("problem+json")
                    ):
                        wrong.append(f"{method} {table}.{name} = {str(value)[:40]}: {answer.text[:200]}")
    assert wrong == []


def test_no_children_break_a_write(house: House) -> None:
    client = house.api("ann")
    bad: tuple[list[dict[str, Any]], ...] = (
        [{}],
        [{"order": "x"}],
        [{"product": None, "quantity": 1, "price": 1}],
        [{"items": []}],
        [{}] * 501,
    )
    for rows in bad:
        body = {"values": {"channel": "pos", "store": "s1"}, "children": {"items": rows, "nonsense": []}}
        assert client.post(f"{API}/tables/orders/records", json=body).status_code in (403, 422)


def test_no_question_breaks_a_read(house: House) -> None:
    client, wrong = house.api("ann"), []
    chance = random.Random(3)
    letters = "amount>1 '\"()[]{}=!.,_0123456789andornotifelse中\\%"
    noise = ["".join(chance.choice(letters) for _ in range(chance.randrange(1, 40))) for _ in range(150)]
    for name in ("where", "sort", "fields", "search", "cursor", "limit", "count"):
        for value in (*EXPRESSIONS, *noise, *(json.dumps(v) for v in STRANGE)):
            answer = client.get(f"{API}/tables/orders/records", query_string={name: value})
            if answer.status_code >= 500:
                wrong.append(f"{name}={value[:60]}: {answer.text[:200]}")
    assert wrong == []


@pytest.mark.parametrize("header", ['"999999999999999999"', '"0"', '""', "3", '"3", "4"', "W/", "*"])
def test_no_if_match_breaks_a_change(house: House, header: str) -> None:
    client = house.api("ann")
    made = _id(client.post(f"{API}/tables/orders/records", json={"values": {"channel": "pos", "store": "s1"}}))
    path = f"{API}/tables/orders/records/{made}"
    answer = client.patch(path, json={"values": {"remark": "x"}}, headers={"If-Match": header})
    assert answer.status_code in (200, 400, 412)


def _id(answer: TestResponse) -> str:
    found: str = json.loads(answer.data)["id"]
    return found
