"""The OpenAPI document describes what comes, of every kind of field, and can be made into a client."""

from __future__ import annotations

from pathlib import Path

from jsonschema import Draft202012Validator

from builder_ui.web import make_web
from engine.market.market import Market
from tests.every_kind import FILES, VALUES
from tests.unit.builder_ui.web_house import Settings, WebHouse
from tests.world import TEMPLATE, actor, make_world


def test_a_record_with_every_kind_is_as_described(tmp_path: Path) -> None:
    world = make_world(tmp_path, FILES)
    market = Market(TEMPLATE.parent, world.runtime, world.people)
    house = WebHouse(world, world.people, make_web(world.runtime, world.people, market, Settings()))
    house.person("小林", "clerk")
    world.create("parcels", actor("clerk", name="小林"), **{name: typed for name, (typed, _) in VALUES.items()})
    browser = house.signed_in("小林")
    document = browser.get("/openapi.json").json
    assert document is not None
    address = "/api/v1/apps/kinds/tables/parcels/records"
    schema = document["paths"][address]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator({"components": document["components"], "allOf": [schema]})
    assert [error.message for error in validator.iter_errors(browser.get(address).json)] == []
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names)) > 20
