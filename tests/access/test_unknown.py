"""What may not be seen answers like what does not exist: status, body and headers, on every route of the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.access.house import House, open_house
from tests.access.test_two_worlds import Answer, ask
from tests.databases import ON_BOTH
from tests.world import SYSTEM

pytestmark = ON_BOTH

APP = "order_tracking"
BODIES: dict[str, tuple[Any, ...]] = {
    "GET": (None,),
    "DELETE": (None,),
    "PATCH": ({"values": {"name": "x"}}, {"values": {}}, {}),
    "POST": ({"values": {"name": "x"}}, {}, [{"values": {"kind": "stuck"}}]),
}


@pytest.fixture(scope="module")
def house(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(Path(tmp_path_factory.mktemp("unknown"))) as house:
        house.fate.begin(1)
        house.user("pick", "picker")
        house.user("nobody")
        house.user("out", "partner", warehouse="fs")
        house.user("ann", "clerk", store="s1")
        yield house


def routes(house: House) -> list[tuple[str, str]]:
    """(method, rule) of everything in an app."""
    return sorted(
        (method, rule.rule)
        for rule in house.web.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/apps/<app>")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def alike(house: House, who: str, rule: str, method: str, hidden: dict[str, str], unknown: dict[str, str]) -> None:
    client = house.api(who)
    for body in BODIES[method]:
        first, second = (ask(client, method, filled(rule, names), body) for names in (hidden, unknown))
        assert first[0] in (207, 404, 422, 400), (rule, first)
        for name, other in zip(hidden.values(), unknown.values(), strict=True):
            second = replaced(second, other, name)
        assert first == second, (method, rule, body)


def filled(rule: str, names: dict[str, str]) -> str:
    for part, value in {"app": APP, "table": "orders", "id": "nothing", "name": "approve", "board": "desk", **names}.items():
        rule = rule.replace(f"<{part}>", value)
    return rule


def replaced(answer: Answer, old: str, new: str) -> Answer:
    headers = tuple((name, value.replace(old, new)) for name, value in answer[2])
    return answer[0], answer[1].replace(old.encode(), new.encode()), headers


@pytest.mark.parametrize("who", ["nobody", "out"])
def test_an_app_in_which_one_sees_nothing(house: House, who: str) -> None:
    """`partner` is a portal role: it opens nothing here."""
    for method, rule in routes(house):
        alike(house, who, rule, method, {"app": APP}, {"app": "other_trackin_"})


def test_a_table_out_of_sight(house: House) -> None:
    order = house.runtime.write(house.new("orders", {"channel": "pos", "store": "s2", "remark": "x"}), SYSTEM).id
    ticket = house.runtime.write(house.new("tickets", {"order": order, "kind": "stuck"}), SYSTEM).id
    for method, rule in routes(house):
        if "<table>" in rule:
            for id in (ticket, "nothing"):
                alike(house, "pick", rule, method, {"table": "tickets", "id": id}, {"table": "nonsens", "id": id})


def test_a_record_out_of_sight(house: House) -> None:
    other = house.runtime.write(house.new("orders", {"channel": "pos", "store": "s2", "remark": "x"}), SYSTEM).id
    for method, rule in routes(house):
        if "<id>" in rule:
            alike(house, "ann", rule, method, {"id": other}, {"id": other[:-1] + "Z"})


def test_a_field_out_of_sight(house: House) -> None:
    """In values too: a hidden field is not told from one that is not there."""
    client = house.api("ann")
    mine = house.runtime.write(house.new("orders", {"channel": "pos", "store": "s1", "remark": "x"}), SYSTEM).id
    root = f"/api/v1/apps/{APP}/tables/orders"
    for method, path in (("PATCH", f"{root}/records/{mine}"), ("POST", f"{root}/records")):
        first, second = (ask(client, method, path, {"values": {name: "1"}}) for name in ("cost", "cosy"))
        assert first[0] == 422
        assert first == replaced(second, "cosy", "cost")
    for path in (
        "aggregate?group={}",
        "aggregate?measures=sum({})",
        "facets?fields={}",
        "export.csv?fields={}",
        "records?sort={}",
    ):
        first, second = (ask(client, "GET", f"{root}/{path.format(name)}") for name in ("cost", "cosy"))
        assert first[0] == 400
        assert first == replaced(second, "cosy", "cost")
